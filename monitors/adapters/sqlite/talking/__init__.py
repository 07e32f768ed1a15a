"""What is remembered of conversations with people."""
