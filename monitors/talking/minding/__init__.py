"""What people ask about the chat itself: welcome, help, how it does, what is muted and when."""
