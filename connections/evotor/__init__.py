"""Connecting a merchant's Evotor account, and what Evotor calls at our address."""
