"""A window also compares stories that it would not have found."""

from datetime import UTC, datetime, timedelta

from monitors.grouping.window import Window
from monitors.stories.article import Article, ArticleId, StoryId

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def article(title, age=0):
    at = NOW - age * HOUR
    return Article(
        identity=title,
        url=None,
        link=None,
        outlet="",
        title=title,
        published_at=at,
        seen_at=at,
    )


def test_stories_that_are_asked_for_change_nothing_of_those_that_are_found():
    window = Window()
    for number, one in enumerate(
        (
            article("Allies talk of pacts and harbours"),
            article("Heron counted on the estuary"),
            article("Otter seen on the estuary", 120),
        ),
        start=1,
    ):
        window.put(ArticleId(number), StoryId(number), window.read(one).sketch)
    draft = window.read(article("Allies talk of pacts"))

    found = window.alike(draft)
    asked = window.alike(draft, [StoryId(1), StoryId(2), StoryId(3), StoryId(9)])

    assert [one.story for one in found] == [1]
    assert asked[0] == found[0]
    assert [one.story for one in asked] == [1, 2]  # the third is over, the last is not known
