"""What a rehearsal with a real account asks, and what it found."""
