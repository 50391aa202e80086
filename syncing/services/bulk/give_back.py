"""Lets the till decide again about fields of many items that the merchant has changed in VK."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from connections.models import VkConnection
from evosync.common.batching import chunks
from evosync.common.bulk import update_rows
from syncing.models import Listing, SyncJob
from syncing.models.listings import ListingQuerySet
from syncing.services.bulk.records import ROWS_AT_ONCE, CannotChange, Change, Goods
from syncing.services.field_ownership import FIELDS_OF_OWNERSHIP, forget
from syncing.services.own_words import note_change

# Each is read and written whole.
MOST_GIVEN_BACK = 5_000


def give_back_all(user: User, goods: Sequence[Goods]) -> Change:
    """Clear what the merchant has changed in VK. Raises CannotChange while a run is writing."""
    number = 0
    with transaction.atomic():
        rows = _changed_items(user)
        found: list[Listing] = []
        for some in chunks(goods, ROWS_AT_ONCE):
            found += rows.filter(product__in=[one.pk for one in some]).select_for_update()
        if found and SyncJob.objects.for_user(user).of_outcome(SyncJob.Status.RUNNING).exists():
            raise CannotChange(
                _("A run is going on, so nothing was given back. Press the button again when it has ended.")
            )
        for row in found:
            forget(row, row.merchant_fields)
            number += 1
        update_rows(found, FIELDS_OF_OWNERSHIP)
        if found:
            note_change(user)
    return Change(number, len(goods) - number)


def changed_goods(user: User, goods: Sequence[Goods]) -> list[Goods]:
    """Return those of the goods about which the merchant has changed something in VK."""
    changed = set(_changed_items(user).values_list("product", flat=True))
    return [one for one in goods if one.pk in changed]


def _changed_items(user: User) -> ListingQuerySet:
    connection = VkConnection.objects.claimed().for_user(user).first()
    if connection is None or connection.group_id is None:
        return Listing.objects.none()
    return Listing.objects.for_user(user).in_community(connection.group_id).changed_by_merchant()
