"""The stand-in for VK and VK ID."""
