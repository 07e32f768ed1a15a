"""Entities made of others, and packs of entities."""

from dataclasses import replace

import pytest

from monitors.language.problems import Problem
from monitors.rules import document
from monitors.rules.checking import check
from monitors.rules.document import read_rulebook
from monitors.rules.editing.feeds import add_feed
from monitors.rules.entities import MAX_PACKS
from monitors.rules.rulebook import Rulebook
from monitors.terms.entity import Entity

RULES = "rules: [{{match: '{}'}}]\n"


class ShippedCountries:
    hint = "Write a code."

    def __init__(self):
        self.asked = []

    def __contains__(self, member):
        return member in {"kr", "gb", "xk"}

    def meant(self, member):
        return "gb" if member == "uk" else None

    def entities(self, members):
        self.asked.append(tuple(members))
        return {code: Entity(name=code, names=(f"Land {code}",)) for code in members}


class SomePacks:
    """A pack that comes with Newsbell, and *files* by the names of packs."""

    def __init__(self, **files):
        self.files = files
        self.read = []
        self.countries = ShippedCountries()

    def shipped(self, name):
        return self.countries if name == "country" else None

    def own(self, name):
        self.read.append(name)
        return self.files.get(name)

    def known(self):
        return ("country", *self.files)


def book(text, **files) -> Rulebook:
    read = read_rulebook(text, packs=SomePacks(**files))
    assert isinstance(read, Rulebook), [str(problem) for problem in read]
    return read


def told(text, **files) -> list[str]:
    read = read_rulebook(text, packs=SomePacks(**files))
    assert not isinstance(read, Rulebook)
    return [problem.told("rules.yaml") for problem in read]


def entities(text, **files) -> dict[str, Entity]:
    return {entity.name: entity for entity in book(text, **files).entities}


def test_an_entity_can_be_made_of_others_and_need_company():
    found = entities(
        """
entities:
  kr: [Seoul]
  allies:
    names: [Five Eyes, "@kr", '@"two words"', "@country.gb"]
    near: [treaty, "@kr"]
    within: 3
  two words: {names: x, near: y}
"""
    )

    assert found == {
        "kr": Entity(name="kr", names=("Seoul",)),
        "allies": Entity(
            name="allies",
            names=("Five Eyes",),
            parts=("kr", "two words", "country.gb"),
            company=("treaty", "@kr"),
            within=3,
        ),
        "two words": Entity(name="two words", names=("x",), company=("y",), within=10),
        "country.gb": Entity(name="country.gb", names=("Land gb",)),
    }


@pytest.mark.parametrize(
    ("entities", "expected"),
    [
        ('a: ["@b"]', "1:16: there is no entity @b. Write its names under entities:."),
        ('alpha: ["@alpa"]', "1:20: there is no entity @alpa. Did you mean @alpha?"),
        ('a: {names: x, near: "@b"}', "1:32: there is no entity @b. Write"),
        ('a: ["@a"]', "1:16: @a stands in itself: @a > @a. Delete one of these references."),
        ('a: ["@b"], b: ["@a"]', "1:27: @a stands in itself: @a > @b > @a."),
        ('a: {names: x, near: ["@b"]}, b: ["@a"]', "1:45: @a stands in itself: @a > @b > @a."),
        ('a: ["@"]', "1:16: there is no letter or digit in @."),
        ('a: {exact: ["@b"]}', "1:24: the entity @b cannot stand here. Write its names out"),
        ('a: {names: x, except: ["@b"]}', "1:35: the entity @b cannot stand here."),
        ("a: {names: x, within: 3}", "1:12: within: says nothing without near:. Write near:"),
        ("a: {names: x, near: y, within: 101}", "1:43: 101 is no whole number from 0 to 100."),
        ("a: {names: x, near: y, within: -1}", "1:43: -1 is no whole number from 0 to 100."),
        ("a: {names: x, near: y, within: true}", "1:43: true is no whole number"),
        ("a.b: [x]", "1:12: a.b cannot be the name of an entity. Write - instead of the dot"),
        ("a: [@b]", '1:16: a value cannot begin with @. Put it in quotation marks: "@b".'),
        (
            "a: {near: @b.c }",
            '1:22: a value cannot begin with @. Put it in quotation marks: "@b.c"',
        ),
    ],
)
def test_mistakes_in_entities_of_entities_are_told(entities, expected):
    found = told(f"entities: {{{entities}}}")

    assert [each.removeprefix("rules.yaml:")[: len(expected)] for each in found] == [expected]


def chain_of(length):
    links = [f'  e{n}: ["@e{n + 1}"]' for n in range(1, length)]
    return "entities:\n" + "\n".join([*links, f"  e{length}: [x]"])


def test_sixteen_entities_may_stand_in_one_another():
    assert len(entities(chain_of(16))) == 16
    assert told(chain_of(17)) == [
        (
            "rules.yaml:17:9: more than 16 entities stand in one another here."
            " Write some of the names out."
        )
    ]


def test_an_entity_in_two_others_is_no_circle():
    assert entities('entities: {a: ["@c", "@b"], b: ["@c"], c: [x]}')


def test_a_large_entity_in_many_is_bounded():
    hub = ", ".join(f"n{number}" for number in range(2_000))
    many = "\n".join(f'  e{number}: ["@hub"]' for number in range(1_100))

    (problem,) = told(f"entities:\n  hub: [{hub}]\n{many}")

    assert "have more than 2,000,000 names up to here" in problem


def test_countries_in_many_entities_are_bounded():
    many = "\n".join(f'  e{number}: ["@country.kr"]' for number in range(7_000))

    (problem,) = told(f"entities:\n{many}")

    assert problem.startswith(
        "rules.yaml:6646:3: with the names of those in them, the entities have"
    )


def test_a_rule_may_name_the_entity_of_a_pack():
    found = entities(
        RULES.format("@company.samsung NOT @country.kr"),
        company="""
samsung: ["@ceo", Samsung]
ceo: {names: Lee, near: ["@samsungs", "@country.xk"]}
samsungs: [x]
hyundai: [y]
""",
    )

    assert sorted(found) == [
        "company.ceo",
        "company.samsung",
        "company.samsungs",
        "country.kr",
        "country.xk",
    ]
    assert found["company.samsung"].parts == ("company.ceo",)
    assert found["company.ceo"].company == ("@company.samsungs", "@country.xk")
    assert found["country.kr"] == Entity(name="country.kr", names=("Land kr",))


def test_only_packs_that_are_named_are_read():
    source = SomePacks(company="a: [x]", other="] broken")

    assert isinstance(read_rulebook(RULES.format("@company.a"), packs=source), Rulebook)
    assert source.read == ["company"]
    assert source.countries.asked == []


def test_an_entity_that_no_rule_names_is_there_if_it_is_needed():
    source = SomePacks(company="a: [x]\nb: [y]")
    read = read_rulebook(
        RULES.format("x"), packs=source, needs=["company.a", "country.gb", "country.zz", "no"]
    )

    assert isinstance(read, Rulebook)
    assert [one.name for one in read.entities] == ["company.a", "country.gb"]


def test_countries_are_asked_for_all_at_once():
    source = SomePacks()

    read_rulebook(
        "rules: [{match: '@country.kr @country.gb'}, {match: '@country.kr'}]", packs=source
    )

    assert source.countries.asked == [("kr", "gb")]


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        ("@country.uk", "1:18: there is no entity @country.uk. Did you mean @country.gb?"),
        ("@country.zz", "1:18: there is no entity @country.zz. Write a code."),
        ("x @countri.kr", "1:20: there is no pack countri. Did you mean @country.kr?"),
        ("@ships.a", "1:18: there is no pack ships. Write its entities into packs/ships.yaml"),
        ("@company.samsun", "1:18: there is no entity @company.samsun. Did you mean @company.sam"),
        ("@company.zzz", "1:18: there is no entity @company.zzz. Write its names into packs/com"),
        ('@"a/b.c"', "1:18: a/b cannot be the name of a pack. Write letters, digits and -"),
        ('@"...x"', "1:18:  cannot be the name of a pack."),
    ],
)
def test_an_unknown_pack_or_member_is_told_with_the_nearest(match, expected):
    found = told(RULES.format(match), company="samsung: [Samsung]")

    assert [each.removeprefix("rules.yaml:")[: len(expected)] for each in found] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: [x]\nb: []", "2:1: this entity has no name to look for. Write names: [one, another]."),
        ('a: [x, "@z"]', "1:8: there is no entity @company.z. Write its names into packs/company"),
        ('a: ["@country.uk"]', "1:5: there is no entity @country.uk. Did you mean @country.gb?"),
        ('a: ["@a"]', "1:5: @company.a stands in itself: @company.a > @company.a."),
        ("a: [x", "1:4: the bracket [ is never closed."),
        ("a: [x]\na: [y]", "2:1: a stands here twice, first in line 1."),
        ("- a", "1:1: names of entities belong here."),
        ("", "1:1: the file is empty."),
        ("a.b: [x]\na: [x]", "1:1: a.b cannot be the name of an entity."),
        (Problem(message="it is a directory, not a file"), "1:1: it is a directory, not a file"),
    ],
)
def test_what_is_wrong_with_a_pack_is_told_in_its_file(text, expected):
    found = told(RULES.format("@company.a"), company=text)

    expected = f"packs/company.yaml:{expected}"
    assert [each[: len(expected)] for each in found] == [expected]


def test_the_place_of_a_pack_is_beside_the_rules():
    problem = Problem(message="x", line=3, column=5, file="packs/company.yaml")

    assert problem.told("/config/rules.yaml") == "/config/packs/company.yaml:3:5: x"
    assert problem.told("rules.yaml") == "packs/company.yaml:3:5: x"
    assert replace(problem, file=None).told("/config/rules.yaml") == "/config/rules.yaml:3:5: x"


def test_a_file_cannot_take_the_place_of_a_pack_that_comes_with_newsbell():
    (problem,) = told(RULES.format("@country.kr"), country="kr: [x]")

    assert problem == (
        "packs/country.yaml:1:1: the pack country comes with Newsbell, and this file has its name. "
        "Give the file another name."
    )


def test_packs_may_use_each_other_and_circles_through_them_are_told():
    assert told(RULES.format("@one.a"), one='a: ["@two.a"]', two='a: ["@one.a"]') == [
        (
            "packs/two.yaml:1:5: @one.a stands in itself: @one.a > @two.a > @one.a."
            " Delete one of these references."
        )
    ]


def test_the_number_of_packs_and_names_is_bounded():
    files = {f"p{number}": "a: [x]" for number in range(MAX_PACKS + 1)}
    match = " ".join(f"@{name}.a" for name in files)
    names = ", ".join("x" for _ in range(60_000))

    assert "more than 50 packs are used" in told(RULES.format(match), **files)[0]
    assert "more than 100,000 names" in "".join(
        told(RULES.format("@one.a @two.a"), one=f"a: [{names}]", two=f"a: [{names}]")
    )


def test_the_digest_covers_the_packs_in_use():
    text = RULES.format("@one.a")
    digests = {
        book(text, one="a: [x]").digest,
        book(text, one="a: [x]", two="a: [x]").digest,
        book(text, one="a: [y]").digest,
        book(text, one="a: [y]\n# more").digest,
    }

    assert len(digests) == 3


def test_examples_and_advice_know_packs():
    text = """entities:
  kr: [Seoul, "@part"]
  part: ["@country.xk"]
  un: [x, IT, "@kr", ACT]
rules:
  - match: "@company.a @kr"
    examples: {match: [Samsung in Seoul]}
"""
    source = SomePacks(company="a: [Samsung]\nb: [IT]")

    assert [str(each) for each in check(text, packs=source)] == [
        "4:3: advice: no rule looks for @un. Write it in a condition, or delete it.",
        "4:11: advice: this also finds the word it. Move it to exact:.",
        "4:22: advice: this also finds the word act. Move it to exact:.",
    ]


def test_a_feed_is_added_to_rules_that_use_packs():
    text = RULES.format("@company.a")
    source = SomePacks(company="a: [x]")

    assert add_feed(text, "https://example.org/a", packs=source) == (
        f"{text}feeds:\n  - https://example.org/a\n"
    )


def test_a_broken_pack_is_told_when_a_feed_is_added():
    problem = add_feed(
        RULES.format("@company.a"), "https://example.org/a", packs=SomePacks(company="] ")
    )

    assert problem.told("rules.yaml").startswith("packs/company.yaml:1:1: ")


def test_a_condition_of_many_unknown_entities_is_looked_through_once():
    match = " ".join(f"@e{number}" for number in range(999))
    many = "".join(f'  - match: "{match}"\n    name: n{number}\n' for number in range(20))

    assert len(document.read(f"rules:\n{many}").problems) == 999 * 20
