"""`bot.py status`: what is running, and what waits?"""

from monitors.adapters.sqlite.database import look_into
from monitors.app.clock import now
from monitors.app.commands.health import sickness
from monitors.app.options import DATA, RULES, Data, Json, Rules
from monitors.app.output import out, print_json
from monitors.app.settings import from_environment
from monitors.times import iso


def status(rules: Rules = RULES, data: Data = DATA, *, as_json: Json = False) -> None:
    """Show what is running and what waits."""
    settings = from_environment(rules, data)
    with look_into(settings.store) as ledger:
        heart = ledger.heart.last()
        feeds = ledger.feeds.health()
        counts = ledger.outbox.counts()
        trouble = ledger.talks.trouble()
        doubts = ledger.outbox.doubts()
        held = ledger.outbox.holds(now())
        held_why = ledger.outbox.held_why(now())
    failing = sum(feed.memory.failures > 0 for feed in feeds)
    sick = sickness(settings, heart)
    if as_json:
        print_json(
            {
                "running": sick is None,
                "why_not": sick,
                "process": heart.process if heart else None,
                "last_sign": iso(heart.at) if heart else None,
                "feeds": len(feeds),
                "feeds_failing": failing,
                "outbox": dict(counts),
                "deaf": trouble.why if trouble and not sick else None,
                "deaf_since": iso(trouble.since) if trouble and not sick else None,
                "in_doubt": {
                    "lost_answers": doubts.doubts,
                    "found": doubts.found,
                    "sent_again": doubts.sent_again,
                },
                "held": {peer: iso(until) for peer, until in held.items()},
                "held_why": held_why,
            }
        )
        return
    console = out()
    running = f"running (process {heart.process})" if heart and not sick else f"not running: {sick}"
    console.print(f"Newsbell  {running}")
    console.print(f"Feeds     {len(feeds)}, of which {failing} cannot be read now")
    waiting = {state: count for state, count in counts.items() if state not in ("sent", "dropped")}
    told = ", ".join(f"{count} {state}" for state, count in waiting.items()) or "nothing waits"
    console.print(f"Outbox    {counts.get('sent', 0)} sent, {told}")
    if trouble and not sick:
        console.print(f"Chat      {trouble.why}", soft_wrap=True, markup=False)
    if doubts.doubts:
        console.print(
            f"Doubts    {doubts.doubts} answers lost; {doubts.found} messages found in the chat, "
            f"{doubts.sent_again} sent again, marked"
        )
    if held:
        chats = "1 chat is" if len(held) == 1 else f"{len(held)} chats are"
        why = f": {'; '.join(held_why)}" if held_why else ""
        said = f"Held      {chats} left alone for a while{why}"
        console.print(said, soft_wrap=True, markup=False)
