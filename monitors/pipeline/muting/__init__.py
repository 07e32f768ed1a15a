"""What people mute, and what becomes of what waited to be sent."""
