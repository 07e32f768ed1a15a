"""Files of recorded articles."""

import gzip

import pytest

from monitors.app.commands.replay import read_records
from monitors.errors import MonitorsError
from tests.fakes.stand_ins import START

LINE = b'{"id": 7, "title": "Talks", "outlet": "Wire", "published": "2026-11-05T10:00:00+01:00"}\n'


def refusal(path):
    with pytest.raises(MonitorsError) as raised:
        list(read_records(path))
    return str(raised.value)


def test_an_outlet_is_a_source_under_another_name(tmp_path):
    path = tmp_path / "set.jsonl"
    more = b'{"id": "8", "title": "More", "source": "A", "outlet": "B"}'
    path.write_bytes(b"\xef\xbb\xbf" + LINE + b"\n\n" + more)

    first, second = read_records(path)

    assert (first.id, first.title, first.source) == ("7", "Talks", "Wire")
    assert first.published_at == START
    assert (second.source, second.published_at) == ("A", None)


def test_a_packed_file_is_read_as_it_is(tmp_path):
    path = tmp_path / "set.jsonl.gz"
    path.write_bytes(gzip.compress(LINE * 2))

    assert [one.id for one in read_records(path)] == ["7", "7"]


@pytest.mark.parametrize("cut", [0.0, 0.6])
def test_a_damaged_packed_file_is_refused(tmp_path, cut):
    whole = gzip.compress(LINE * 200)
    path = tmp_path / "set.jsonl.gz"
    path.write_bytes(whole[: int(len(whole) * cut)] or LINE)

    assert "is no whole gzip file" in refusal(path)


def test_a_line_without_end_is_refused(tmp_path):
    path = tmp_path / "set.jsonl.gz"
    path.write_bytes(gzip.compress(LINE + b"[" * 10_000_001))

    assert refusal(path).endswith("gz:2: this is more than 10 MB. Write one article a line.")


def test_the_line_is_named_that_is_no_text(tmp_path):
    path = tmp_path / "set.jsonl"
    path.write_bytes(LINE + b"\xff\xfe\n")

    assert refusal(path) == f"{path}:2: this is not UTF-8 text. Save it as UTF-8."


@pytest.mark.parametrize("year", ["0001", "1899", "2200", "9999"])
def test_a_year_that_no_article_is_of_is_refused(tmp_path, year):
    path = tmp_path / "set.jsonl"
    path.write_text(f'{{"id": 1, "title": "Talks", "published": "{year}-12-31T12:00:00Z"}}')

    assert f"published is {year}-12-31T12:00:00Z, which is no time from 1900" in refusal(path)
