"""An article: an entry accepted, one outlet's text at one canonical URL."""

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

ArticleId = NewType("ArticleId", int)
StoryId = NewType("StoryId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One outlet's text; the original characters, so that evidence can point into them.

    Attributes:
        identity: what its feed calls it, by the ladder of `stories.identity`.
        url: canonical address, or None where the feed gives none.
        link: the address that the feed's link leads to, as it was written, for people to open.
        outlet: who published it, a name for people.
        title: plain text, maybe empty.
        summary: plain text, maybe empty.
        text: the body in plain text, from the feed or the page, maybe empty.
        published_at: aware UTC; when first seen, where the feed has no usable date.
        seen_at: aware UTC.
        dated: whether the feed has a usable date; known of what it shows now.
        tags: those of its feed in rules.yaml, then those that the feed files it under.
        from_page: whether `text` comes from the article's page.
    """

    identity: str
    url: str | None
    link: str | None
    outlet: str
    title: str
    summary: str = ""
    text: str = ""
    author: str | None = None
    lang: str | None = None
    published_at: datetime
    seen_at: datetime
    dated: bool = True
    from_page: bool = False
    tags: tuple[str, ...] = ()
