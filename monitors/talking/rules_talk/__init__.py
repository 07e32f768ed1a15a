"""People read, try and change rules in a chat."""
