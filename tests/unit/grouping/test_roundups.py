import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.grouping.wording.roundups import is_daily_report, is_round_up


@pytest.mark.parametrize(
    "title",
    [
        "Morning briefing: what you need to know today",
        "Your Tuesday Briefing: ferry strike, budget row",
        "The Daily Podcast – Episode 211",
        "Why rents keep rising | The Daily Podcast",
        "Quiz: how well do you know the week?",
        "5 things to know before the market opens",
        "Letters to the editor: buses and bins",
        "In pictures: the storm",
        "Today in history",
        "Das Wichtigste vom Tag: Brand in Lindenau",
        "Leserbriefe zum Bahnstreik",
        "L'actu du jour : grève dans les ports",
        "Ce qu'il faut savoir ce mardi",
        "Las noticias del día: huelga y más",
        "Horóscopo de hoy",
        "Rassegna stampa di oggi",
        "O que você precisa saber hoje",
        "Nieuwsoverzicht: staking bij de haven",
        "Przegląd prasy",
        "Главное за день: обрушение моста",
        "Утренний дайджест",
        "Головне за добу: міст",
        "Günün özeti: grev",
        "موجز الأخبار: انهيار منجم",
        "今日要闻：造纸厂火灾",
        "朝のニュースまとめ：橋崩落",
        "아침 브리핑: 제지공장 화재",
        "आज की बड़ी खबरें",
        "Berita terpopuler: gempa",
    ],
)
def test_a_round_up_says_so(title):
    assert is_round_up(title)


@pytest.mark.parametrize(
    "title",
    [
        "Podcast host arrested after raid on studio",
        "President cancels press briefing on quake",
        "Ferry strike halts all crossings: what you need to know about refunds and buses",
        "Quiz show champion found dead in river",
        "Minister resigns (photos)",
        "Daily life returns to Ostmere",
        "Newsletter firm fined for leaking addresses",
        "Senators list demands in letter to the president",
        "Bürgermeisterin tritt zurück",
        "В Заречинске обрушился мост",
        "江城一家造纸厂发生火灾",
        "",
    ],
)
def test_news_of_a_round_up_is_none(title):
    assert not is_round_up(title)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Stocks close higher as tech leads gains", True),
        ("DAX schließt im Plus", True),
        ("Lottery results for Saturday", True),
        ("日経平均、続伸して終わる", True),
        ("Курс доллара вырос", True),
        ("Ferry strike halts crossings", False),
        ("Bank robbed on Wall Lane", False),
    ],
)
def test_daily_reports_are_known(title, expected):
    assert is_daily_report(title) is expected


@given(st.text())
def test_any_title_gets_an_answer(title):
    assert is_round_up(title) in (True, False)
    assert is_daily_report(title) in (True, False)
