"""Turns VK's error objects into our errors, and says how long a connection is suspended after them."""

from collections.abc import Mapping
from typing import Any

from connections.clients.error_catalog import VkError, lookup
from connections.clients.error_catalog.reactions import error_from_row
from connections.clients.error_catalog.rows import Reaction
from connections.clients.errors import ClientError

HOUR, DAY = 3600, 86400
# Seconds that a connection is suspended after each of these.
PAUSES: Mapping[str, int] = {
    VkError.FLOOD_CONTROL: 600,
    VkError.CAPTCHA_NEEDED: 2700,
    VkError.DAILY_LIMIT_REACHED: 3 * HOUR,
    VkError.SECTION_DISABLED: 600,
    VkError.LIMIT_REACHED: HOUR,
    VkError.TOO_MANY_ACTIONS_TODAY: DAY,
}


def error_for(error: Mapping[str, Any], method: str) -> ClientError:
    """Return our error for VK's error object, or for an entry of execute_errors."""
    number = int(error.get("error_code") or 1)
    text = str(error.get("error_msg") or error.get("error_text") or "")[:500]
    row = lookup(f"vk.{number}")
    pause = {"pause_seconds": PAUSES[row.code]} if row.reaction is Reaction.PAUSE else {}
    return error_from_row("vk", row, text, method=method, **pause)
