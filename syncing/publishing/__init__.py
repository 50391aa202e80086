"""Carries a plan out in VK, and says what VK confirmed."""
