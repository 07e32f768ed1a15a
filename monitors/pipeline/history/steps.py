"""Which change is undone next."""

from collections.abc import Iterable

from monitors.pipeline.history.records import Change, ChangeId


def next_back(changes: Iterable[Change]) -> Change | None:
    """Answer the last change that counts, to be undone next.

    A change counts unless one that counts has undone it; what undoes is no step of its own.

    Args:
        changes: the newest first.
    """
    undone: set[ChangeId] = set()
    for change in changes:
        if change.id in undone:
            continue
        if change.undoes is None:
            return change
        undone.add(change.undoes)
    return None
