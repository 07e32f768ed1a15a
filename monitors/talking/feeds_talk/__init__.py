"""Feeds, as people look at them, add, remove and take them along in chats."""
