"""VK's part of a rehearsal with a real account."""
