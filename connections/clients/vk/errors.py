"""Turns VK's error objects into our errors, and says how long a connection is suspended after them."""

from collections.abc import Mapping
from typing import Any

from connections.clients.error_catalog import VkError, lookup
from connections.clients.error_catalog.rows import Reaction
from connections.clients.errors import (
    ActionRequired,
    AuthRevoked,
    ClientError,
    InvalidRequest,
    ItemRefused,
    RateLimited,
    Suspended,
    Transient,
)

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


def error_for(error: Mapping[str, Any], method: str) -> ClientError:  # noqa: PLR0911 - one line a class
    """Return our error for VK's error object, or for an entry of execute_errors."""
    number = int(error.get("error_code") or 1)
    text = str(error.get("error_msg") or error.get("error_text") or "")[:500]
    row = lookup(f"vk.{number}")
    match row.reaction:
        case Reaction.UNSURE:
            return Transient("vk", row.code, text, method=method, may_have_run=True)
        case Reaction.RETRY:
            return Transient("vk", row.code, text, method=method)
        case Reaction.SLOW_DOWN:
            return RateLimited("vk", row.code, text, method=method)
        case Reaction.PAUSE:
            return Suspended("vk", row.code, text, method=method, pause_seconds=PAUSES[row.code])
        case Reaction.OFFLINE:
            return AuthRevoked("vk", row.code, text, method=method)
        case Reaction.MERCHANT:
            return ActionRequired("vk", row.code, text, method=method)
        case Reaction.BUG:
            return InvalidRequest("vk", row.code, text, method=method)
    return ItemRefused("vk", row.code, text, method=method)
