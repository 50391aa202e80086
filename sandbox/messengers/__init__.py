"""Strict stand-ins for the bot interfaces of Telegram and MAX."""

from sandbox.messengers.max import MaxBot
from sandbox.messengers.telegram import TelegramBot

__all__ = ["MaxBot", "TelegramBot"]
