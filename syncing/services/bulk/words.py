"""Gives many goods the merchant's own text or album at once."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from accounts.models import User
from catalog.models import Product
from evosync.common.batching import chunks
from syncing.choices import BulkAction
from syncing.services.bulk.records import ROWS_AT_ONCE, Change, Goods, changed_only
from syncing.services.own_words import set_words_of_many

FIELDS: Mapping[str, str] = {BulkAction.TEXT: "own_description", BulkAction.ALBUM: "own_album"}
# Titles are given one by one or by a table.
OWN_TITLE = "own_title"
# What stood before is kept, and a text may be long.
MOST_TEXTS = 5_000


def give_words(user: User, goods: Sequence[Goods], action: BulkAction, text: str) -> Change:
    """Give these goods a text or an album of their own, "" for that of group and rules."""
    return set_words(user, FIELDS[action], {str(one.pk): text for one in goods})


def set_words(user: User, field: str, wanted: Mapping[str, str]) -> Change:
    """Give products these words of one kind by row id, "" for those of group and rules."""
    with transaction.atomic():
        change = changed_only(_locked_words(user, field, wanted), wanted)
        set_words_of_many(user, field, {int(key): value for key, value in change.after.items()})
    return change


def restore_texts(user: User, change: Change) -> int:
    """Write back the texts that stood before; return how many."""
    return _restore(user, FIELDS[BulkAction.TEXT], change)


def restore_albums(user: User, change: Change) -> int:
    """Write back the albums that stood before; return how many."""
    return _restore(user, FIELDS[BulkAction.ALBUM], change)


def restore_titles(user: User, change: Change) -> int:
    """Write back the titles that stood before; return how many."""
    return _restore(user, OWN_TITLE, change)


def _restore(user: User, field: str, change: Change) -> int:
    with transaction.atomic():
        now = _locked_words(user, field, change.after)
        back = {
            int(key): value or "" for key, value in change.before.items() if now.get(key) == change.after[key]
        }
        set_words_of_many(user, field, back)
    return len(back)


def _locked_words(user: User, field: str, pks: Iterable[str]) -> dict[str, str]:
    """Return the words of products by row id; nobody else changes them until the transaction ends."""
    found: dict[str, str] = {}
    for some in chunks(sorted(map(int, pks)), ROWS_AT_ONCE):
        rows = Product.objects.for_user(user).with_ids(some).select_for_update().values_list("pk", field)
        found |= {str(pk): text for pk, text in rows}
    return found
