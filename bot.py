"""Newsbell: start it with `python bot.py`, or see `python bot.py --help`."""

if __name__ == "__main__":
    try:
        from monitors.app.cli import main

        main()
    except KeyboardInterrupt:  # Ctrl-C before anything has begun
        raise SystemExit(130) from None
