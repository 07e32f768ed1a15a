"""`make demo-chat`: a developer watches and holds a conversation in the terminal."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.conftest import PATIENCE, ROOT

# As the Makefile has it, with the environment in which this test runs.
MAKE = ["make", "-s", "-o", ".venv/test", f"BIN={Path(sys.executable).parent}", "demo-chat"]
DEMO = [sys.executable, "-m", "tests.demo_chat"]


def test_lines_of_a_pipe_are_said_and_answered(tmp_path):
    dropped = tmp_path / "notes.txt"
    dropped.write_text("no list of feeds")
    lines = f"/start\n!1\n!99\n/drop {dropped}\n/drop {tmp_path}/none\n"

    done = subprocess.run(
        MAKE, cwd=ROOT, input=lines, capture_output=True, text=True, timeout=5 * PATIENCE,
        check=False,
    )  # fmt: skip

    before, _, after = done.stdout.partition("You\n/start")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "!2 presses button 2" in before.splitlines()[0]
    assert "AUKUS" in before.partition("Newsbell\n")[2]
    assert re.search(r"<https://[\w-]+\.example/\S+>\n", before)
    assert "[1 " in before
    assert re.search(r"#\d+ Newsbell\n", after)
    assert "(presses " in after
    assert "pops up: " in after
    assert "There is no such button." in after
    assert "(file notes.txt, 16 bytes)" in after
    assert "none cannot be sent: No such file or directory." in after
    assert not is_alive(process_of(done.stdout))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_that_was_started(number):
    with at_a_terminal(DEMO) as (demo, read, write):
        said = read("[1 ")
        write("!1\n")
        read("pops up: ")
        demo.send_signal(number)
        code = demo.wait(timeout=PATIENCE)

    assert code == 0
    assert not is_alive(process_of(said))


def test_it_says_when_the_bot_ends_by_itself():
    with at_a_terminal(DEMO) as (demo, read, _):
        process = process_of(read("[1 "))
        os.kill(process, signal.SIGKILL)
        said = read("ended by itself")
        code = demo.wait(timeout=PATIENCE)

    assert "(-9)" in said
    assert code == 1


@contextmanager
def at_a_terminal(command):
    """Run a command at a terminal; answer it, what reads until a text is shown, and what types."""
    ours, theirs = pty.openpty()
    demo = subprocess.Popen(command, cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = bytearray()

    def read(text):
        while text not in shown.decode("utf-8", "replace"):
            assert select.select([ours], [], [], PATIENCE)[0], shown.decode("utf-8", "replace")
            shown.extend(os.read(ours, 65_536))
        return shown.decode("utf-8", "replace")

    try:
        yield demo, read, lambda text: os.write(ours, text.encode())
    finally:
        if demo.poll() is None:
            demo.terminate()
            demo.wait(timeout=PATIENCE)
        os.close(ours)


def process_of(said):
    return int(re.search(r"Newsbell is process (\d+);", said)[1])


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
