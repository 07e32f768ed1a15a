"""What chats were told of stories, and are told next."""
