"""What the pipeline needs from the store of what people think of alerts, and of their buttons."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitors.alerts.showing.alert_keyboard import Page
from monitors.pipeline.records import AlertId

LATELY = 20
"""Of so many alerts by a rule is counted how many were not relevant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How many of the last alerts of a chat by *rule* somebody there called not relevant."""

    rule: str
    off: int
    of: int


class OpinionRows(Protocol):
    """Which alerts people call not relevant: one opinion a person and alert."""

    def keep(self, alert: AlertId, user: str, rules: Collection[str], now: datetime) -> bool:
        """Remember that *user* calls *alert* not relevant; False if that is known."""

    def withdraw(self, alert: AlertId, user: str) -> bool:
        """Forget that; False if there is nothing to forget."""

    def verdict(self, chat: str, rule: str) -> Verdict:
        """Answer how well *rule* did for *chat* in its last alerts."""


class KeyboardRows(Protocol):
    """Which buttons are shown under alerts."""

    def turn(self, alert: AlertId, page: Page) -> None:
        """Show *page* under *alert* from now on."""
