"""Does one thing with many goods, keeps what stood before, and has feed and shop follow."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from syncing.choices import BulkAction, RestrictedVerdict
from syncing.services.bulk import categories, decisions, filters, give_back, photos, undo, words
from syncing.services.bulk.records import MOST_GOODS, Change, Goods

logger = logging.getLogger(__name__)

# Decisions and photos are waited for; filters and categories go with the next run.
URGENT = (BulkAction.ALLOW, BulkAction.FORBID, BulkAction.PHOTO)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done. `category_id` is for CATEGORY, `text` for TEXT and ALBUM, `photo` for PHOTO.

    None and "" let group and rules decide again.
    """

    action: BulkAction
    category_id: int | None = None
    text: str = ""
    photo: bytes = b""


def most_goods(action: str) -> int:
    """Return how many goods one press may change."""
    match action:
        case BulkAction.EXCLUDE:
            return filters.MOST_LINES
        case BulkAction.ALLOW | BulkAction.FORBID:
            return decisions.MOST_DECIDED
        case BulkAction.GIVE_BACK:
            return give_back.MOST_GIVEN_BACK
        case BulkAction.TEXT:
            return words.MOST_TEXTS
        case BulkAction.PHOTO:
            return photos.MOST_PHOTOGRAPHED
    return MOST_GOODS


def carry_out(user: User, goods: Sequence[Goods], order: Order) -> Change:
    """Change the goods and keep what stood before. Raises CannotChange, and has changed nothing then."""
    undo.require(user)
    change = _change(user, goods, order)
    undo.remember(user, order.action, change)
    logger.info("Merchant %d: %s, %d goods changed", user.pk, order.action.value, change.number)
    return change


def _change(user: User, goods: Sequence[Goods], order: Order) -> Change:
    match order.action:
        case BulkAction.EXCLUDE:
            change = filters.leave_out(user, goods)
        case BulkAction.INCLUDE:
            change = filters.put_in(user, goods)
        case BulkAction.CATEGORY:
            change = categories.set_category(user, goods, category_id=order.category_id)
        case BulkAction.TEXT | BulkAction.ALBUM:
            change = words.give_words(user, goods, order.action, order.text)
        case BulkAction.PHOTO:
            change = photos.give_photo(user, goods, order.photo)
        case BulkAction.ALLOW:
            change = decisions.decide_all(user, goods, verdict=RestrictedVerdict.ALLOWED)
        case BulkAction.FORBID:
            change = decisions.decide_all(user, goods, verdict=RestrictedVerdict.FORBIDDEN)
        case BulkAction.GIVE_BACK:
            change = give_back.give_back_all(user, goods)
        case _:
            change = Change(0, len(goods))
    return change
