"""Puts together who talks with people about rules."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.adapters.sqlite.database import look_into
from monitors.app.clock import now
from monitors.app.reading import read_rules
from monitors.app.settings import Settings
from monitors.pipeline.book import InForce
from monitors.pipeline.editing.editor import Editor
from monitors.pipeline.ports import Ledger, Store
from monitors.rules.rulebook import Rulebook
from monitors.talking.command import Commands
from monitors.talking.rules_talk.adding_rules import RuleAdder
from monitors.talking.rules_talk.drafting import Drafts
from monitors.talking.rules_talk.editing_rules import RuleChanger
from monitors.talking.rules_talk.hushing import Hush
from monitors.talking.rules_talk.proposing import Proposals
from monitors.talking.rules_talk.rules_list import RulesList
from monitors.talking.rules_talk.trial import Trial
from monitors.talking.rules_talk.trying import Tryer
from monitors.talking.rules_talk.undoing import Undoer
from monitors.terms.entity import Entity

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Beside:
    """The store in the file at *path*, read beside its writer and the event loop."""

    path: Path

    async def look(self, work: Callable[[Ledger], T]) -> T:
        """Answer what *work* answers; it changes nothing."""

        def looks() -> T:
            with look_into(self.path) as ledger:
                return work(ledger)

        return await asyncio.to_thread(looks)


def open_trial(settings: Settings, in_force: InForce) -> Trial:
    """Answer who tries conditions over the stored articles."""
    # Its own file, because it remembers what was read last: another one watches for changes.
    file = RulebookFile(settings.rules)

    def entities(names: Sequence[str]) -> Sequence[Entity]:
        rulebook = read_rules(file, settings.networks, names)
        return rulebook.entities if isinstance(rulebook, Rulebook) else ()

    return Trial(archive=Beside(settings.store), in_force=in_force, entities=entities, clock=now)


def rule_groups(
    settings: Settings, store: Store, in_force: InForce, editor: Editor
) -> tuple[Commands, ...]:
    """Answer who reads, tries and changes rules with people."""
    trial = open_trial(settings, in_force)
    proposals = Proposals(
        editor=editor, in_force=in_force, store=store, clock=now, file=settings.rules.name
    )
    drafts = Drafts(trial=trial, proposals=proposals, in_force=in_force, store=store, clock=now)
    changer = RuleChanger(drafts=drafts, hush=Hush(in_force, store, now))
    listed = RulesList(
        in_force=in_force,
        store=store,
        clock=now,
        trial=trial,
        proposals=proposals,
        changer=changer,
    )
    return (
        listed,
        RuleAdder(drafts=drafts),
        drafts,
        changer,
        Tryer(trial=trial, store=store),
        Undoer(proposals=proposals, store=store),
        proposals,
    )
