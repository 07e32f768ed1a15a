"""What a terminal and a script are shown of digests."""

import json
from datetime import UTC, timedelta

from rich.console import Console

from monitors.alerts.digest import Digest, Together
from monitors.app.boards import JsonBoard, PeopleBoard
from tests.contract.test_peers import content
from tests.fakes.stand_ins import START

DIGEST = Digest(
    together=Together.HELD,
    held="quiet hours",
    since=START - timedelta(hours=1),
    folded_at=START,
    total=230,
    first=81,
    stories=(content("Ship sails"), content("Whale swims")),
    hidden=148,
)


def test_people_see_a_line_for_each_story():
    console = Console(width=100, record=True, quiet=False)
    with console.capture() as printed:
        PeopleBoard(console).list("desk", DIGEST, doubtful=False, zone=UTC)

    assert [line.strip() for line in printed.get().splitlines() if line] == [
        "! ship · What quiet hours held back: 230 stories · 81–82",
        "81. Ship sails · Wire",
        "82. Whale swims · Wire",
        "and 148 more, which /last and `bot.py alerts` list",
        "to desk",
    ]


def test_scripts_get_every_alert_of_it(capsys):
    JsonBoard().list("desk", DIGEST, doubtful=True, zone=UTC)

    told = json.loads(capsys.readouterr().out)
    assert (told["action"], told["together"], told["total"]) == ("digest", "held", 230)
    assert (told["first"], told["not_listed"], told["doubtful"]) == (81, 148, True)
    assert [alert["title"] for alert in told["alerts"]] == ["Ship sails", "Whale swims"]
