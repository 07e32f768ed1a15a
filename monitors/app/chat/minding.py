"""Puts together who talks with people about the chat itself."""

from monitors.adapters.http.sessions import VERSION
from monitors.app.chat.ruling import Beside
from monitors.app.clock import now
from monitors.app.settings import Settings
from monitors.pipeline.book import InForce
from monitors.pipeline.editing.editor import Editor
from monitors.pipeline.ports import Store
from monitors.talking.command import Commands
from monitors.talking.minding.failures import Failures
from monitors.talking.minding.guide import Guide
from monitors.talking.minding.manners import MannersTalk
from monitors.talking.minding.muting import Muter
from monitors.talking.minding.offers import Offers
from monitors.talking.minding.status import StatusTeller
from monitors.talking.minding.welcome import Welcome
from monitors.talking.rules_talk.proposing import Proposals


def minding_groups(
    offers: Offers, settings: Settings, store: Store, in_force: InForce, editor: Editor
) -> tuple[Commands, ...]:
    """Answer who welcomes, helps, mutes, and tells how all does.

    Args:
        offers: all commands, once they are there.
        settings: of this process.
        store: what is muted and what failed.
        in_force: the rulebook in force.
        editor: of rules.yaml.
    """
    proposals = Proposals(
        editor=editor, in_force=in_force, store=store, clock=now, file=settings.rules.name
    )
    return (
        Welcome(in_force=in_force, offers=offers, proposals=proposals),
        Guide(offers=offers),
        StatusTeller(archive=Beside(settings.store), in_force=in_force, clock=now, version=VERSION),
        Failures(store=store, in_force=in_force, clock=now),
        Muter(store=store, in_force=in_force, clock=now),
        MannersTalk(store=store, in_force=in_force, clock=now, proposals=proposals),
    )
