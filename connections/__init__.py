"""The outside world: connections to Evotor and VK."""
