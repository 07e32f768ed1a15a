"""Furniture is dropped at the end of an article, and no sentence of the article with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.stories.furniture import without_furniture

ARTICLE = ("The crane is late.", "“It is,” said the mayor.")


@pytest.mark.parametrize(
    "tail",
    [
        ["You may also like"],
        ["You may also like", "A bridge is built", "Ferry sinks a pedalo"],
        ["You may also like", "Leave a Comment", "Hosted by Byte – best hosting: office@byte.com"],
        ["Related", "A bridge is built", "Leave a comment", "Name", "Website"],
        ["Related stories:", "A bridge is built"],
        ["Read more: A bridge is built"],
        ["Most read", "A bridge is built"],
        ["3 Comments"],
        ["Comments (12)"],
        ["Leave a Reply", "Log in to leave a comment."],
        ["Share this on Mastodon"],
        ["Tags: crane, harbour"],
        ["Filed under: Harbour"],
        ["Advertisement"],
        ["Sign up for our newsletter and never miss a crane."],
        ["© 2026 Wire, an invented newspaper. All rights reserved."],
        ["Copyright 2026 Wire"],
        ["Next article"],
        ["Mehr zum Thema", "Brücke gebaut"],
        ["Alle Rechte vorbehalten."],
        ["Lire aussi : Un pont est construit"],
        ["Te puede interesar", "Un puente"],
        ["관련 기사", "다리가 세워졌다"],
        ["무단 전재 및 재배포 금지"],
        ["関連記事", "橋"],
        ["相关阅读", "桥"],
        ["Читайте также", "Построен мост"],
    ],
    ids=lambda tail: tail[0],
)
def test_furniture_at_the_end_is_dropped(tail):
    assert without_furniture([*ARTICLE, *tail]) == ARTICLE


@pytest.mark.parametrize(
    "tail",
    [
        ["Copyright law must change, she said."],
        ["Hosted by the city, the games ended on Sunday."],
        ["Related research found the same."],
        ["Comments on the plan may be sent until March."],
        ["Share prices fell by a tenth."],
        ["Tags on the cargo said otherwise."],
        ["Read more slowly, he advised."],
        ["Recommended doses are lower."],
        ["Will it ever come?"],
        ["「いつ来るのか」と市長は述べた。"],
        ["Reporting by Ada Ferreby"],
        ["What to watch", "March: the crane", "April: the ferry"],
        ["Read more: A bridge is built", "March: the crane"],
        ["Advertisement", "March: the crane"],
        ["You may also like", "The ferry, however, is on time."],
    ],
    ids=lambda tail: tail[0],
)
def test_what_may_be_the_article_is_kept(tail):
    assert without_furniture([*ARTICLE, *tail]) == (*ARTICLE, *tail)


def test_the_first_paragraph_is_kept_whatever_it_says():
    assert without_furniture(["Related", "Share"]) == ("Related",)
    assert without_furniture([]) == ()


def test_a_heading_is_not_looked_for_far_above_the_end():
    far = [*ARTICLE, "Related", *["A line"] * 30]
    assert without_furniture(far) == tuple(far)


@given(st.lists(st.text(max_size=30) | st.sampled_from(["Related", "Share", "A line", "End."])))
def test_what_is_left_is_a_beginning_of_what_was_given(paragraphs):
    left = without_furniture(paragraphs)
    assert left == tuple(paragraphs[: len(left)])
    assert left or not paragraphs


@given(st.lists(st.text(max_size=30) | st.sampled_from(["Related", "Share", "A line", "End."])))
def test_nothing_that_ends_in_a_full_stop_is_dropped(paragraphs):
    ends = [line for line in paragraphs if line.endswith(".") and "log in" not in line.lower()]
    assert all(line in without_furniture(paragraphs) for line in ends)
