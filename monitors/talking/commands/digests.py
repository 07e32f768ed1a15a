"""The button under a digest."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitors.alerts.destinations import destination_key
from monitors.alerts.showing.buttons import TOGETHER, together_in
from monitors.alerts.showing.digest import why_together
from monitors.pipeline.book import InForce
from monitors.pipeline.ports import Ledger, Store
from monitors.pipeline.records import OutboxId
from monitors.talking.answer import OLD_BUTTON, Reaction
from monitors.talking.command import Commands
from monitors.talking.heard import Pressed
from monitors.talking.roles import Role, chats_at


@dataclass(frozen=True, slots=True)
class DigestButtons(Commands):
    """Says why alerts came in one message."""

    store: Store
    in_force: InForce

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its button begins with."""
        return {TOGETHER: Role.READER}

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Say why, for a moment, to whoever pressed the button."""
        del role
        number = together_in(pressed.data)
        if number is None:
            return Reaction(toast=OLD_BUTTON)
        return await self.store.write(
            lambda ledger: Reaction(toast=self._why(ledger, pressed, OutboxId(number)))
        )

    def _why(self, ledger: Ledger, pressed: Pressed, number: OutboxId) -> str:
        found = ledger.regrouping.digest(number)
        if found is None:
            return OLD_BUTTON
        digest, destination = found
        if destination.split(":")[1:2] not in [[name] for name in pressed.place.ids]:
            return OLD_BUTTON
        book = self.in_force.book
        zones = (
            chat.timezone
            for chat in chats_at(book, pressed.place)
            if destination_key(chat.destination) == destination
        )
        return why_together(digest, zone=next(zones, None) or book.zone)
