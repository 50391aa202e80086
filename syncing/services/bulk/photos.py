"""Gives many goods one photo of the merchant's."""

from collections.abc import Mapping, Sequence

from accounts.models import User
from catalog.models import Product, ProductPhoto
from catalog.photos.errors import InvalidPhoto, refusing_without_storage
from catalog.photos.messages import sentence
from catalog.photos.services import add_photo, is_full, remove_photo
from syncing.services.bulk.records import CannotChange, Change, Goods

# Each of them gets a file of its own while the merchant waits.
MOST_PHOTOGRAPHED = 100


def give_photo(user: User, goods: Sequence[Goods], jpeg: bytes) -> Change:
    """Put a normalized photo behind those that these goods have; what has it, or no room, is left.

    Raises CannotChange, and no product has the photo then.
    """
    given: dict[str, int] = {}
    try:
        with refusing_without_storage():
            for product in Product.objects.for_user(user).present().with_ids([one.pk for one in goods]):
                known = set(product.photos.values_list("pk", flat=True))
                if is_full(product):
                    continue
                photo = add_photo(product, jpeg=jpeg)
                if photo.pk not in known:
                    given[product.evotor_id] = photo.pk
    except InvalidPhoto as error:
        _remove(user, given)
        raise CannotChange(sentence(error.code)) from error
    return Change(len(given), len(goods) - len(given), dict.fromkeys(given), given)


def restore(user: User, change: Change) -> int:
    """Remove the photos that were given and have stayed as they were; return how many."""
    return _remove(user, change.after)


def _remove(user: User, given: Mapping[str, int]) -> int:
    photos = list(ProductPhoto.objects.for_user(user).filter(pk__in=given.values(), edited_at=None))
    for photo in photos:
        remove_photo(photo)
    return len(photos)
