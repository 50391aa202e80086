"""The framework-free sync package: what should happen in VK, decided without doing any of it."""
