"""What headlines say of versions, and what is published again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.stories.article import Article
from monitors.stories.headlines import Mark, headline, is_new_version

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
PORT = "Port reopens after storm"


@pytest.mark.parametrize(
    ("title", "text", "mark"),
    [
        (PORT, PORT, Mark.NONE),
        ("", "", Mark.NONE),
        # As the wires write it.
        (f"UPDATE 2-{PORT}", PORT, Mark.UPDATED),
        (f"WRAPUP 3-{PORT}", PORT, Mark.UPDATED),
        (f"REFILE-{PORT}", PORT, Mark.UPDATED),
        (f"RPT-{PORT}", PORT, Mark.UPDATED),
        (f"RPT-UPDATE 1-{PORT}", PORT, Mark.UPDATED),
        (f"CORRECTED-{PORT}", PORT, Mark.CORRECTED),
        (f"CORRECTED-(OFFICIAL)-{PORT}", PORT, Mark.CORRECTED),
        (f"UPDATE 1-CORRECTED-{PORT}", PORT, Mark.CORRECTED),
        (f"EXCLUSIVE-{PORT}", PORT, Mark.EXCLUSIVE),
        (f"COLUMN-{PORT}", PORT, Mark.OPINION),
        (f"(LEAD) {PORT}", PORT, Mark.UPDATED),
        (f"(2nd LD) {PORT}", PORT, Mark.UPDATED),
        (f"1st LEAD: {PORT}", PORT, Mark.UPDATED),
        # As papers and broadcasters do.
        (f"BREAKING: {PORT}", PORT, Mark.BREAKING),
        (f"Breaking news | {PORT}", PORT, Mark.BREAKING),
        (f"BREAKING: EXCLUSIVE: {PORT}", PORT, Mark.EXCLUSIVE),
        (f"EXCLUSIVE - {PORT}", PORT, Mark.EXCLUSIVE),
        (f"Exclusive \u2014 {PORT}", PORT, Mark.EXCLUSIVE),
        (f"Updated: {PORT}", PORT, Mark.UPDATED),
        (f"Update 14:30: {PORT}", PORT, Mark.UPDATED),
        (f"{PORT} (update)", PORT, Mark.UPDATED),
        (f"{PORT} [Updated]", PORT, Mark.UPDATED),
        (f"Correction: {PORT}", PORT, Mark.CORRECTED),
        (f"[Corrected] {PORT}", PORT, Mark.CORRECTED),
        (f"Clarification: {PORT}", PORT, Mark.CORRECTED),
        (f"Opinion | {PORT}", PORT, Mark.OPINION),
        (f"Op-Ed: {PORT}", PORT, Mark.OPINION),
        (f"Analysis: {PORT}", PORT, Mark.OPINION),
        (f"{PORT} | Opinion", PORT, Mark.OPINION),
        (f"LIVE: {PORT}", PORT, Mark.LIVE),
        (f"Breaking: live updates: {PORT}", PORT, Mark.LIVE),
        (f"{PORT} \u2013 live", PORT, Mark.LIVE),
        (f"{PORT} \u2013 as it happened", PORT, Mark.LIVE),
        (f"{PORT} - live updates", PORT, Mark.LIVE),
        (f"Storm liveblog: {PORT}", f"Storm liveblog: {PORT}", Mark.LIVE),
        # As the whole of a title that has news of its own below it.
        ("Storm in Oslo: Live updates", "Storm in Oslo: Live updates", Mark.LIVE),
        ("Storm in Oslo live blog", "Storm in Oslo live blog", Mark.LIVE),
        ("Sturm in Kiel im Liveticker", "Sturm in Kiel im Liveticker", Mark.LIVE),
        # In other languages.
        ("Eilmeldung: Hafen wieder offen", "Hafen wieder offen", Mark.BREAKING),
        ("+++ Hafen wieder offen +++", "+++ Hafen wieder offen +++", Mark.NONE),
        ("Exklusiv: Hafen wieder offen", "Hafen wieder offen", Mark.EXCLUSIVE),
        ("Korrektur: Hafen wieder offen", "Hafen wieder offen", Mark.CORRECTED),
        ("Update 14:30 Uhr: Hafen wieder offen", "Hafen wieder offen", Mark.UPDATED),
        ("Kommentar: Hafen wieder offen", "Hafen wieder offen", Mark.OPINION),
        ("Live-Ticker: Hafen wieder offen", "Hafen wieder offen", Mark.LIVE),
        ("Sturm-Liveblog: ++ Hafen offen ++", "Sturm-Liveblog: ++ Hafen offen ++", Mark.LIVE),
        ("Rectificatie: Haven weer open", "Haven weer open", Mark.CORRECTED),
        ("Mise à jour : le port rouvre", "le port rouvre", Mark.UPDATED),
        ("MàJ - Le port rouvre", "Le port rouvre", Mark.UPDATED),
        ("Rectificatif: le port rouvre", "le port rouvre", Mark.CORRECTED),
        ("INFO EXCLUSIVE. Le port rouvre", "Le port rouvre", Mark.EXCLUSIVE),
        ("EN DIRECT. Le port rouvre", "Le port rouvre", Mark.LIVE),
        ("En direct, le port rouvre", "le port rouvre", Mark.LIVE),
        ("Tribune | Le port rouvre", "Le port rouvre", Mark.OPINION),
        ("Actualización: el puerto reabre", "el puerto reabre", Mark.UPDATED),
        ("Fe de errores: el puerto reabre", "el puerto reabre", Mark.CORRECTED),
        ("ÚLTIMA HORA | El puerto reabre", "El puerto reabre", Mark.BREAKING),
        ("En vivo: el puerto reabre", "el puerto reabre", Mark.LIVE),
        ("Ao vivo: o porto reabre", "o porto reabre", Mark.LIVE),
        ("Correção: o porto reabre", "o porto reabre", Mark.CORRECTED),
        ("Ultim'ora: riapre il porto", "riapre il porto", Mark.BREAKING),
        ("Rettifica: riapre il porto", "riapre il porto", Mark.CORRECTED),
        ("Rättelse: hamnen öppnar igen", "hamnen öppnar igen", Mark.CORRECTED),
        ("Just nu: hamnen öppnar igen", "hamnen öppnar igen", Mark.BREAKING),
        ("Sprostowanie: port znów otwarty", "port znów otwarty", Mark.CORRECTED),
        ("Na żywo: port znów otwarty", "port znów otwarty", Mark.LIVE),
        ("Son dakika: liman açık", "liman açık", Mark.BREAKING),
        ("Canlı yayın: liman açık", "liman açık", Mark.LIVE),
        ("Срочно: порт снова открыт", "порт снова открыт", Mark.BREAKING),
        ("Порт снова открыт (обновлено)", "Порт снова открыт", Mark.UPDATED),
        ("Виправлено: порт знову відкрито", "порт знову відкрито", Mark.CORRECTED),
        ("عاجل | المرفأ يعاد فتحه", "المرفأ يعاد فتحه", Mark.BREAKING),
        ("تصحيح: المرفأ يعاد فتحه", "المرفأ يعاد فتحه", Mark.CORRECTED),
        ("תיקון: הנמל נפתח מחדש", "הנמל נפתח מחדש", Mark.CORRECTED),
        ("[속보] 항구 다시 열어", "항구 다시 열어", Mark.BREAKING),
        ("[단독] 항구 다시 열어", "항구 다시 열어", Mark.EXCLUSIVE),
        ("항구 다시 열어(종합2보)", "항구 다시 열어", Mark.UPDATED),
        ("[정정] 항구 다시 열어", "항구 다시 열어", Mark.CORRECTED),
        ("[사설] 항구 다시 열어", "항구 다시 열어", Mark.OPINION),
        ("【速報】港が再開", "港が再開", Mark.BREAKING),
        ("【訂正】港が再開", "港が再開", Mark.CORRECTED),
        ("社説\uff1a港が再開", "港が再開", Mark.OPINION),
        ("快讯\uff1a港口重新开放", "港口重新开放", Mark.BREAKING),
        ("更正\uff1a港口重新开放", "港口重新开放", Mark.CORRECTED),
        ("直播\uff5c港口重新开放", "港口重新开放", Mark.LIVE),
    ],
)
def test_the_marks_of_a_headline_are_told_from_it(title, text, mark):
    assert headline(title).text == text
    assert headline(title).mark is mark


@pytest.mark.parametrize(
    "title",
    [
        "Live Nation shares fall after storm",
        "LIVE-IN carers get more pay",
        "Live-in carers: pay rises at last",
        "Live, laugh, lead: a mayor retires",
        "Breaking the silence: sailors speak",
        "BREAKING-UP: couples who part in storms",
        "Update on the port is due today",
        "Column of trucks nears port: report",
        "Exclusive clubs feel the storm",
        "Correction officers strike - union",
        "Where sailors live: a map",
        "Fishermen share their olive blog",
        "Storm of updates: how people live",
        "Storm at 14:30: what is known",
        # Nothing would be left that tells anything.
        "Update:",
        "Live: storm",
        "Opinion",
        "Correction",
    ],
)
def test_what_is_no_mark_stays(title):
    assert headline(title) == (headline(title).__class__)(title, Mark.NONE)


PIECES = st.lists(
    st.sampled_from((*"[]()-:|,. ", "LIVE", "UPDATE 2", "port", "storm", " - ", "한국", "14:30")),
    max_size=30,
).map("".join)


@given(PIECES | st.text())
def test_what_is_left_of_a_headline_stands_in_it(title):
    found = headline(title)
    assert found.text in title
    assert bool(found.text) == bool(title)
    assert found.mark is not Mark.NONE or found.text == title


def test_only_so_many_marks_are_taken_out():
    assert len(headline("Live: " * 200 + PORT).text) > 1_000


STORED = Article(
    identity="1",
    url="https://herald.example/port",
    link="https://herald.example/port",
    outlet="Harbour Herald",
    title=PORT,
    summary="The port reopened on Tuesday after the storm, said its master, Jo Doe, with 12 ships.",
    published_at=NOON,
    seen_at=NOON,
)
AGAIN = replace(
    STORED,
    identity="2",
    url="https://herald.example/port-2",
    link="https://herald.example/port-2",
    title=f"CORRECTED-{PORT}",
    summary="The port reopened on Tuesday after the storm, said its master, Jo Dow, with 12 ships.",
    published_at=NOON + timedelta(hours=2),
    seen_at=NOON + timedelta(hours=2),
)


@pytest.mark.parametrize(
    ("changes", "same_identifier"),
    [
        ({}, False),
        ({"title": f"Correction: {PORT} - Harbour Herald"}, False),
        ({"summary": STORED.summary.replace("12", "21")}, False),
        ({"title": f"UPDATE 1-{PORT}"}, False),
        ({"title": PORT}, True),
        ({"link": None, "url": None}, False),
        ({"link": "https://m.herald.example/port-2"}, False),
    ],
    ids=["corrected", "outlet", "number corrected", "updated", "identifier", "no link", "mobile"],
)
def test_an_article_that_its_outlet_publishes_again_is_a_new_version(changes, same_identifier):
    assert is_new_version(replace(AGAIN, **changes), STORED, same_identifier=same_identifier)


@pytest.mark.parametrize(
    ("changes", "same_identifier"),
    [
        ({"title": PORT}, False),
        ({"title": f"LIVE: {PORT}"}, False),
        ({"title": f"EXCLUSIVE: {PORT}"}, False),
        ({"title": "CORRECTED-Port closes after storm"}, True),
        ({"title": "", "summary": STORED.summary}, True),
        ({"link": "https://courier.example/port"}, True),
        ({"link": None, "outlet": "Courier"}, True),
        ({"summary": ""}, True),
        ({"summary": "Two ships ran aground at the mole before dawn, and 12 sailors swam."}, True),
        ({"title": f"UPDATE 1-{PORT}", "summary": STORED.summary.replace("12", "21")}, False),
        ({"title": PORT, "summary": STORED.summary.replace("12", "21")}, True),
        ({"published_at": NOON + timedelta(hours=73)}, True),
    ],
    ids=[
        *("no mark", "live", "exclusive", "headline", "no headline", "outlet", "name of outlet"),
        *("no text", "text", "number updated", "number", "days later"),
    ],
)
def test_what_may_be_other_news_is_no_version(changes, same_identifier):
    assert not is_new_version(replace(AGAIN, **changes), STORED, same_identifier=same_identifier)


@pytest.mark.parametrize("title", [f"LIVE: {PORT}", f"Opinion: {PORT}"])
def test_a_correction_does_not_take_the_place_of_a_live_blog_or_an_opinion(title):
    assert not is_new_version(AGAIN, replace(STORED, title=title), same_identifier=False)
