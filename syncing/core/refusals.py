"""Which fields of an item VK refused, and whether other values would be sent now.

A run tries everything again that is missing in VK. A refusal is worth telling only until the merchant, or the
till, has changed what was refused.
"""

import hashlib
from collections.abc import Mapping

from syncing.core.choices import ActionKind
from syncing.core.records import Action, DesiredItem

# What VK may refuse of an item, and what the merchant can correct.
FIELDS = ("title", "description", "price_kopecks", "category_id", "photo_key", "more_photos")
# By field: the title as it was, and a digest of every other value.
Refused = Mapping[str, str]


def refused_fields(action: Action, desired: DesiredItem) -> dict[str, str]:
    """Return the fields that an action which VK refused would have written, of a new item all of them."""
    is_new = action.kind is ActionKind.CREATE
    return {name: _kept(name, desired) for name in FIELDS if is_new or name in action.changes}


def is_changed(refused: Refused, desired: DesiredItem, *, has_own_title: bool) -> bool:
    """Return True if one of the fields would be written otherwise now.

    A category that is not known says nothing.
    """
    return any(
        not _is_same_title(kept, desired.title, is_own=has_own_title)
        if name == "title"
        else kept != _kept(name, desired)
        for name, kept in refused.items()
        if name in FIELDS and (name != "category_id" or desired.category_id)
    )


def _kept(name: str, desired: DesiredItem) -> str:
    if name == "title":
        return desired.title
    return hashlib.sha256(repr(getattr(desired, name)).encode()).hexdigest()[:16]


def _is_same_title(kept: str, title: str, *, is_own: bool) -> bool:
    """Return True for the title that was sent, also where it had been told from another product's.

    Of the till's name more words may have come back for that, of the merchant's own title a number behind it.
    """
    sent, now = kept.casefold(), title.casefold()
    return sent == now or sent.startswith(f"{now} (") or (not is_own and now in sent)
