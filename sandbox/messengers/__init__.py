"""Strict stand-ins for the bot interfaces of Telegram and MAX, and for a browser's push service."""

from sandbox.messengers.max import MaxBot
from sandbox.messengers.push import PushService
from sandbox.messengers.telegram import TelegramBot

__all__ = ["MaxBot", "PushService", "TelegramBot"]
