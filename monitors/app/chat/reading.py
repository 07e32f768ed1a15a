"""Puts together who talks with people about feeds, and about what was reported."""

import asyncio
from collections.abc import Sequence

from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.app.chat.ruling import open_trial
from monitors.app.clock import now
from monitors.app.reading import FilePacks, collecting_later
from monitors.app.settings import Settings
from monitors.gathering.poll import PollPorts
from monitors.language.problems import Problem
from monitors.pipeline.book import InForce
from monitors.pipeline.editing.editor import Editor
from monitors.rules.editing.feeds import Addition, NewFeed, add_feeds
from monitors.talking.command import Commands
from monitors.talking.feeds_talk.adding import FeedAdder
from monitors.talking.feeds_talk.dropped_lists import ListTaker
from monitors.talking.feeds_talk.exporting import Exporter
from monitors.talking.feeds_talk.feeds_list import FeedsList
from monitors.talking.looking_back.latest import Recaller
from monitors.talking.looking_back.searching import Searcher
from monitors.talking.ports import Files
from monitors.talking.rules_talk.proposing import Proposals


def reading_groups(
    settings: Settings, reading: PollPorts, in_force: InForce, editor: Editor, files: Files
) -> tuple[Commands, ...]:
    """Answer who shows, finds, adds and exports feeds, and looks for what was reported.

    Args:
        settings: of this process.
        reading: how feeds are looked for, and the store.
        in_force: the rulebook in force.
        editor: of rules.yaml.
        files: fetches what people drop.
    """
    # Its own, because it remembers what was read last: another one watches for changes.
    file, store, name = RulebookFile(settings.rules), reading.store, settings.rules.name
    trial = open_trial(settings, in_force)
    proposals = Proposals(editor=editor, in_force=in_force, store=store, clock=now, file=name)

    async def check(feeds: Sequence[NewFeed]) -> Addition | Problem:
        return await asyncio.to_thread(_checked, file, settings, feeds)

    adder = FeedAdder(
        fetcher=reading.fetcher,
        reader=reading.reader,
        editor=editor,
        in_force=in_force,
        store=store,
        clock=now,
        file=name,
    )
    listed = FeedsList(
        in_force=in_force, archive=trial.archive, store=store, clock=now, proposals=proposals
    )
    return (
        listed,
        adder,
        ListTaker(files=files, check=check, editor=editor, store=store, clock=now),
        Searcher(trial=trial, store=store),
        Recaller(in_force=in_force, archive=trial.archive, clock=now),
        Exporter(in_force=in_force, read=file.read, name=name),
    )


def _checked(
    file: RulebookFile, settings: Settings, feeds: Sequence[NewFeed]
) -> Addition | Problem:
    text = file.read()
    if isinstance(text, Problem):
        return text
    with collecting_later():
        return add_feeds(text, feeds, networks=settings.networks, packs=FilePacks(file))
