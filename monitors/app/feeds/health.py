"""How feeds do, as scripts are told."""

from datetime import datetime

from monitors.gathering.checkup import Checkup
from monitors.times import iso


def as_json(one: Checkup) -> dict[str, object]:
    """Answer all that the list of feeds says of one."""
    memory = one.memory
    planned = one.next_poll_at

    def moment(value: datetime | None) -> str | None:
        return iso(value) if value else None

    return {
        "address": one.feed.address,
        "name": one.name,
        "tags": sorted(one.feed.tags),
        "state": one.state,
        "since": moment(one.since),
        "reason": memory.reason if memory else None,
        "message": memory.message if memory else None,
        "failures": memory.failures if memory else 0,
        "failing_since": moment(memory.failing_since) if memory else None,
        "last_poll": moment(memory.last_poll_at) if memory else None,
        "last_ok": moment(memory.last_ok_at) if memory else None,
        "last_new": moment(memory.last_new_at) if memory else None,
        "next_poll": moment(planned),
        "why": one.why,
        "posts_a_day": None if one.posts_a_day is None else round(one.posts_a_day, 2),
        "asked_at": memory.asked_at if memory else None,
        "host_free_at": moment(one.rests_until),
        "host_why": one.health.host_why if one.health and one.rests_until else None,
        "articles": one.health.articles if one.health else 0,
    }
