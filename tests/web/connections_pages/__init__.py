"""Pages about both connections."""
