"""The catalogue of every error that ends a run or an item: what it means and who acts next.

The sentences are written for merchants: what happened, and what they do next.
"""

from collections.abc import Mapping

from connections.clients.error_catalog.codes import (
    EvotorError,
    EvotorOAuthError,
    OwnError,
    VkError,
    VkIdError,
)
from connections.clients.error_catalog.evotor import EVOTOR_CODES
from connections.clients.error_catalog.own import OWN_CODES
from connections.clients.error_catalog.rows import NOTHING, OURS, CodeRow, Limit, Reaction, gettext_noop
from connections.clients.error_catalog.vk import VK_CODES, VK_LOGIN_HELPS
from connections.clients.error_catalog.vk_id import VK_ID_CODES, VK_ID_LOGIN_HELPS

_ = gettext_noop

CODES: Mapping[str, CodeRow] = {**VK_CODES, **VK_ID_CODES, **EVOTOR_CODES, **OWN_CODES}

# The errors of VK that end with a new login of the merchant.
LOGIN_HELPS = VK_LOGIN_HELPS | VK_ID_LOGIN_HELPS

__all__ = [
    "CODES",
    "LOGIN_HELPS",
    "EvotorError",
    "EvotorOAuthError",
    "Limit",
    "OwnError",
    "VkError",
    "VkIdError",
    "lookup",
    "row_of_limit",
]


def row_of_limit(limit: Limit) -> CodeRow:
    """Return the row that tells what a limit of the outside service means."""
    return next(row for row in CODES.values() if row.limit is limit)


def lookup(code: str) -> CodeRow:
    """Return the catalogue's row of a code; a general row where the code is not listed."""
    if code in CODES:
        return CODES[code]
    if code.startswith(("vk.http_", "evotor.5")):
        return CodeRow(
            code,
            Reaction.UNSURE,
            _("The other side's servers report an error."),
            NOTHING,
        )
    return CodeRow(code, Reaction.ITEM, _("An error that EvoSync does not know yet."), OURS)
