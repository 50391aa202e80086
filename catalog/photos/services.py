"""The merchant's own photos: of one product, of a group, or the default."""

import hashlib
from collections.abc import Iterable, Sequence
from functools import partial

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max

from accounts.models import User
from catalog.choices import PhotoMove, PhotoProblem
from catalog.models import Product, ProductGroup, ProductPhoto
from catalog.photos.errors import InvalidPhoto
from evosync.common import clock


def add_photo(product: Product, *, jpeg: bytes) -> ProductPhoto:
    """Store a normalized photo of a product; the same photo twice is stored once. Raises InvalidPhoto."""
    digest = hashlib.sha256(jpeg).hexdigest()
    with transaction.atomic():
        lock_photos(product.user_id)
        known = product.photos.of_content(digest).first()
        if known is not None:
            return known
        if product.photos.count() >= settings.PHOTOS_PER_PRODUCT:
            raise InvalidPhoto(PhotoProblem.TOO_MANY)
        last = product.photos.aggregate(last=Max("position"))["last"]
        photo = ProductPhoto(
            user_id=product.user_id,
            product=product,
            content_hash=digest,
            position=0 if last is None else last + 1,
        )
        return _store(photo, jpeg)


def is_full(product: Product) -> bool:
    """Return True if the product has as many photos as VK shows of one."""
    return product.photos.count() >= int(settings.PHOTOS_PER_PRODUCT)


def order_photos(product: Product, wanted: Sequence[int]) -> bool:
    """Put a product's photos into this order, given by their ids; return True if it was another one.

    Ids of other photos are passed over, and photos that are not named stay behind in the order they had.
    """
    with transaction.atomic():
        lock_photos(product.user_id)
        photos = list(product.photos.in_order())
        place = {pk: number for number, pk in enumerate(wanted)}
        ordered = sorted(photos, key=lambda photo: place.get(photo.pk, len(place)))
        _number(ordered)
    return ordered != photos


def _number(photos: Iterable[ProductPhoto]) -> None:
    """Write down a product's photos in this order, from 0 and without gaps."""
    moved = []
    for number, photo in enumerate(photos):
        if photo.position != number:
            photo.position = number
            moved.append(photo)
    if moved:
        ProductPhoto.objects.bulk_update(moved, ["position"])


def move_photo(photo: ProductPhoto, move: PhotoMove) -> bool:
    """Move a product's photo one place up or down, or to the first; return True if it moved.

    One that was removed meanwhile does not.
    """
    product = photo.product
    if product is None:
        return False
    with transaction.atomic():
        lock_photos(photo.user_id)
        ids = [one.pk for one in product.photos.in_order()]
        if photo.pk not in ids:
            return False
        here = ids.index(photo.pk)
        there = {PhotoMove.UP: here - 1, PhotoMove.DOWN: here + 1, PhotoMove.MAIN: 0}[move]
        ids.insert(min(max(there, 0), len(ids)), ids.pop(here))
        return order_photos(product, ids)


def replace_file(photo: ProductPhoto, *, jpeg: bytes) -> ProductPhoto:
    """Give a photo another file, in the same place; return the photo that the product has of it.

    The file before it is deleted. What the product has already is not kept twice. Raises InvalidPhoto, also
    where the photo was removed meanwhile.
    """
    digest = hashlib.sha256(jpeg).hexdigest()
    with transaction.atomic():
        now = _locked(photo)
        if now is None:
            raise InvalidPhoto(PhotoProblem.REMOVED)
        known = now.product.photos.of_content(digest).first() if now.product else None
        if known is not None:
            if known != now:
                remove_photo(now)
            return known
        former, storage = now.file.name or "", now.file.storage
        now.content_hash, now.edited_at = digest, clock.now()
        _store(now, jpeg)
        transaction.on_commit(partial(storage.delete, former), robust=True)
    return now


def set_shared_photo(user: User, *, group: ProductGroup | None, jpeg: bytes) -> ProductPhoto:
    """Store the photo for products without one: of a group, or of all groups where it is None.

    It replaces the previous one. Raises InvalidPhoto.
    """
    digest = hashlib.sha256(jpeg).hexdigest()
    with transaction.atomic():
        lock_photos(user.pk)
        mine = ProductPhoto.objects.for_user(user)
        former = list(mine.of_group(group) if group else mine.defaults())
        for photo in former:
            if photo.content_hash == digest:
                return photo
        for photo in former:
            remove_photo(photo)
        return _store(ProductPhoto(user=user, group=group, content_hash=digest), jpeg)


def lock_photos(user_id: int) -> None:
    """Let what is done to one merchant's photos in the same moment be done one after the other."""
    User.objects.select_for_update().get(pk=user_id)


def _locked(photo: ProductPhoto) -> ProductPhoto | None:
    """Return a photo as it is now that nobody else works on it, None where it is gone."""
    lock_photos(photo.user_id)
    return ProductPhoto.objects.select_related("product").filter(pk=photo.pk).first()


def _store(photo: ProductPhoto, jpeg: bytes) -> ProductPhoto:
    """Write file and row. Raises InvalidPhoto where the merchant has as many photos as we keep."""
    others = ProductPhoto.objects.for_user(photo.user_id).exclude(pk=photo.pk)
    number, size = others.usage()
    if number >= settings.PHOTOS_PER_MERCHANT or size + len(jpeg) > settings.PHOTO_BYTES_PER_MERCHANT:
        raise InvalidPhoto(PhotoProblem.TOO_MANY)
    photo.size_bytes = len(jpeg)
    photo.file.save(f"{photo.content_hash[:32]}.jpg", ContentFile(jpeg), save=False)
    try:
        photo.save()
    except BaseException:
        # No row will ever lead to this file.
        photo.file.storage.delete(photo.file.name or "")
        raise
    return photo


def remove_photo(photo: ProductPhoto) -> None:
    """Delete a photo and its file. VK then gets the group's, the default or a drawn one.

    One that is gone already stays so, and one that has another file by now goes with that.
    """
    with transaction.atomic():
        now = _locked(photo)
        if now is None:
            return
        now.delete()
        if now.product is not None:
            _number(now.product.photos.in_order())
