"""What the history of rules.yaml needs from the store."""

from datetime import datetime
from typing import Protocol

from monitors.pipeline.history.records import (
    Asked,
    Author,
    Change,
    ChangeId,
    Proposal,
    ProposalId,
    Refusal,
    Step,
)


class HistoryRows(Protocol):
    """The changes of rules.yaml with their texts, and what is proposed.

    The newest 200 changes are kept, as far as their texts fit into 50 MB, and the newest 200
    proposals, each for 24 hours.
    """

    def add(self, step: Step, author: Author, now: datetime) -> ChangeId:
        """Remember a change; what is stored of a rule that it renames goes on under its new name.

        A change that is the last one already, but of an unknown origin, gets this one's.
        """

    def changes(self, limit: int) -> tuple[Change, ...]:
        """Answer the last changes, the newest first."""

    def change(self, change: ChangeId) -> Change | None:
        """Answer a change, if it is kept."""

    def text(self, digest: str) -> str | None:
        """Answer the text of a digest, if it is kept."""

    def propose(self, asked: Asked, author: Author, text: str, now: datetime) -> ProposalId:
        """Remember what is *asked* for, and the *text* that it was made on."""

    def proposal(self, proposal: ProposalId, now: datetime) -> Proposal | None:
        """Answer a proposal that is neither settled nor expired."""

    def settle(self, proposal: ProposalId) -> None:
        """Forget a proposal: it was applied, given up or overtaken."""

    def refuse(self, why: str | None, now: datetime) -> None:
        """Remember why rules.yaml is not in force, since it is first so; None, that it is."""

    def refusal(self) -> Refusal | None:
        """Answer why rules.yaml is not in force as it stands, if it is not."""
