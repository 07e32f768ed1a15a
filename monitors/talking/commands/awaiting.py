"""A command that was written without its words waits for them."""

from datetime import datetime

from monitors.pipeline.dialogs import PATIENCE, Dialog
from monitors.pipeline.ports import Store
from monitors.talking.heard import Said

_STEP = "words"


async def await_words(store: Store, said: Said, command: str, now: datetime) -> None:
    """Have the next words of who has *said* something go to *command*."""
    dialog = Dialog(command=command, step=_STEP)
    await store.write(
        lambda ledger: ledger.dialogs.open(said.place.key, said.user, dialog, now + PATIENCE)
    )


async def stop_waiting(store: Store, said: Said) -> None:
    """Have the words of who has *said* something be a dialog's no more."""
    await store.write(lambda ledger: ledger.dialogs.close(said.place.key, said.user))
