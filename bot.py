"""Newsbell: start it with `python bot.py`, or see `python bot.py --help`."""

if __name__ == "__main__":
    # Imported here, because worker processes load this file and need none of it.
    from monitors.app.cli import main

    main()
