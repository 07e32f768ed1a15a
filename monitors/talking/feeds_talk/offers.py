"""What people were offered by buttons, so that it can be taken after a restart as well."""

import re
from dataclasses import dataclass

from monitors.pipeline.dialogs import A_DAY, Dialog
from monitors.pipeline.ports import Clock, Ledger, Store
from monitors.talking.heard import Place

_DATA = re.compile(r"[a-z]+:([0-9]{1,18}):([a-z0-9]{1,12})(?::([a-z0-9]{0,12}))?", re.ASCII)
_NOBODY = ""  # an offer is no dialog of one person: whoever may press its buttons may take it


@dataclass(frozen=True, slots=True)
class Wish:
    """What a button of an offer asks for.

    Attributes:
        number: of the offer.
        what, more: is taken.
    """

    number: str
    what: str
    more: str


def wish_in(data: str) -> Wish | None:
    """Answer what the button with *data* asks for; None if it is of no offer."""
    found = _DATA.fullmatch(data)
    return Wish(found[1], found[2], found[3] or "") if found else None


@dataclass(frozen=True, slots=True)
class Offers:
    """Offers of one *kind*, each known by its chat and the number of the message that asked."""

    kind: str
    store: Store
    clock: Clock

    async def keep(self, place: Place, number: str, state: str) -> None:
        """Remember an offer for a day; *state* says what it is."""
        now, key = self.clock(), self._key(place, number)
        offer = Dialog(command=self.kind, step="offer", state=state)

        def work(ledger: Ledger) -> None:
            ledger.dialogs.forget(now)
            ledger.dialogs.open(key, _NOBODY, offer, now + A_DAY)

        await self.store.write(work)

    async def at(self, place: Place, number: str) -> str | None:
        """Answer what was offered in the chat *place* under *number*, if that can be taken yet."""
        now, key = self.clock(), self._key(place, number)
        offer = await self.store.write(lambda ledger: ledger.dialogs.at(key, _NOBODY, now))
        return offer.state if offer else None

    async def settle(self, place: Place, number: str) -> bool:
        """Forget an offer; answer whether there was one."""
        key = self._key(place, number)
        return await self.store.write(lambda ledger: ledger.dialogs.close(key, _NOBODY))

    def _key(self, place: Place, number: str) -> str:
        return f"{place.key} {self.kind} {number}"
