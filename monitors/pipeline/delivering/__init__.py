"""What is due in the outbox, on its way to chats."""
