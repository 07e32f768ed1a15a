import json
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.grouping.guards import Effect, Guard, guard
from monitors.grouping.sketch import draft_of
from monitors.stories.article import Article

TRAPS = Path(__file__).parents[2] / "data" / "stories" / "traps.jsonl"
HOUR = 3600


def told(title, summary="", *, hours=0, outlet="Wire", lang=None):
    at = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hours)
    article = Article(
        identity=title,
        url=None,
        link=None,
        outlet=outlet,
        title=title,
        summary=summary,
        lang=lang,
        published_at=at,
        seen_at=at,
    )
    return draft_of(article).sketch


def between(old, new, **of_new):
    """Answer the guard between two titles of one outlet."""
    return guard(told(new, **of_new), [told(old)])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Magnitude 5.1 quake strikes off Castelmar", "Magnitude 4.7 quake strikes off Castelmar"),
        ("Magnitude 5.1 quake strikes off Castelmar", "Magnitude 5.1 quake strikes off Sorrania"),
        ("Rovers beat Albion 2-1 in cup", "Rovers beat Harriers 2-1 in cup"),
        (
            "CVE-2026-4410: code execution in Mailgrove",
            "CVE-2026-4411: code execution in Mailgrove",
        ),
        (
            "Polizei sucht Zeugen nach Unfall in Lindau",
            "Polizei sucht Zeugen nach Unfall in Ostheim",
        ),
        ("Grünhof ruft Tiefkühlspinat zurück", "Sonnenau ruft Erdnussbutter zurück"),
        ("Banco central da Lusônia mantém juros", "Banco central da Marávia mantém juros"),
        ("Сильное землетрясение у берегов Дельты", "Сильное землетрясение у берегов Тальмы"),
    ],
)
def test_another_name_or_number_in_the_template_of_an_outlet_is_another_story(old, new):
    assert between(old, new) is Guard.TEMPLATE
    assert Guard.TEMPLATE.effect is Effect.NOTHING


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Sunny Grove recalls peanut butter", "Green Field recalls frozen spinach"),
        ("Sunny Grove recalls peanut butter", "Sunny Grove recalls baby formula"),
        ("Court rejects appeal by Varga", "Court to hear second appeal by Varga"),
        ("Heat advisory in effect for Harlow", "Flood watch issued for Harlow"),
        ("绿野公司召回冷冻菠菜", "阳果公司召回花生酱"),
        ("青葉市で大雨の警報", "白浜町で強風の警報"),
        ("새별시에 호우 경보 발령", "은하군에 강풍 경보 발령"),
        ("الشرطة تبحث عن شهود في كاستلمار", "الشرطة تبحث عن شهود في سورانيا"),
        ("Albion beat Rovers", "Rovers beat Albion"),
    ],
)
def test_what_an_outlet_tells_anew_in_an_old_form_is_a_reply_at_most(old, new):
    assert between(old, new) is Guard.NEXT
    assert Guard.NEXT.effect is Effect.RELATED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Ferry strike halts crossings", "Ferry strike halts all crossings"),
        ("Brandt resigns as mayor of Lindau", "Lindau mayor Brandt resigned, says council"),
        ("Bridge in Ostmere collapses", "Ostmere bridge collapsed"),
        ("В Заречинске рухнул мост", "Мост рухнул в Заречинске"),
        ("한빛 공장에서 큰불", "한빛 공장이 큰불로"),
        ("زلزال يضرب كاستلمار", "الزلزال يضرب كاستلمار"),
    ],
)
def test_the_same_words_in_other_forms_are_no_other_story(old, new):
    assert guard(told(new, outlet="Other"), [told(old)]) is None


def test_a_title_that_the_other_report_covers_says_nothing_new():
    first = told("Sunny Grove recalls peanut butter", "Baby formula is safe, said Sunny Grove.")
    assert guard(told("Sunny Grove recalls baby formula"), [first]) is None


@pytest.mark.parametrize(
    "title",
    [
        "Strong 6.4 quake shakes Castelmar",
        "Castelmar quake: toll rises to 14",
        "Erdbeben der Stärke 6,4 trifft Castelmar",
    ],
)
def test_other_outlets_and_other_numbers_join_as_long_as_a_name_is_shared(title):
    assert guard(told(title, outlet="Other"), [told("Magnitude 6.3 quake hits Castelmar")]) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Quake of magnitude 5.1 strikes Castelmar", "A 6.3 quake strikes Sorrania"),
        ("Quake of magnitude 5.1 strikes Castelmar", "A 5.1 quake strikes Sorrania"),
        (
            "A quarterly revenue record for Brightwell",
            "Quarterly revenue of Calder beats forecasts",
        ),
        ("智利发生5.1级地震", "苏门答腊附近6.3级地震"),
        ("Erdbeben der Stärke 5,1 erschüttert Castelmar", "Erdbeben der Stärke 6,3 vor Sorrania"),
    ],
)
def test_two_outlets_that_fill_one_template_with_other_names_are_related_at_most(old, new):
    first, second = told(old), told(new, outlet="Other")
    assert guard(second, [first]) is Guard.OTHER_NAMES


def test_two_outlets_share_both_sides_of_a_match():
    match = told("Rovers beat Harriers 2-1")
    same = told("Late Oduya goal: Harriers lose 2-1 to Rovers", outlet="Other")
    other = told("Albion lose 2-1 to Rovers", outlet="Other")
    assert guard(same, [match]) is None
    assert guard(other, [match]) is Guard.OTHER_NAMES


def test_where_all_words_have_capitals_common_ones_make_no_name():
    first = told("Strong Quake Strikes Castelmar Coast")
    assert guard(told("Quake Shakes Sorrania", outlet="B"), [first])
    assert guard(told("Quake Shakes Castelmar", outlet="B"), [first]) is None


def test_what_many_outlets_tell_goes_on():
    first = told("Court rejects appeal by Varga")
    others = [told("Varga loses appeal in court", outlet=f"Outlet {n}") for n in range(8)]
    new = told("Court to hear second appeal by Varga")
    assert guard(new, [first, *others[:2]]) is Guard.NEXT
    assert guard(new, [first, *others]) is None


def test_what_another_outlet_told_of_the_story_is_not_new():
    first = told("Court rejects appeal by Varga")
    other = told("Judges may hear second appeal of Varga", outlet="Other")
    assert guard(told("Court to hear second appeal by Varga"), [first, other]) is None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Part 14 tells why bees leave", "Part 15 tells of a bridge", Guard.SERIES),
        ("Part 14 tells why bees leave", "Part 14 tells why the bees leave", None),
    ],
)
def test_a_title_with_other_digits_is_a_series_unless_the_summaries_agree(old, new, expected):
    first = told("Tales of the river, part 14", old)
    assert guard(told("Tales of the river, part 15", new), [first]) is expected


def test_a_form_that_is_filled_in_is_known_by_its_summary():
    summary = "{} passed away peacefully on Sunday, surrounded by family. The funeral is {}."
    first = told("Margaret Oduya, 87, of Ostmere", summary.format("Margaret", "on Friday"))
    second = told("Ilse Penwick, 91, of Ostmere", summary.format("Ilse", "in private"))
    assert guard(second, [first]) is Guard.NEXT


@pytest.mark.parametrize(("hours", "expected"), [(2, None), (24, Guard.SERIES)])
def test_without_summaries_the_same_title_on_another_day_is_a_series(hours, expected):
    new = told("The view from the harbour on Tuesday", hours=hours)
    assert guard(new, [told("The view from the harbour on Monday")]) is expected


def test_a_round_up_neither_joins_nor_is_joined():
    briefing = told("Morning briefing: ferry strike", outlet="Other")
    report = told("Ferry strike halts crossings")
    assert guard(briefing, [report]) is guard(report, [briefing]) is Guard.ROUND_UP
    assert Guard.ROUND_UP.effect is Effect.NOTHING


def test_a_live_blog_joins_but_hides_no_report():
    live = told("Live: Brandt resigns", outlet="Live Desk")
    report, other = told("Brandt resigns as mayor"), told("Brandt quits as mayor", outlet="Other")
    assert guard(live, [report]) is None
    assert guard(report, [live]) is Guard.LIVE
    assert guard(other, [live, report]) is None
    assert guard(told("Live: Brandt resigns", outlet="Other"), [live]) is None


def test_an_opinion_neither_joins_nor_hides_a_report():
    opinion = told("Opinion: What the ferry strike shows", outlet="Other")
    report = told("Ferry strike halts crossings")
    assert guard(opinion, [report]) is guard(report, [opinion]) is Guard.OPINION
    assert guard(told("Ferry strike goes on", outlet="Third"), [report, opinion]) is None


@pytest.mark.parametrize(("hours", "expected"), [(3, None), (24, Guard.DAILY)])
def test_reports_of_another_day_of_the_markets_are_related_at_most(hours, expected):
    monday = told("Stocks end higher as banks gain")
    assert guard(told("Stocks end lower", outlet="B", hours=hours), [monday]) is expected


def trap_rows():
    return [json.loads(line) for line in TRAPS.read_text(encoding="utf-8").splitlines()]


def trap(row):
    at = datetime.fromisoformat(row["published"]) - datetime(2026, 3, 2, tzinfo=UTC)
    return told(
        row["title"],
        row["summary"],
        outlet=row["outlet"],
        hours=at / timedelta(hours=1),
        lang=row["lang"],
    )


def alike(one, other):
    """Answer how alike two titles are: the share of the longer's words that both have."""
    one, other = (set(row["title"].casefold().split()) for row in (one, other))
    return len(one & other) / max(len(one), len(other))


def test_of_alike_titles_in_the_trap_set_only_one_story_joins():
    """No guard may speak where the stories agree, and one must where they do not."""
    wrong, pairs = [], {True: 0, False: 0}
    known = [(row, trap(row)) for row in trap_rows()]
    for (old, first), (new, second) in combinations(known, 2):
        same = old["story"] == new["story"]
        if old["url"] == new["url"] or old["trap"] == "pos-live":
            continue
        if same or alike(old, new) >= 0.5:
            pairs[same] += 1
            found = guard(second, [first])
            wrong += [(old["title"], new["title"], found)] if same == bool(found) else []
    assert wrong == []
    assert min(pairs.values()) > 30


def test_a_headline_stays_small_however_long_the_article_is():
    long = told("many words " * 100_000, " ".join(map(str, range(200_000))))
    assert len(long.title) + len(long.summary) <= 400


def test_of_a_story_of_very_many_articles_some_are_looked_at():
    first = told("Magnitude 5.1 quake strikes off Castelmar")
    many = [told(f"Report {n} of it", outlet=f"Outlet {n}") for n in range(1_000)]
    new = told("Magnitude 4.7 quake strikes off Castelmar")
    assert guard(new, [first, *many]) is Guard.TEMPLATE


@given(st.text(), st.text(), st.text(), st.text())
def test_any_text_gets_an_answer_and_the_same_one_again(title, summary, other_title, other_summary):
    one, other = told(title, summary), told(other_title, other_summary)
    assert guard(one, [other]) is guard(told(title, summary), [told(other_title, other_summary)])


@given(st.text(), st.text())
def test_a_wire_copy_joins(title, summary):
    copy = guard(told(title, summary, outlet="Other"), [told(title, summary)])
    assert copy in (None, Guard.ROUND_UP)
