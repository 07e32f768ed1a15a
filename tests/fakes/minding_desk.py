"""A desk whose people also ask about the chat itself: for help, mutes, and how all does."""

from monitors.pipeline.ports import Ledger
from monitors.talking.command import Commands
from monitors.talking.minding.failures import Failures
from monitors.talking.minding.guide import Guide
from monitors.talking.minding.manners import MannersTalk
from monitors.talking.minding.muting import Muter
from monitors.talking.minding.offers import Offers
from monitors.talking.minding.status import StatusTeller
from monitors.talking.minding.welcome import Welcome
from monitors.talking.rules_talk.proposing import Proposals
from tests.fakes.rules_desk import RULES, RulesDesk, _Archive


class MindingDesk(RulesDesk):
    """Who answers people about rules and about their chat, and what they say."""

    def __init__(self, text: str = RULES) -> None:
        self.offers = Offers()
        super().__init__(text)

    def _groups(self) -> tuple[Commands, ...]:
        others = super()._groups()
        proposals = next(one for one in others if isinstance(one, Proposals))
        store, in_force, clock = self.store, self.in_force, self.clock
        self.welcome = Welcome(in_force=in_force, offers=self.offers, proposals=proposals)
        self.offers.groups = (
            *others,
            self.welcome,
            Guide(offers=self.offers),
            StatusTeller(archive=_Archive(store), in_force=in_force, clock=clock, version="1.2"),
            Failures(store=store, in_force=in_force, clock=clock),
            Muter(store=store, in_force=in_force, clock=clock),
            MannersTalk(store=store, in_force=in_force, clock=clock, proposals=proposals),
        )
        return self.offers.groups

    def muted(self, chat: str) -> list[str]:
        """Answer what is muted in *chat*, by its kind."""

        def work(ledger: Ledger) -> list[str]:
            found = ledger.mutes.of(chat, self.clock()).in_force
            return [type(one.what).__name__ for one in found]

        return self.store.write_now(work)
