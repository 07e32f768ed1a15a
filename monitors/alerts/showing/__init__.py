"""How a message is written: legible, within Telegram's limits, with what can be pressed."""
