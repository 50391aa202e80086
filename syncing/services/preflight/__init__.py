"""A rehearsal with a real account: asks both APIs, harmlessly, what their documentation leaves open."""
