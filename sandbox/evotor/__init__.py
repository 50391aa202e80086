"""The stand-in for Evotor."""
