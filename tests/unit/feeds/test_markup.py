"""HTML to plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.feeds.markup import plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<b>AUK</b>US", "AUKUS"),
        ("<p>One</p><p>Two<br>Three</p>", "One\nTwo\nThree"),
        ("<tr><td>1</td><td>2</td></tr>", "1 2"),
        ("  One\n\n two\u00a0&nbsp;three ", "One two three"),
        ("a<script>if (x < y) { '<b>' }</script>b<STYLE>p {}</style>c", "abc"),
        ("before<!-- not > this --> after", "before after"),
        ('<a title="x > y">link</a> and', "link and"),
        ("<o:p></o:p><x-emoji a='b'>smile</x-emoji>", "smile"),
        ("<![CDATA[inside]]>", "inside"),
        ('cut off <a href="https://x', "cut off"),
        ("", ""),
    ],
)
def test_blocks_start_lines_and_other_tags_vanish(markup, text):
    assert plain_text(markup) == text


@pytest.mark.parametrize(
    "text",
    ["Errors: <raise> or <never>", "List<String>", "1 < 2 and 3 > 2", "AT&T", "?a=1&copy=2", "<3"],
)
def test_what_only_looks_like_markup_stays(text):
    assert plain_text(text) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Fish &amp; chips", "Fish & chips"),
        ("Fish &amp;amp; chips", "Fish & chips"),
        ("It&amp;#8217;s", "It\u2019s"),
        ("&lt;p&gt;Fish &amp;amp; chips&lt;/p&gt;", "Fish & chips"),
        ("how to &lt;raise&gt;", "how to <raise>"),
        ("<p>write &lt;b&gt;bold&lt;/b&gt;</p>", "write <b>bold</b>"),
        ("&amp;amp;amp;", "&amp;"),
    ],
)
def test_entities_are_decoded_twice_at_most(markup, text):
    assert plain_text(markup) == text


@given(st.text(alphabet="<>&;/!-\"' abp#x\n", max_size=80))
def test_no_markup_is_too_broken_to_be_read(markup):
    text = plain_text(markup)
    assert text == "\n".join(" ".join(line.split()) for line in text.split("\n"))
