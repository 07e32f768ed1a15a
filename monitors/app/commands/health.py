"""`bot.py health`: is Newsbell alive and polling?"""

from datetime import timedelta

import typer

from monitors.adapters.files.instance_lock import is_held
from monitors.adapters.sqlite.database import look_into
from monitors.adapters.sqlite.heartbeat import Heartbeat
from monitors.app.clock import now
from monitors.app.options import DATA, RULES, Data, Json, Rules
from monitors.app.output import out, print_json
from monitors.app.settings import Settings, from_environment
from monitors.errors import StoreError
from monitors.times import about

_STALE = timedelta(seconds=30)


def health(rules: Rules = RULES, data: Data = DATA, *, as_json: Json = False) -> None:
    """Exit 0 only if Newsbell is alive and polling; for Docker and other watchers."""
    settings = from_environment(rules, data)
    try:
        with look_into(settings.store) as ledger:
            heart, trouble = ledger.heart.last(), ledger.talks.trouble()
    except StoreError as error:
        sick: str | None = str(error)
        trouble = None
    else:
        sick = sickness(settings, heart)
    deaf = trouble.why if trouble and not sick else None
    if as_json:
        print_json({"healthy": sick is None, "why_not": sick, "deaf": deaf})
    else:
        out().print(sick or "alive and polling", soft_wrap=True)
        if deaf:
            out().print(deaf, soft_wrap=True, markup=False)
    if sick:
        raise typer.Exit(1)


def sickness(settings: Settings, heart: Heartbeat | None) -> str | None:
    """Answer why Newsbell is not well, or None."""
    if heart is None:
        return "it has not been started"
    silent = now() - heart.at
    if not is_held(settings.lock):
        return f"it is not running; its last sign of life was {about(silent)} ago"
    if silent > _STALE:
        return f"it has not polled for {about(silent)}"
    return None
