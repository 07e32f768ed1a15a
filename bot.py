"""Newsbell: start it with `python bot.py`, or see `python bot.py --help`."""

from monitors.app.cli import main

if __name__ == "__main__":
    main()
