"""Where the terminal's alerts go: a screen for people, or lines of JSON for scripts."""

from datetime import UTC, tzinfo
from typing import Any

from rich.console import Console

from monitors.adapters.terminal.screen import Screen
from monitors.alerts.alert import AlertContent, Report, Snippet
from monitors.alerts.digest import Digest
from monitors.alerts.showing.digest import digest_text, digest_title
from monitors.app.output import print_json
from monitors.times import iso


class PeopleBoard:
    """Alerts laid out for people; implements `app.routing.Board`."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def show(
        self, chat: str, content: AlertContent, *, reply: bool, doubtful: bool, zone: tzinfo
    ) -> None:
        """Show a new alert; what a *reply* is about stands in its note."""
        del reply
        Screen(self._console, zone=zone).show(chat, content, doubtful=doubtful)

    def grow(self, chat: str, content: AlertContent, *, zone: tzinfo) -> None:
        """Show that a story has grown."""
        Screen(self._console, zone=zone).grow(chat, content)

    def list(self, chat: str, digest: Digest, *, doubtful: bool, zone: tzinfo) -> None:
        """Show a digest."""
        text = digest_text(digest, zone=zone, doubtful=doubtful, limit=None)
        Screen(self._console, zone=zone).say(chat, text)

    def say(self, chat: str, notice: str) -> None:
        """Show a notice."""
        Screen(self._console, zone=UTC).say(chat, notice)


class JsonBoard:
    """One JSON object a line; implements `app.routing.Board`."""

    def show(
        self, chat: str, content: AlertContent, *, reply: bool, doubtful: bool, zone: tzinfo
    ) -> None:
        """Show a new alert or a reply; *zone* does not matter: times are in UTC."""
        del zone
        action = "reply" if reply else "new"
        print_json({"chat": chat, "action": action, **as_json(content), "doubtful": doubtful})

    def grow(self, chat: str, content: AlertContent, *, zone: tzinfo) -> None:
        """Show that a story has grown."""
        del zone
        print_json({"chat": chat, "action": "revise", **as_json(content), "doubtful": False})

    def list(self, chat: str, digest: Digest, *, doubtful: bool, zone: tzinfo) -> None:
        """Show a digest, each alert as it would be by itself."""
        print_json(
            {
                "chat": chat,
                "action": "digest",
                "title": digest_title(digest, zone=zone),
                "together": digest.together.value,
                "total": digest.total,
                "first": digest.first,
                "not_listed": digest.hidden,
                "alerts": [as_json(story) for story in digest.stories],
                "doubtful": doubtful,
            }
        )

    def say(self, chat: str, notice: str) -> None:
        """Show a notice."""
        print_json({"chat": chat, "action": "notice", "text": notice})


def as_json(content: AlertContent) -> dict[str, Any]:
    """Answer what an alert tells, as scripts read it."""
    marked = [_marked(content.headline), *(_marked(snippet) for snippet in content.snippets)]
    return {
        "title": content.headline.text,
        "url": content.link,
        "outlet": content.outlet,
        "published": iso(content.published_at),
        "rules": list(content.rules),
        "in_part": [
            {"rule": one.rule, "missing": list(one.missing), "why": one.why}
            for one in content.in_part
        ],
        "evidence": sorted({word for words in marked for word in words}),
        "snippets": [snippet.text for snippet in content.snippets],
        "others": [_report(other) for other in content.others],
        "note": content.note,
        "earlier": _report(content.earlier) if content.earlier else None,
        "related": [_report(other) for other in content.related],
        "broke_out": list(content.broke_out),
        "urgent": content.urgent,
    }


def _report(report: Report) -> dict[str, Any]:
    return {"outlet": report.outlet, "title": report.title, "url": report.link}


def _marked(snippet: Snippet) -> list[str]:
    return [snippet.text[start:end] for start, end in snippet.marks]
