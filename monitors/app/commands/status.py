"""`bot.py status`: what is running, and what waits?"""

from rich.console import Console

from monitors.adapters.sqlite.database import look_into
from monitors.app.clock import machine_zone, now
from monitors.app.commands.health import sickness
from monitors.app.options import DATA, RULES, Data, Json, Rules
from monitors.app.output import out, print_json
from monitors.app.settings import from_environment
from monitors.pipeline.delivering.overview import Overview, midnight, overview
from monitors.pipeline.telling.failed import Folded
from monitors.times import about, iso


def status(rules: Rules = RULES, data: Data = DATA, *, as_json: Json = False) -> None:
    """Show what is running and what waits."""
    settings = from_environment(rules, data)
    at = now()
    with look_into(settings.store) as ledger:
        heart = ledger.heart.last()
        seen = overview(ledger, at, midnight(at, machine_zone()))
    sick = sickness(settings, heart)
    process = heart.process if heart else None
    if as_json:
        running = {
            "running": sick is None,
            "why_not": sick,
            "process": process,
            "last_sign": iso(heart.at) if heart else None,
        }
        print_json(running | _as_json(seen, is_running=sick is None))
        return
    console = out()
    running_ = f"running (process {process})" if heart and not sick else f"not running: {sick}"
    console.print(f"Newsbell  {running_}")
    _print(console, seen, is_running=sick is None)


def _as_json(seen: Overview, *, is_running: bool) -> dict[str, object]:
    trouble = seen.trouble if is_running else None
    refusal = seen.refusal if is_running else None
    last, backlog = seen.last, seen.backlog
    return {
        "feeds": seen.feeds,
        "feeds_failing": seen.failing,
        "outbox": dict(seen.counts),
        "deaf": trouble.why if trouble else None,
        "deaf_since": iso(trouble.since) if trouble else None,
        "rules_broken": refusal.why if refusal else None,
        "rules_broken_since": iso(refusal.since) if refusal else None,
        "in_doubt": {
            "lost_answers": seen.doubts.doubts,
            "found": seen.doubts.found,
            "sent_again": seen.doubts.sent_again,
        },
        "digests": {"digests": seen.folded.digests, "alerts": seen.folded.alerts},
        "held": {peer: iso(until) for peer, until in seen.holds.items()},
        "held_why": seen.held_why,
        "due": backlog.due,
        "oldest_due": iso(backlog.oldest) if backlog.oldest else None,
        "held_back": backlog.held,
        "sent_today": backlog.sent,
        "last_alert": iso(last.sent_at) if last else None,
    }


def _print(console: Console, seen: Overview, *, is_running: bool) -> None:
    console.print(f"Feeds     {seen.feeds}, of which {seen.failing} cannot be read now")
    gone = ("sent", "dropped")
    waiting = {state: count for state, count in seen.counts.items() if state not in gone}
    told = ", ".join(f"{count} {state}" for state, count in waiting.items()) or "nothing waits"
    console.print(f"Outbox    {seen.counts.get('sent', 0)} sent{_together(seen.folded)}, {told}")
    console.print(f"Today     {seen.backlog.sent} alerts, replies and digests sent")
    if seen.last:
        took = about(seen.last.sent_at - seen.last.decided_at)
        console.print(f"Last      alert at {iso(seen.last.sent_at)}, {took} after it was decided")
    if seen.trouble and is_running:
        console.print(f"Chat      {seen.trouble.why}", soft_wrap=True, markup=False)
    if seen.refusal and is_running:
        since = f"broken since {iso(seen.refusal.since)}; the last good rules stay in force"
        console.print(f"Rules     {since}", soft_wrap=True)
        console.print(f"          {seen.refusal.why}", soft_wrap=True, markup=False)
    doubts = seen.doubts
    if doubts.doubts:
        console.print(
            f"Doubts    {doubts.doubts} answers lost; {doubts.found} messages found in the chat, "
            f"{doubts.sent_again} sent again, marked"
        )
    if seen.holds:
        console.print(f"Held      {_left_alone(seen)}", soft_wrap=True, markup=False)


def _left_alone(seen: Overview) -> str:
    """Answer how many chats are left alone, and why."""
    chats = "1 chat is" if len(seen.holds) == 1 else f"{len(seen.holds)} chats are"
    why = f": {'; '.join(seen.held_why)}" if seen.held_why else ""
    return f"{chats} left alone for a while{why}"


def _together(folded: Folded) -> str:
    """Answer how many alerts came together, if any did."""
    if not folded.digests:
        return ""
    digests = "1 digest tells" if folded.digests == 1 else f"{folded.digests} digests tell"
    return f" ({digests} of {folded.alerts} alerts)"
