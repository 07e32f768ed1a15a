"""What was reported and what a chat was told, as people look for it later."""
