"""Bots of messengers: Telegram and MAX. HTTP only."""
