"""One module a command of `bot.py`."""
