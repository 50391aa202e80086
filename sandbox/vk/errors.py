"""VK's error codes and texts, and the exception that carries one out of a method.

Texts are those of VK's public schema (`errors.json`); tails are those of the reference, §1.6.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

TEXTS: Final[Mapping[int, str]] = {
    1: "Unknown error occurred",
    2: "Application is disabled. Enable your application or use test mode",
    3: "Unknown method passed",
    4: "Incorrect signature",
    5: "User authorization failed",
    6: "Too many requests per second",
    7: "Permission to perform this action is denied",
    8: "Invalid request",
    9: "Flood control",
    10: "Internal server error",
    11: "In test mode application should be disabled or user should be authorized",
    12: "Unable to compile code",
    13: "Runtime error occurred during code invocation",
    14: "Captcha needed",
    15: "Access denied",
    16: "HTTP authorization failed",
    17: "Validation required",
    18: "User was deleted or banned",
    19: "Content blocked",
    20: "Permission to perform this action is denied for non-standalone applications",
    21: "Permission to perform this action is allowed only for standalone and OpenAPI applications",
    22: "Upload error",
    23: "This method was disabled",
    24: "Confirmation required",
    25: "Token confirmation required",
    27: "Group authorization failed",
    28: "Application authorization failed",
    29: "Rate limit reached",
    30: "This profile is private",
    32: "Need wait",
    33: "Not implemented yet",
    34: "Client version deprecated",
    35: "Client update needed",
    36: "Method execution was interrupted due to timeout",
    37: "User was banned",
    38: "Unknown application",
    39: "Unknown user",
    40: "Unknown group",
    41: "Additional signup required",
    42: "IP is not allowed",
    43: "This section is temporary unavailable",
    100: "One of the parameters specified was missing or invalid",
    101: "Invalid application API ID",
    103: "Out of limits",
    104: "Not found",
    105: "Couldn't save file",
    106: "Unable to process action",
    113: "Invalid user id",
    118: "Invalid server",
    121: "Invalid hash",
    122: "Invalid photos",
    125: "Invalid group id",
    129: "Invalid photo",
    200: "Access denied",
    203: "Access to group denied",
    205: "Access denied",
    260: "Access to the groups list is denied due to the user's privacy settings",
    300: "This album is full",
    302: "Albums number limit is reached",
    601: "Permission denied. You have requested too many actions this day. Try later.",
    1114: "Anonymous token has expired",
    1116: "Anonymous token is invalid",
    1117: "Access token has expired",
    1118: "Anonymous token ip mismatch",
    1400: "Too late for restore",
    1402: "Album not found",
    1403: "Item not found",
    1404: "Item already added to album",
    1405: "Too many items",
    1406: "Too many items in album",
    1407: "Too many albums",
    1408: "Item has bad links in description",
    1409: "Extended market not enabled",
    1410: "Variants not enabled",
    1411: "Variants error",
    1412: "Grouping items with different properties",
    1413: "Grouping already has such variant",
    1414: "Grouping has other properties",
    1415: "Grouping must have variants",
    1416: "Variant not found",
    1417: "Property not found",
    1418: "Max properties limit exceeded",
    1419: "Max variant limit exceeded",
    1421: "Name too long",
    1423: "Variant value is too long",
    1424: "Unknown property type",
    1425: "Grouping must have two or more items",
    1426: "Item must have distinct properties",
    1427: "Cart is empty",
    1429: "Specify width, length, height and weight all together",
    1430: "VK Pay status can not be changed",
    1431: "Market was already enabled in this group",
    1432: "Market was already disabled in this group",
    1433: "Invalid image crop format",
    1434: "Crop bottom right corner is outside of the image",
    1435: "Crop size is less than the minimum",
    1436: "Order not found",
    1438: "Market not enabled",
    1446: "Main album can not be hidden",
    1456: "Order status is invalid",
    1457: "Failed to set album as main",
    1458: "Failed to unset album as main",
    1518: "Item is not deleted",
    1525: "Market is disabled",
    1526: "Market services are disabled",
    3300: "Recaptcha needed",
    3301: "Phone validation needed",
    3302: "Password validation needed",
    3303: "Otp app validation needed",
    3304: "Email confirmation needed",
    3305: "Assert votes",
    3609: "Token extension required",
    3610: "User is deactivated",
    3611: "Service is deactivated for user",
    9999: "Not supported http method",
    11500: "CheckUserAction confirmation required",
}


class VkError(Exception):
    """A call is answered with an error. `extra` holds the fields that only this code has.

    `subcode` is VK's closer word, 0 for none.
    """

    def __init__(self, code: int, tail: str = "", *, subcode: int = 0, **extra: Any) -> None:
        text = TEXTS.get(code, "Unknown error occurred")
        self.code = code
        self.text = f"{text}: {tail}" if tail else text
        self.subcode = subcode
        self.extra = extra
        super().__init__(f"{code} {self.text}")

    def as_json(self, method: str, params: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """Return the `error` object. `params` must come without the token."""
        echo = [("method", method), ("oauth", "1"), *params]
        return {
            "error_code": self.code,
            **self._shown_subcode(),
            "error_msg": self.text,
            **self.extra,
            "request_params": [{"key": name, "value": value} for name, value in echo],
        }

    def as_inner_json(self, method: str) -> dict[str, Any]:
        """Return the entry of `execute_errors`."""
        inner = {"method": method, "error_code": self.code, "error_msg": self.text}
        return inner | self._shown_subcode()

    def _shown_subcode(self) -> dict[str, int]:
        return {"error_subcode": self.subcode} if self.subcode else {}


def bad(tail: str) -> VkError:
    """Return error 100 with its tail."""
    return VkError(100, tail)


CAPTCHA: Final = 14
RECAPTCHA: Final = 3300


def captcha(address: str, code: int = CAPTCHA) -> VkError:
    """Return error 14 or 3300 with the fields that VK sends today; `address` is the stand-in's own.

    That 3300 has 14's fields is a guess: nobody has published one.
    """
    return VkError(
        code,
        captcha_sid="661045318873",
        captcha_img=f"{address}/captcha.php?sid=661045318873",
        captcha_ts=1.5,
        captcha_attempt=1,
        redirect_uri=f"{address}/not_robot_captcha?session_token=sandbox",
        remixstlid="9012345",
    )
