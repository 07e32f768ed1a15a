"""What words say of an article before it is compared: stems, common words, templates, round-ups."""
