"""The text of an article's page, without what stands around it on the page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page says.

    Attributes:
        text: the article in plain text, paragraphs separated by blank lines; no navigation,
            related headlines, comments or legal lines.
        title: the headline on the page, if it was found.
    """

    text: str
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoText:
    """The page holds no article; *message* says why, in one short line for people."""

    message: str
