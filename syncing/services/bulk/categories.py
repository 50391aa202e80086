"""Sets the VK category of many goods at once."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from accounts.models import User
from syncing.services.bulk.records import Change, Goods, changed_only
from syncing.services.categories import choose_for_products
from syncing.services.settings import lock_config


def set_category(user: User, goods: Sequence[Goods], *, category_id: int | None) -> Change:
    """Give these goods a VK category; None lets their groups decide again."""
    return set_categories(user, dict.fromkeys((one.evotor_id for one in goods), category_id))


def set_categories(user: User, wanted: Mapping[str, int | None]) -> Change:
    """Give products these VK categories by Evotor's ids; None lets their groups decide again."""
    with transaction.atomic():
        change = changed_only(lock_config(user).category_by_product or {}, wanted)
        choose_for_products(user, change.after)
    return change


def restore(user: User, change: Change) -> int:
    """Write back the categories that stood before, where nobody has changed them since; return how many."""
    with transaction.atomic():
        now = lock_config(user).category_by_product or {}
        back = {key: value for key, value in change.before.items() if now.get(key) == change.after[key]}
        choose_for_products(user, back)
    return len(back)
