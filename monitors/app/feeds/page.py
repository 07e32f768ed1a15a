"""All that is known of one feed: a page for people."""

from collections.abc import Iterator
from datetime import tzinfo

from monitors.alerts.showing.legible import clean
from monitors.app.feeds.health import as_json
from monitors.gathering.dossier import Dossier, facts
from monitors.times import iso

_LABEL = 12


def page(dossier: Dossier, zone: tzinfo) -> Iterator[str]:
    """Yield the lines of a feed's page, its times on the clock of *zone*."""
    one, brought = dossier.one, dossier.brought
    yield clean(one.name).text if one.name else one.feed.address
    for label, told in facts(dossier, zone):
        if told:
            yield f"  {label:<{_LABEL}}{clean(told).text}"
    for article in brought.newest if brought else ():
        mark = "*" if article.matched else " "
        seen = article.seen_at.astimezone(zone).strftime("%d %b %H:%M")
        yield f"    {mark} {seen}  {clean(article.title or '(no title)').text}"


def page_as_json(dossier: Dossier) -> dict[str, object]:
    """Answer a feed's page for scripts: what the list says of it, and more."""
    one, brought, push = dossier.one, dossier.brought, dossier.push
    memory = one.memory
    pace = memory.pace if memory else None
    return {
        **as_json(one),
        "hours": list(memory.habit.hours) if memory else [],
        "hints": {
            "gap": pace.gap.total_seconds() if pace and pace.gap else None,
            "max_age": memory.max_age.total_seconds() if memory and memory.max_age else None,
            "skip_hours": sorted(pace.skip_hours) if pace else [],
            "skip_days": sorted(pace.skip_days) if pace else [],
        },
        "validators": bool(memory and (memory.validators.etag or memory.validators.last_modified)),
        "moved_to": memory.moved_to if memory else None,
        "push": {"hub": push.hub, "state": push.standing(one.now).value} if push else None,
        "rules": list(dossier.rules),
        "full_text": one.feed.full_text.value,
        "week": {
            "articles": brought.articles if brought else 0,
            "matched": brought.matched if brought else 0,
            "pages": brought.pages if brought else 0,
            "pages_read": brought.pages_read if brought else 0,
        },
        "newest": [
            {"title": each.title, "seen": iso(each.seen_at), "matched": each.matched}
            for each in (brought.newest if brought else ())
        ],
    }
