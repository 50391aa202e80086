"""Turns VK's error objects into our errors, and says how long a connection is suspended after them."""

from collections.abc import Mapping
from typing import Any

from connections.clients.error_catalog import CODES, VkError, lookup
from connections.clients.error_catalog.reactions import error_from_row
from connections.clients.error_catalog.rows import Reaction
from connections.clients.errors import ClientError, Suspended
from connections.clients.service import Service

HOUR, DAY = 3600, 86400
# Seconds that a connection is suspended after each of these.
PAUSES: Mapping[str, int] = {
    VkError.FLOOD_CONTROL: 600,
    VkError.CAPTCHA_NEEDED: 2700,
    VkError.RECAPTCHA_NEEDED: 2700,
    VkError.DAILY_LIMIT_REACHED: 3 * HOUR,
    VkError.SECTION_DISABLED: 600,
    VkError.LIMIT_REACHED: HOUR,
    VkError.TOO_MANY_ACTIONS_TODAY: DAY,
}

# What VK counts for each method on its own. A flood (9), a captcha, a section that is off (43) and the day's
# actions (601) are about the account: there the whole connection is suspended.
METHOD_LIMITS = frozenset({VkError.DAILY_LIMIT_REACHED, VkError.LIMIT_REACHED})


# After so many unknown errors in a row the connection is suspended: what VK means by them may be serious.
UNKNOWN_IN_A_ROW = 3
UNKNOWN_PAUSE = HOUR


# VK's codes have five digits at most; its own "unknown error" stands for what is no code.
LARGEST, UNKNOWN = 999_999, 1


def error_for(error: Any, method: str) -> ClientError:
    """Return our error for VK's error object, or for an entry of execute_errors.

    A subcode that the catalog knows, alone or with its code, decides; any other only stands in the text.
    What is no error object, and a code that is no number, is an unknown error with VK's words.
    """
    if not isinstance(error, Mapping):
        error = {"error_msg": str(error)}
    number, subcode = (
        _code_number(error.get("error_code")) or UNKNOWN,
        _code_number(error.get("error_subcode")),
    )
    text = str(error.get("error_msg") or error.get("error_text") or "")[:500]
    if subcode:
        text = f"{text} (subcode {subcode})".strip()
    row = lookup(_code(number, subcode))
    pause: dict[str, Any] = {}
    if row.reaction is Reaction.PAUSE:
        one = row.code in METHOD_LIMITS and method not in ("", "execute")
        pause = {"pause_seconds": PAUSES[row.code], "only_method": one}
    return error_from_row(Service.VK, row, text, method=method, **pause)


def _code_number(value: Any) -> int:
    """Return a code, or 0 for what is none."""
    try:
        number = int(value or 0)
    except (TypeError, ValueError, ArithmeticError):
        return 0
    return number if 0 < number <= LARGEST else 0


def _code(number: int, subcode: int) -> str:
    if f"vk.{subcode}" == VkError.RECAPTCHA_NEEDED:
        return VkError.RECAPTCHA_NEEDED
    both = f"vk.{number}_{subcode}"
    return both if both in CODES else f"vk.{number}"


class UnknownErrors:
    """Counts the errors in a row that the catalog does not know, over all calls of a connection."""

    def __init__(self) -> None:
        self._in_a_row = 0

    def note(self, error: ClientError | None) -> ClientError | None:
        """Return the error, or Suspended in place of the third unknown one; None is a success."""
        if error is None or error.code in CODES or not error.code.removeprefix("vk.").isdecimal():
            self._in_a_row = 0
            return error
        self._in_a_row += 1
        if self._in_a_row < UNKNOWN_IN_A_ROW:
            return error
        return Suspended(Service.VK, error.code, error.text, method=error.method, pause_seconds=UNKNOWN_PAUSE)
