"""What is said of a list of feeds that was imported."""

from collections.abc import Sequence

from monitors.alerts.showing.legible import clean
from monitors.app.output import out, print_json, say
from monitors.rules.editing.feeds import Addition

_MOST_SHOWN = 10


def tell_import(addition: Addition, left_out: Sequence[tuple[str, str]], *, as_json: bool) -> None:
    """Say how many feeds of a list are new, and which could not be used, and why.

    Args:
        addition: what was added to rules.yaml.
        left_out: what the list names that is no feed, each with the reason.
        as_json: for scripts, a line for each.
    """
    unusable = (*left_out, *addition.refused)
    if as_json:
        for address in addition.added:
            print_json({"address": address, "done": "added"})
        for address in addition.known:
            print_json({"address": address, "done": "known"})
        for address, why in unusable:
            print_json({"address": address, "error": {"message": why}})
    added, known = len(addition.added), len(addition.known)
    total = added + known + len(unusable)
    parts = [f"{added:,} of {total:,} feeds are new and were added"]
    if known:
        parts.append(f"{known:,} {'was' if known == 1 else 'were'} there already")
    if unusable:
        parts.append(f"{len(unusable):,} cannot be used")
    told = f"{'; '.join(parts)}{':' if unusable else '.'}"
    say(told) if as_json else out().print(told, soft_wrap=True)
    for address, why in unusable[:_MOST_SHOWN]:
        say(f"  {clean(address).text}: {why}")
    if len(unusable) > _MOST_SHOWN:
        say(f"  and {len(unusable) - _MOST_SHOWN:,} more")
