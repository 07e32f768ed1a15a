"""Files beside rules.yaml: feeds, their pages, and the file of rules itself."""

import asyncio
import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from monitors.adapters.files.local_feeds import FeedFiles
from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.feeds.feed import FailureReason, Fetched, FetchFailed, NotModified, Validators
from monitors.language.problems import Problem
from monitors.rules.editing.edits import digest_of

ROOT = Path(__file__).parents[2]
NONE = Validators()
LINK = "https://wire.example/world/talks"


def fetch(folder, address, validators=NONE):
    return asyncio.run(FeedFiles(folder).fetch(address, validators))


def fetch_page(folder, address, link=LINK):
    return asyncio.run(FeedFiles(folder).fetch_page(address, link))


@pytest.fixture
def folder(tmp_path):
    """A folder with a feed in it, and a secret beside it."""
    (tmp_path / "secret.xml").write_text("secret")
    inside = tmp_path / "newsbell"
    (inside / "sample" / "wire").mkdir(parents=True)
    (inside / "sample" / "wire.xml").write_text("<rss/>")
    (inside / "sample" / "wire" / "talks.html").write_text("<p>Talks")
    (inside / "sample" / "secret.html").write_text("secret")
    return inside


def test_a_feed_that_is_a_file_is_read(folder):
    outcome = fetch(folder, "sample/wire.xml")
    assert (outcome.body, outcome.address) == (b"<rss/>", "sample/wire.xml")
    assert fetch(folder, "./sample/wire.xml").body == b"<rss/>"


def test_a_file_that_did_not_change_is_not_read_again(folder):
    first = fetch(folder, "sample/wire.xml")
    assert fetch(folder, "sample/wire.xml", first.validators) == NotModified(
        validators=first.validators
    )


def test_a_file_that_changed_is_read_again_even_at_the_same_size_and_time(folder):
    path = folder / "sample" / "wire.xml"
    first = fetch(folder, "sample/wire.xml")
    before = path.stat()
    new = folder / "new.xml"
    new.write_text("<xml/>")
    os.utime(new, ns=(before.st_atime_ns, before.st_mtime_ns))
    new.replace(path)
    assert fetch(folder, "sample/wire.xml", first.validators).body == b"<xml/>"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("none.xml", "no such file"),
        ("sample/wire.xml/none", "no such file"),
        ("sample", "a directory"),
        (".", "a directory"),
        ("pipe", "not an ordinary file"),
        ("device", "only files beside rules.yaml"),
        ("link-out.xml", "only files beside rules.yaml"),
        ("sample-out/secret.xml", "only files beside rules.yaml"),
        ("../secret.xml", "only files beside rules.yaml"),
        ("sample/../../secret.xml", "only files beside rules.yaml"),
        ("/etc/hostname", "only files beside rules.yaml"),
        ("", "only files beside rules.yaml"),
        ("nul\0.xml", "only files beside rules.yaml"),
        ("x" * 5000, "cannot be read"),
    ],
)
def test_nothing_but_ordinary_files_beside_the_rules_is_read(folder, address, words):
    os.mkfifo(folder / "pipe")
    (folder / "device").symlink_to("/dev/zero")
    (folder / "link-out.xml").symlink_to("../secret.xml")
    (folder / "sample-out").symlink_to("..")
    outcome = fetch(folder, address)
    assert isinstance(outcome, FetchFailed)
    assert outcome.reason is FailureReason.NO_FILE
    assert words in outcome.message


def test_links_within_the_folder_are_followed(folder):
    (folder / "link.xml").symlink_to("sample/wire.xml")
    assert fetch(folder, "link.xml").body == b"<rss/>"


def test_links_in_a_circle_are_refused(folder):
    (folder / "a.xml").symlink_to("b.xml")
    (folder / "b.xml").symlink_to("a.xml")
    assert fetch(folder, "a.xml").reason is FailureReason.NO_FILE


def test_a_file_that_is_too_large_is_refused(folder):
    with (folder / "large.xml").open("wb") as file:
        file.truncate(10_000_001)
    outcome = fetch(folder, "large.xml")
    assert outcome.reason is FailureReason.TOO_LARGE
    assert outcome.message == "it is larger than 10 MB"


def test_an_article_of_a_file_brings_its_page(folder):
    page = fetch_page(folder, "sample/wire.xml")
    assert page == Fetched(body=b"<p>Talks", address=LINK, content_type="text/html")
    assert fetch_page(folder, "sample/wire.xml", LINK + "/?a=b#c").body == b"<p>Talks"


@pytest.mark.parametrize(
    "link",
    [
        "https://wire.example/world/none",
        "https://wire.example/",
        "https://wire.example/..",
        "https://wire.example/../secret",
        "https://wire.example/%2e%2e%2fsecret",
        "https://wire.example/.hidden",
        "https://wire.example/..%5csecret",
        "https://wire.example/talks%00",
        "https://wire.example/t\N{LATIN SMALL LETTER ALPHA}lks",
        "https://wire.example/" + "x" * 300,
        "http://[",
        "talks.html talks",
        "",
    ],
)
def test_no_other_file_is_taken_for_a_page(folder, link):
    (folder / "sample" / "wire" / ".hidden.html").write_text("secret")
    assert fetch_page(folder, "sample/wire.xml", link) is None


@pytest.mark.parametrize(
    "address",
    ["sample/none.xml", "sample/wire", "sample/wire.xml/x.xml", "../newsbell/sample/wire.xml", "."],
)
def test_only_the_folder_of_the_feed_holds_its_pages(folder, address):
    assert fetch_page(folder, address) is None


def test_a_page_cannot_lead_out_of_the_folder_of_its_feed(folder):
    (folder / "sample" / "wire" / "out.html").symlink_to("../secret.html")
    assert fetch_page(folder, "sample/wire.xml", "https://wire.example/out") is None


def test_a_page_that_is_no_file_is_a_failure(folder):
    os.mkfifo(folder / "sample" / "wire" / "pipe.html")
    outcome = fetch_page(folder, "sample/wire.xml", "https://wire.example/pipe")
    assert outcome.reason is FailureReason.NO_FILE


def test_every_page_of_the_sample_is_found():
    address = "sample/harbour-herald.xml"
    link = "https://harbour-herald.example/world/second-pillar-talks"
    assert b"Pillar 2" in fetch_page(ROOT, address, link).body


# rules.yaml


@pytest.fixture
def rules(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text("rules: []\n")
    return path


def test_the_text_comes_exactly_as_it_is(rules):
    text = "\N{ZERO WIDTH NO-BREAK SPACE}rules:\r\n  - name: ü\n\r"
    rules.write_bytes(text.encode())
    assert RulebookFile(rules).read() == text


def test_a_file_in_another_encoding_is_pointed_at(rules):
    rules.write_bytes("feeds:\n  - ü: ".encode() + "ä".encode("latin-1"))
    assert str(RulebookFile(rules).read()) == ("2:8: the file is not UTF-8 text. Save it as UTF-8")


@pytest.mark.parametrize("kind", ["missing", "directory", "pipe", "large"])
def test_a_file_that_cannot_be_read_is_a_problem(rules, kind):
    rules.unlink()
    if kind == "directory":
        rules.mkdir()
    elif kind == "pipe":
        os.mkfifo(rules)
    elif kind == "large":
        rules.write_bytes(b" " * 64_000_001)
    problem = RulebookFile(rules).read()
    words = {
        "missing": "there is no such file",
        "directory": "it is a directory, not a file",
        "pipe": "it is not an ordinary file",
        "large": "it is larger than 64 MB",
    }
    assert isinstance(problem, Problem)
    assert problem.message == words[kind]


def test_a_replaced_file_keeps_its_permissions_and_leaves_nothing_behind(rules):
    rules.chmod(0o640)
    assert RulebookFile(rules).replace("rules: [ü]\r\n", digest_of("rules: []\n")) is None
    assert rules.read_bytes() == "rules: [ü]\r\n".encode()
    assert stat.S_IMODE(rules.stat().st_mode) == 0o640
    assert list(rules.parent.iterdir()) == [rules]


def test_replacing_follows_a_link_and_keeps_it(rules, tmp_path):
    link = tmp_path / "config" / "rules.yaml"
    link.parent.mkdir()
    link.symlink_to("../rules.yaml")
    assert RulebookFile(link).replace("new", digest_of("rules: []\n")) is None
    assert link.is_symlink()
    assert rules.read_text() == "new"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/proc/version", "the file cannot be written"),
        ("/proc/newsbell/rules.yaml", "the file cannot be written"),
        ("/proc/newsbell.yaml", "there is no such file"),
    ],
)
def test_a_folder_that_takes_no_file_is_a_problem(path, words):
    expected = digest_of(Path(path).read_text()) if Path(path).exists() else ""
    problem = RulebookFile(Path(path)).replace("rules: []", expected)
    assert words in problem.message


def test_a_folder_that_is_read_only_is_seen_before(rules):
    assert RulebookFile(rules).refusal() is None
    problem = RulebookFile(Path("/sys/kernel/notes")).refusal()
    if os.access("/sys/kernel", os.W_OK):
        assert problem is None
    else:
        assert problem.message == "the file cannot be written: its folder is read-only"


def test_what_was_changed_meanwhile_is_not_overwritten(rules):
    rules.write_text("rules: [match: ship]\n")
    problem = RulebookFile(rules).replace("rules: [match: boat]\n", digest_of("rules: []\n"))
    assert problem.message == "the file was changed meanwhile"
    assert rules.read_text() == "rules: [match: ship]\n"
    assert list(rules.parent.iterdir()) == [rules]


def test_edits_of_many_processes_at_once_are_all_there(rules):
    rules.write_text("")
    code = textwrap.dedent(f"""
        import sys
        from pathlib import Path
        from monitors.adapters.files.rulebook_file import RulebookFile
        from monitors.rules.editing.edits import digest_of
        file = RulebookFile(Path({str(rules)!r}))
        for number in range(20):
            while True:
                text = file.read()
                new = f"{{text}}# {{sys.argv[1]}} {{number}}\\n"
                if file.replace(new, digest_of(text)) is None:
                    break
    """)
    writers = [subprocess.Popen([sys.executable, "-c", code, name], cwd=ROOT) for name in "abc"]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    lines = rules.read_text().splitlines()
    assert sorted(lines) == sorted(f"# {name} {number}" for name in "abc" for number in range(20))


def watch(file, *edits):
    """Make each edit once the one before was noticed; answer what was read then."""

    async def main():
        texts = []
        changes = file.changes(every_s=0.02)
        for edit in edits:
            edit()
            await asyncio.wait_for(anext(changes), 20)
            texts.append(file.read())
        await changes.aclose()
        return texts

    return asyncio.run(main())


def test_every_way_of_saving_is_noticed(rules):
    file = RulebookFile(rules)
    file.read()
    before = rules.stat()

    def in_place():
        rules.write_text("a: 1\n")

    def by_another_file():
        new = rules.with_suffix(".new")
        new.write_text("b: 1\n")
        new.replace(rules)

    def with_the_same_size_and_time():
        rules.write_text("c: 1\n")
        os.utime(rules, ns=(before.st_atime_ns, before.st_mtime_ns))

    def by_newsbell():
        assert file.replace("d: 1\n", digest_of("c: 1\n")) is None

    edits = (in_place, by_another_file, with_the_same_size_and_time, by_newsbell)
    assert watch(file, *edits) == ["a: 1\n", "b: 1\n", "c: 1\n", "d: 1\n"]


def test_a_file_that_goes_and_comes_back_is_noticed(rules):
    file = RulebookFile(rules)
    file.read()
    gone, back = watch(file, rules.unlink, lambda: rules.write_text("back"))
    assert (gone.message, back) == ("there is no such file", "back")


def test_what_was_never_read_is_news(rules):
    assert watch(RulebookFile(rules), lambda: None) == ["rules: []\n"]


def test_saving_the_same_text_is_no_change(rules):
    file = RulebookFile(rules)
    file.read()

    async def main():
        changes = file.changes(every_s=0.01)
        waiting = asyncio.ensure_future(anext(changes))
        for _ in range(5):
            await asyncio.to_thread(file.replace, "rules: []\n", digest_of("rules: []\n"))
        rules.write_text("new")
        await waiting
        waiting = asyncio.ensure_future(anext(changes))
        done, _ = await asyncio.wait([waiting], timeout=0.1)
        waiting.cancel()
        await asyncio.wait([waiting])
        return done

    assert asyncio.run(main()) == set()
    assert file.read() == "new"


def pack(rules, name, text):
    folder = rules.parent / "packs"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.yaml"
    path.write_text(text)
    return path


def test_a_pack_is_a_file_in_a_folder_beside_the_rules(rules):
    pack(rules, "company", "samsung: [Samsung]\n")
    pack(rules, "ship", "")
    file = RulebookFile(rules)

    assert file.read_pack("company") == "samsung: [Samsung]\n"
    assert file.read_pack("compan") is None
    assert file.packs() == ("company", "ship")


def test_without_packs_there_are_none(rules):
    file = RulebookFile(rules)

    assert (file.packs(), file.read_pack("company")) == ((), None)


@pytest.mark.parametrize("name", ["../rules", "a/b", "..", "a\\b", "a\0b"])
def test_the_name_of_a_pack_is_never_a_path(rules, name):
    with pytest.raises(AssertionError):
        RulebookFile(rules).read_pack(name)


def test_only_ordinary_files_of_bounded_size_in_the_folder_are_packs(rules, tmp_path):
    pack(rules, "large", " " * 2_000_001)
    os.mkfifo(rules.parent / "packs" / "pipe.yaml")
    (rules.parent / "packs" / "folder.yaml").mkdir()
    outside = tmp_path / "outside.yaml"
    outside.write_text("secret: [x]")
    (rules.parent / "packs" / "link.yaml").symlink_to(outside)
    (rules.parent / "packs" / "round.yaml").symlink_to("round.yaml")
    (rules.parent / "packs" / "inside.yaml").symlink_to("large.yaml")
    (rules.parent / "packs" / "latin.yaml").write_bytes(b"a: [\xe4]")
    file = RulebookFile(rules)
    answers = {
        name: file.read_pack(name)
        for name in ("large", "pipe", "folder", "link", "round", "inside", "latin")
    }

    assert {name: problem.message for name, problem in answers.items()} == {
        "large": "it is larger than 2 MB",
        "pipe": "it is not an ordinary file",
        "folder": "it is a directory, not a file",
        "link": "only files in packs/ are read",
        "round": "only files in packs/ are read",
        "inside": "it is larger than 2 MB",
        "latin": "the file is not UTF-8 text",
    }


def test_a_pack_that_was_asked_for_is_watched_until_the_rules_are_read_again(rules):
    file = RulebookFile(rules)
    file.read()
    file.read_pack("company")
    file.read_pack("ship")
    ours = pack(rules, "other", "a: [a]")

    async def main():
        changes = file.changes(every_s=0.01)

        async def noticed(edit):
            edit()
            await asyncio.wait_for(anext(changes), 20)

        await noticed(lambda: pack(rules, "company", "a: [b]"))
        await noticed(lambda: pack(rules, "ship", "a: [b]"))
        await noticed((rules.parent / "packs" / "ship.yaml").unlink)
        file.read()
        ours.write_text("a: [c]")
        pack(rules, "company", "a: [d]")
        waiting = asyncio.ensure_future(anext(changes))
        done, _ = await asyncio.wait([waiting], timeout=0.2)
        waiting.cancel()
        await asyncio.wait([waiting])
        return done

    assert asyncio.run(main()) == set()
