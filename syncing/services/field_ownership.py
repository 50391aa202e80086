"""Which fields of an item the merchant owns since editing them in VK, and how the till gets them back."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product
from connections.models import VkConnection
from syncing.choices import JobCode
from syncing.core.records import UNKNOWN_PHOTOS
from syncing.models import Listing, SyncJob
from syncing.services.errors import CannotSync
from syncing.services.own_words import note_change

# What `forget` changes of a listing.
FIELDS_OF_OWNERSHIP = ("merchant_fields", "sent", "photo_id", "photo_key", "saved_photos")


def reset_overrides(user: User, product: Product, *, field: str = "") -> list[str]:
    """Let the till decide about one field of the item again, or about all; return which it got back.

    Nothing is written to VK now: the next run writes the till's values. Raises CannotSync while a run
    is writing, since it would overwrite what is noted here.
    """
    with transaction.atomic():
        listing = _locked_listing(user, product)
        if listing is None:
            return []
        names = [name for name in listing.merchant_fields if field in ("", name)]
        if not names:
            return []
        if SyncJob.objects.for_user(user).of_outcome(SyncJob.Status.RUNNING).exists():
            raise CannotSync(
                JobCode.RUNNING,
                _("A run is going on, so nothing was given back. Press the button again when it has ended."),
            )
        forget(listing, names)
        listing.save(update_fields=FIELDS_OF_OWNERSHIP)
        note_change(user)
    return names


def _locked_listing(user: User, product: Product) -> Listing | None:
    connection = VkConnection.objects.claimed().for_user(user).first()
    if connection is None or connection.group_id is None:
        return None
    rows = Listing.objects.for_user(user).in_community(connection.group_id).select_for_update()
    return rows.of_product(product.store.evotor_id, product.evotor_id)


def forget(listing: Listing, names: list[str]) -> None:
    """Clear the last-sent values, so that the next diff sees no merchant edit."""
    listing.merchant_fields = [name for name in listing.merchant_fields if name not in names]
    sent = dict(listing.sent)
    for name in names:
        if name == "photo_key":
            sent[name], listing.photo_id, listing.photo_key = "", None, ""
            listing.saved_photos = None
        elif name == "more_photos":
            sent[name] = list(UNKNOWN_PHOTOS)
        elif name in sent and name != "album":
            sent[name] = None
    listing.sent = sent
