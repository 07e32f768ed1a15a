"""What `bot.py feeds` and `bot.py feed` show, and how they look for feeds."""
