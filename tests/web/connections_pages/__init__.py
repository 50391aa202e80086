"""Pages about both ends."""
