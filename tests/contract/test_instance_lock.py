"""One Newsbell on one directory, whatever becomes of the other."""

import fcntl
import os
import subprocess
import sys
from contextlib import contextmanager

import pytest

from monitors.adapters.files.instance_lock import is_held, only_one
from monitors.errors import StoreBusyError, StoreError

HOLDER = """
import sys
from pathlib import Path
from monitors.adapters.files.instance_lock import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_newsbell(path):
    """Answer another process that holds the lock at *path* until it is told to end, or dies."""
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "lock"


def test_the_lock_makes_its_directory_and_names_its_holder(path):
    with only_one(path):
        assert path.read_text() == f"{os.getpid()}\n"


def test_whoever_comes_second_is_told_who_was_first(path):
    with (
        only_one(path),
        pytest.raises(StoreBusyError, match=rf"\(process {os.getpid()}\).*--data"),
        only_one(path),
    ):
        pass
    assert path.read_text() == f"{os.getpid()}\n"


def test_the_lock_holds_between_processes(path):
    with another_newsbell(path) as other:
        assert is_held(path)
        with pytest.raises(StoreBusyError, match=rf"\(process {other.pid}\)"), only_one(path):
            pass
        other.stdin.close()
        other.wait()
        assert not is_held(path)
        with only_one(path):
            assert is_held(path)


def test_the_lock_of_a_process_that_was_killed_is_free(path):
    with another_newsbell(path) as other:
        other.kill()
        other.wait()
        with only_one(path):
            assert path.read_text() == f"{os.getpid()}\n"


def test_the_lock_is_free_again_when_the_block_ends_or_fails(path):
    with pytest.raises(KeyError), only_one(path):
        raise KeyError
    assert not is_held(path)
    with only_one(path):
        assert is_held(path)


def test_asking_disturbs_no_holder_and_no_other_asker(path):
    with only_one(path):
        assert [is_held(path), is_held(path)] == [True, True]
        assert path.read_text() == f"{os.getpid()}\n"
    assert [is_held(path), is_held(path)] == [False, False]


@pytest.mark.parametrize("name", ["missing", "missing/lock", "file/lock"])
def test_a_lock_that_was_never_taken_is_not_held(tmp_path, name):
    (tmp_path / "file").touch()
    assert not is_held(tmp_path / name)


@pytest.mark.parametrize("left", [b"", b"\xff\xfe", b"not a number"])
def test_a_lock_without_the_number_of_its_holder_is_refused_all_the_same(path, left):
    path.parent.mkdir()
    path.write_bytes(left)
    with path.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(StoreBusyError, match="Another Newsbell is running on"), only_one(path):
            pass


def test_a_directory_that_cannot_be_made_is_an_error_that_says_what_to_do(tmp_path):
    (tmp_path / "data").touch()
    with (
        pytest.raises(StoreError, match=r"cannot be written.*--data") as caught,
        only_one(tmp_path / "data" / "lock"),
    ):
        pass
    assert not isinstance(caught.value, StoreBusyError)
