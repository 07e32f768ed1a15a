"""A reader of pages that does to its process what the page tells it to.

It imports little, because every process that a test starts loads it anew.
"""

import ctypes
import logging
import os
import signal
import sys
import threading

from monitors.stories.page import NoText


def say_pid():
    return NoText(message=f"{os.getpid()}")


def recurse():
    return recurse()


def make_noise():
    print("noise")
    os.write(1, b"noise")
    os.write(2, b"noise" * 100_000)
    logging.getLogger().error("noise")
    return say_pid()


def raise_signals():
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGTERM)
    return say_pid()


BEHAVIOURS = {
    b"exit": lambda: os._exit(3),
    b"leave": sys.exit,
    b"crash": lambda: ctypes.string_at(0),
    b"killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    b"odd": lambda: say_pid.__code__,
    b"memory": lambda: bytearray(2 << 30),
    b"deep": recurse,
    b"hang": lambda: threading.Event().wait(),
    b"fault": lambda: 1 / 0,
    b"noise": make_noise,
    b"signals": raise_signals,
    b"long": lambda: NoText(message="x" * 5_000_000),
}


def behave(body, _address, _content_type):
    """Stand in for a parser that does what its input makes it do."""
    return BEHAVIOURS.get(body, say_pid)()
