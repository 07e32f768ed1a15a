"""The stories of the last days, in memory."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitors.grouping.reason import Strength
from monitors.grouping.sketch import Sketch
from monitors.stories.article import ArticleId, StoryId

WINDOW = timedelta(hours=96)
"""A story that was not reported for so long is over; what comes next is another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How much an article looks like the articles of a story.

    Attributes:
        score: log-odds that both report one event.
        nearest: the article of the story that is most alike.
        words: what both have, the most telling first.
        hours: between the article and the last one of the story.
        at_most: no surer than this, because a guard says so; None where none does.
        against: what that guard has found, in a few words for people.
    """

    story: StoryId
    score: float
    nearest: ArticleId
    words: tuple[str, ...]
    hours: float
    at_most: Strength | None = None
    against: str | None = None


@dataclass(slots=True)
class Window:
    """Stories, and the articles of each.

    What it answers depends on nothing but the articles in it, with their stories and sketches.
    """

    _stories: dict[StoryId, dict[ArticleId, Sketch]] = field(default_factory=dict)
    _places: dict[ArticleId, StoryId] = field(default_factory=dict)

    def __len__(self) -> int:
        """Answer how many articles are in it."""
        return len(self._places)

    def alike(self, sketch: Sketch) -> tuple[Likeness, ...]:
        """Answer the stories that look like *sketch*, the most likely first."""
        del sketch
        return ()

    def put(self, article: ArticleId, story: StoryId, sketch: Sketch) -> None:
        """Have *article* in *story*: as a new one, a revised one, or one that was elsewhere."""
        self.drop(article)
        self._places[article] = story
        self._stories.setdefault(story, {})[article] = sketch

    def drop(self, article: ArticleId) -> None:
        """Forget *article*, if it is known."""
        story = self._places.pop(article, None)
        if story is None:
            return
        articles = self._stories[story]
        del articles[article]
        if not articles:
            del self._stories[story]

    def expire(self, before: datetime) -> None:
        """Forget the stories of which nothing was reported since *before*."""
        over = [
            story
            for story, articles in self._stories.items()
            if max(sketch.at for sketch in articles.values()) < before
        ]
        for story in over:
            for article in tuple(self._stories[story]):
                self.drop(article)
