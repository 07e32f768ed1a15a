"""The buttons under alerts: mute a story or an outlet, call an alert not relevant, undo that."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from monitors.alerts.muting import Mute, MutedOutlet, MutedStory
from monitors.alerts.showing.alert_keyboard import (
    MUTE_FOR,
    Page,
    Press,
    Verb,
    how_long,
    outlet_label,
    press_of,
)
from monitors.alerts.showing.legible import clean
from monitors.alerts.showing.markup import harmless
from monitors.pipeline.book import InForce
from monitors.pipeline.muting.silencing import mute, unmute
from monitors.pipeline.ports import Clock, Ledger, Store
from monitors.pipeline.records import AlertId, ToldAlert
from monitors.talking.answer import OLD_BUTTON, Reaction
from monitors.talking.command import Commands
from monitors.talking.commands.stories import is_of
from monitors.talking.heard import Pressed
from monitors.talking.roles import Role

_ROLES = {
    Verb.MUTE_STORY: Role.OWNER,
    Verb.HEAR_STORY: Role.OWNER,
    Verb.MUTE_OUTLET: Role.OWNER,
    Verb.HEAR_OUTLET: Role.OWNER,
    Verb.NOT_RELEVANT: Role.READER,
    Verb.RELEVANT: Role.READER,
    Verb.PAGE: Role.READER,
}
_MUTED = (
    "Muted: nothing more of this story, nor of what is likely part of it. "
    "Undo is below the story's first message."
)
_OVER = "That is not muted any more."
_HINT_FROM = 3
_LONGEST_NAME = 40


@dataclass(slots=True)
class AlertButtons(Commands):
    """Does what the buttons under alerts are for; each is applied once, however often pressed."""

    store: Store
    in_force: InForce
    clock: Clock

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its buttons begins with."""
        return {verb.value: role for verb, role in _ROLES.items()}

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Do what a button is for."""
        del role
        press = press_of(pressed.data)
        if press is None:
            return Reaction(toast=OLD_BUTTON)
        return await self.store.write(
            lambda ledger: Reaction(toast=self._react(ledger, pressed, press))
        )

    def _react(  # noqa: PLR0911 -- one a button
        self, ledger: Ledger, pressed: Pressed, press: Press
    ) -> str:
        """Do what was asked for, and answer what is said of it."""
        told = ledger.regrouping.alert(AlertId(press.alert))
        if told is None or not is_of(told, pressed.place, self.in_force.book):
            return OLD_BUTTON
        user = pressed.user
        match press.verb:
            case Verb.PAGE:
                return self._turn(ledger, told, press.argument)
            case Verb.MUTE_STORY:
                return self._mute_story(ledger, told.chat, telling(ledger, told), user)
            case Verb.HEAR_STORY:
                return self._hear_story(ledger, told.chat, telling(ledger, told), user)
            case Verb.MUTE_OUTLET:
                return self._mute_outlet(ledger, told, user, press.argument)
            case Verb.HEAR_OUTLET:
                return self._hear_outlet(ledger, told, user)
            case Verb.NOT_RELEVANT:
                return self._not_relevant(ledger, told, user)
            case Verb.RELEVANT:
                if not ledger.opinions.withdraw(told.id, user):
                    return "You have not called it not relevant."
                self._show(ledger, told)
                return "Taken back."
            case _:
                assert_never(press.verb)

    def _turn(self, ledger: Ledger, told: ToldAlert, page: int | None) -> str:
        if page not in {each.value for each in Page}:
            return OLD_BUTTON
        self._show(ledger, told, Page(page))
        return ""

    def _show(self, ledger: Ledger, told: ToldAlert, page: Page = Page.MAIN) -> None:
        ledger.keyboards.turn(told.id, page)
        ledger.alerts.renew(told.id, self.clock())

    def _mute_story(self, ledger: Ledger, chat: str, alert: AlertId, user: str) -> str:
        muted = Mute(what=MutedStory(alert), who=user)
        if not mute(ledger, chat, muted, self.clock()):
            return "This story is muted already."
        return _MUTED

    def _hear_story(self, ledger: Ledger, chat: str, alert: AlertId, user: str) -> str:
        now = self.clock()
        known = ledger.mutes.of(chat, now).find(MutedStory(alert))
        if known is None:
            return _OVER
        unmute(ledger, self.in_force.book, chat, known.number, user, now)
        return "You hear of this story again."

    def _mute_outlet(self, ledger: Ledger, told: ToldAlert, user: str, hours: int | None) -> str:
        outlet, now = told.content.outlet, self.clock()
        if hours not in MUTE_FOR or not outlet_label(outlet):
            return OLD_BUTTON
        known = ledger.mutes.of(told.chat, now)
        new = [
            MutedOutlet(outlet, rule)
            for rule in told.content.rules
            if not known.find(MutedOutlet(outlet, rule))
        ]
        until = now + timedelta(hours=hours) if hours else None
        for what in new:
            wanted = Mute(what=what, until=until, who=user, under=told.id)
            mute(ledger, told.chat, wanted, now)
        if not new:
            self._show(ledger, told)
            return f"{outlet_label(outlet)} is muted already."
        return (
            f"{outlet_label(outlet)} is muted for {_rules(told)}, {how_long(hours)}. "
            "Other outlets that report the same still ring."
        )

    def _hear_outlet(self, ledger: Ledger, told: ToldAlert, user: str) -> str:
        now = self.clock()
        found = [
            one
            for one in ledger.mutes.of(told.chat, now).in_force
            if isinstance(one.what, MutedOutlet) and one.under == told.id
        ]
        for one in found:
            unmute(ledger, self.in_force.book, told.chat, one.number, user, now)
        if not found:
            self._show(ledger, told)
            return _OVER
        return f"{outlet_label(told.content.outlet)} rings again."

    def _not_relevant(self, ledger: Ledger, told: ToldAlert, user: str) -> str:
        kept = ledger.opinions.keep(told.id, user, told.content.rules, self.clock())
        if not kept:
            return "That is noted already."
        self._show(ledger, told)
        verdicts = (ledger.opinions.verdict(told.chat, rule) for rule in told.content.rules)
        worst = max(verdicts, key=lambda verdict: verdict.off, default=None)
        if worst is None:
            return "Noted."
        of = f"the last {worst.of}" if worst.of > 1 else "1"
        were = "was" if worst.off == 1 else "were"
        said = f"Noted. Rule {_name(worst.rule)}: {worst.off} of {of} {were} not relevant."
        return f"{said} /editrule changes it." if worst.off >= _HINT_FROM else said


def telling(ledger: Ledger, told: ToldAlert) -> AlertId:
    """Answer the alert that tells the story of *told* since stories were joined; else itself."""
    story = ledger.regrouping.current(told.story)
    other = ledger.alerts.told(told.chat, story) if story != told.story else None
    return other[0] if other else told.id


def _rules(told: ToldAlert) -> str:
    first, *rest = told.content.rules or ("",)
    return f"{len(rest) + 1} rules" if rest else f"rule {_name(first)}"


def _name(text: str) -> str:
    return "".join(run.text for run in harmless(clean(text).text, _LONGEST_NAME))
