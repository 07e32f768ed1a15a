"""Countries by the names that newspapers give them, in many languages."""

import tomllib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

import monitors.adapters.packs
from monitors.adapters.packs.cldr import read_names
from monitors.adapters.packs.countries import Countries
from monitors.language.grammar import parse
from monitors.rules.document import read_rulebook
from monitors.rules.matcher import Matcher
from monitors.rules.rulebook import Rulebook
from monitors.stories.article import Article
from monitors.stories.words import key

TABLE = Path(monitors.adapters.packs.__file__).with_name("countries.toml")
TIME = datetime(2026, 1, 1, tzinfo=UTC)
COUNTRIES = Countries()


class Packs:
    def shipped(self, name):
        return COUNTRIES if name == "country" else None

    def own(self, _):
        return None

    def known(self):
        return ("country",)


@cache
def countries():
    return COUNTRIES.entities([code for code in read_names()["en"] if code in COUNTRIES])


def entity(code):
    return countries()[code]


def found(text, code):
    book = Rulebook(digest="", entities=(entity(code),))
    article = Article(
        identity="", url=None, link=None, outlet="", title="", text=text,
        published_at=TIME, seen_at=TIME,
    )  # fmt: skip
    return Matcher(book).explain(parse(f"@{code}"), article).holds


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        # English
        ("Seoul: South Korea joins the talks", "kr", True),
        ("The Republic of Korea joins the talks", "kr", True),
        ("The Democratic People's Republic of Korea joins", "kr", False),
        ("The Democratic People's Republic of Korea joins", "kp", True),
        ("North Korea's missiles", "kp", True),
        ("North Korea's missiles", "kr", False),
        ("S. Korea, N. Korea hold talks", "kr", True),
        ("S. Korea, N. Korea hold talks", "kp", True),
        ("N. Korea fires a missile", "kr", False),
        ("S.Korea's president", "kr", True),
        ("Kim's Korea", "kr", False),
        ("The ROK navy", "kr", True),
        ("a rok in the desert", "kr", False),
        ("Talks in the US", "us", True),
        ("They told us it is over", "us", False),
        ("U.S. and China talk", "us", True),
        ("The U.S. Virgin Islands vote", "us", False),
        ("The US Virgin Islands vote", "us", False),
        ("The US Virgin Islands vote", "vi", True),
        ("Great Britain leaves", "gb", True),
        ("A U.K. minister", "gb", True),
        ("Turkey votes", "tr", True),
        ("Türkiye votes", "tr", True),
        ("Roast turkey for dinner", "tr", False),
        ("A team in New Jersey", "je", False),
        ("The States of Jersey", "je", True),
        ("Fires in New Mexico", "mx", False),
        ("From New Mexico to Mexico", "mx", True),
        ("South Sudan votes", "sd", False),
        ("South Sudan votes", "ss", True),
        ("Sudan and South Sudan vote", "sd", True),
        ("The Democratic Republic of the Congo", "cd", True),
        ("The Democratic Republic of the Congo", "cg", False),
        ("The Republic of the Congo", "cg", True),
        ("The Republic of the Congo", "cd", False),
        ("DRC forces", "cd", True),
        ("A coup in Guinea-Bissau", "gn", False),
        ("A coup in Guinea-Bissau", "gw", True),
        ("Papua New Guinea and Equatorial Guinea", "gn", False),
        ("Piracy in the Gulf of Guinea", "gn", False),
        ("A guinea pig", "gn", False),
        ("Guinea and Guinea-Bissau", "gn", True),
        ("Nigeria votes", "ne", False),
        ("Dominica and the Dominican Republic", "dm", True),
        ("The Dominican Republic", "dm", False),
        ("Northern Ireland votes", "ie", False),
        ("Ireland votes", "ie", True),
        ("American Samoa votes", "ws", False),
        ("Michael Jordan plays", "jo", False),
        ("The King of Jordan", "jo", True),
        ("Bosnia and Herzegovina", "ba", True),
        ("Trinidad and Tobago", "tt", True),
        ("Saint Lucia votes", "lc", True),
        ("St Lucia votes", "lc", True),
        ("A trainload from East Palestine", "ps", False),
        ("Burma's generals", "mm", True),
        ("Swaziland's king", "sz", True),
        ("the Ivory Coast's cocoa", "ci", True),
        ("Côte d’Ivoire’s cocoa", "ci", True),
        ("The Republic of China's army", "cn", False),
        ("The People's Republic of China", "cn", True),
        ("A family reunion", "re", False),
        ("A cyclone hits Réunion", "re", True),
        ("Hong Kong's courts", "hk", True),
        ("The EU agrees", "eu", True),
        ("The Vatican agrees", "va", True),
        ("Kosovo votes", "xk", True),
        ("The British Indian Ocean Territory", "io", True),
        ("British West Indies", "in", False),
        # other scripts count everywhere
        ("США и Китай", "us", True),
        ("США и Китай", "cn", True),
        ("КНДР запустила ракету", "kp", True),
        ("После того как", "tg", False),
        ("Республика Того голосует", "tg", True),
        ("Экваториальная Гвинея голосует", "gn", False),
        ("принадлежит перу поэта", "pe", False),
        ("Перу голосует", "pe", True),
        ("Південна Корея", "kr", True),
        ("Южная Корея и США", "kr", True),
        ("Евросоюз ввёл санкции", "eu", True),
        ("דרום קוריאה וארצות הברית", "kr", True),
        ("צפון קוריאה שיגרה טיל", "kp", True),
        ("کره جنوبی و ژاپن", "kr", True),
        ("Великобритания", "gb", True),
        ("كوريا الجنوبية", "kr", True),
        ("دعم مالي جديد", "ml", False),
        ("جمهورية مالي", "ml", True),
        ("فلسطين تصوت", "ps", True),
        ("کرهٔ شمالی", "kp", True),
        ("קוריאה הדרומית", "kr", True),
        ("दक्षिण कोरिया में चुनाव", "kr", True),
        ("Η Νότια Κορέα", "kr", True),
        ("韩国加入谈判", "kr", True),
        ("南韓加入談判", "kr", True),
        ("香港法院", "hk", True),
        ("沙特和阿联酋", "sa", True),
        ("沙特和阿联酋", "ae", True),
        ("沙特尔大教堂", "sa", False),
        ("上海地铁开通", "ht", False),
        ("海地总统", "ht", True),
        ("索马里海盗", "ml", False),
        ("索马里海盗", "so", True),
        ("几内亚比绍政变", "gn", False),
        ("内蒙古下雪", "mn", False),
        ("米国と韓国", "us", True),
        ("タイ政府が発表", "th", True),
        ("タイトルを決めた", "th", False),
        ("ネクタイの日", "th", False),
        ("ボリビアで選挙", "ly", False),
        ("南スーダンで選挙", "sd", False),
        ("アイランドの旅", "ir", False),
        ("イラン大統領", "ir", True),
        ("한국은 협상을 시작했다", "kr", True),
        ("한국어 수업", "kr", False),
        ("대한민국은 협상을 시작했다", "kr", True),
        ("유럽연합은 제재를 결정했다", "eu", True),
        ("사우디 왕세자", "sa", True),
        ("남아공 대통령", "za", True),
        ("터키 대통령", "tr", True),
        ("터키석 반지", "tr", False),
        ("유일한 수단이다", "sd", False),
        ("인도네시아 대통령", "in", False),
        ("인도 대통령", "in", True),
        ("เกาหลีใต้เข้าร่วม", "kr", True),
        ("สหรัฐเข้าร่วม", "us", True),
        ("สหรัฐอาหรับเอมิเรตส์เข้าร่วม", "us", False),
        # Latin names of other languages do not count everywhere
        ("An island in the sun", "is", False),
        ("Corée du Sud", "kr", True),
        ("corée du sud", "kr", False),
    ],
)
def test_a_country_is_found_by_what_newspapers_call_it(text, code, expected):
    assert found(text, code) is expected


@pytest.mark.parametrize(
    ("language", "name", "code"),
    [
        ("de", "Island", "is"),
        ("de", "Großbritannien", "gb"),
        ("de", "Palästina", "ps"),
        ("fr", "Corée du Sud", "kr"),
        ("fr", "République démocratique du Congo", "cd"),
        ("es", "EE. UU.", "us"),
        ("es", "Perú", "pe"),
        ("pt", "EUA", "us"),
        ("pt", "Coreia do Norte", "kp"),
        ("it", "Santa Sede", "va"),
        ("nl", "Zuid-Korea", "kr"),
        ("sv", "Sydkorea", "kr"),
        ("nb", "Sør-Korea", "kr"),
        ("nn", "Sør-Korea", "kr"),
        ("da", "Sydkorea", "kr"),
        ("fi", "Etelä-Korea", "kr"),
        ("pl", "Korea Południowa", "kr"),
        ("cs", "Jižní Korea", "kr"),
        ("hu", "Dél-Korea", "kr"),
        ("ro", "SUA", "us"),
        ("tr", "Güney Kore", "kr"),
        ("vi", "Hàn Quốc", "kr"),
        ("id", "Korea Selatan", "kr"),
        ("in", "Korea Selatan", "kr"),
        ("tl", "Timog Korea", "kr"),
        ("sr", "Južna Koreja", "kr"),
        ("es", "México", "mx"),
        ("fr", "UE", "eu"),
        ("it", "UE", "eu"),
    ],
)
def test_latin_names_of_other_languages_count_in_their_articles(language, name, code):
    one = entity(code)
    everywhere = {key(each) for each in one.names}
    there = {key(each) for tag, some in one.by_language if tag == language for each in some}

    assert key(name) in everywhere | there


@pytest.mark.parametrize(
    ("language", "name", "code"),
    [
        ("tr", "Mali", "ml"),
        ("fr", "La Réunion", "re"),
        ("es", "Granada", "gd"),
        ("es", "Mauricio", "mu"),
        ("fr", "Maurice", "mu"),
        ("vi", "Áo", "at"),
        ("vi", "Pháp", "fr"),
        ("pl", "Dania", "dk"),
        ("pt", "Peru", "pe"),
    ],
)
def test_words_of_every_day_are_no_names_there(language, name, code):
    one = entity(code)
    there = {key(each) for tag, some in one.by_language if tag == language for each in some}

    assert key(name) not in {key(each) for each in one.names} | there


def test_every_territory_of_the_cldr_is_there_and_has_a_name():
    made = countries()

    assert len(made) > 250
    assert {"kr", "us", "xk", "hk", "aq", "eu"} <= made.keys()
    assert {"zz", "qo", "001", "419"} & made.keys() == set()
    assert [code for code, one in made.items() if not one.names and not one.exact] == []
    assert [code for code, one in made.items() if one.name != code] == []


def test_no_name_of_two_countries_counts_everywhere():
    made = countries()
    owners = {}
    for code, one in made.items():
        for name in one.names:
            owners.setdefault(key(name), set()).add(code)

    assert {name: codes for name, codes in owners.items() if len(codes) > 1} == {}


def test_only_a_name_that_the_table_tells_is_shorter_than_three_latin_letters():
    made = countries()
    names = {name for one in made.values() for name in one.names}
    names |= {name for one in made.values() for _, some in one.by_language for name in some}

    short = {name for name in names if name.isascii() and sum(map(str.isalpha, name)) < 3}

    assert short == {"UE"}


def test_what_the_table_takes_out_is_in_the_cldr():
    spoken = read_names()
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    said = {
        code: {names[code].casefold() for names in spoken.values() if code in names}
        for code in table
    }
    dropped = {(code, name) for code, told in table.items() for name in told.get("drop", ())}

    assert {(code, name) for code, name in dropped if name.casefold() not in said[code]} == set()
    assert {key for told in table.values() for key in told} == {
        *("names", "exact", "except", "drop", "in")
    }


def test_the_same_country_is_always_the_same():
    assert Countries().entities(["kr", "gn"]) == Countries().entities(["gn", "kr"])
    assert Countries().entities(["kr"])["kr"] == entity("kr")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("uk", "Did you mean @country.gb?"),
        ("usa", "Did you mean @country.us?"),
        ("KR", "Did you mean @country.kr?"),
        ("germany", "Did you mean @country.de?"),
        ("south-korea", "Did you mean @country.kr?"),
        ("zzz", "Write the ISO 3166 code of a country, as in @country.kr."),
    ],
)
def test_the_nearest_country_is_named(written, meant):
    (problem,) = read_rulebook(f"rules: [{{match: '@country.{written}'}}]", packs=Packs())

    assert str(problem) == f"1:18: there is no entity @country.{written}. {meant}"


def test_a_rule_finds_a_country():
    book = read_rulebook("rules: [{match: '@country.kr NOT @country.kp'}]", packs=Packs())

    assert isinstance(book, Rulebook)
    assert [one.name for one in book.entities] == ["country.kr", "country.kp"]
