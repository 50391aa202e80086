"""Connecting a merchant's VK community."""
