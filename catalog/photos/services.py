"""The merchant's own photos: of one product, of a group, or the default."""

import hashlib

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from accounts.models import User
from catalog.choices import PhotoProblem
from catalog.models import Product, ProductGroup, ProductPhoto
from catalog.photos.errors import InvalidPhoto


def add_photo(product: Product, *, jpeg: bytes) -> ProductPhoto:
    """Store a normalized photo of a product; the same photo twice is stored once. Raises InvalidPhoto."""
    digest = hashlib.sha256(jpeg).hexdigest()
    with transaction.atomic():
        _lock(product.user_id)
        known = product.photos.of_content(digest).first()
        if known is not None:
            return known
        if product.photos.count() >= settings.PHOTOS_PER_PRODUCT:
            raise InvalidPhoto(PhotoProblem.TOO_MANY)
        return _store(ProductPhoto(user_id=product.user_id, product=product, content_hash=digest), jpeg)


def set_shared_photo(user: User, *, group: ProductGroup | None, jpeg: bytes) -> ProductPhoto:
    """Store the photo for products without one: of a group, or of all groups where it is None.

    It replaces the previous one. Raises InvalidPhoto.
    """
    digest = hashlib.sha256(jpeg).hexdigest()
    with transaction.atomic():
        _lock(user.pk)
        mine = ProductPhoto.objects.for_user(user)
        former = list(mine.of_group(group) if group else mine.defaults())
        for photo in former:
            if photo.content_hash == digest:
                return photo
        for photo in former:
            remove_photo(photo)
        return _store(ProductPhoto(user=user, group=group, content_hash=digest), jpeg)


def _lock(user_id: int) -> None:
    """Let uploads of one merchant that come together be counted and compared one after the other."""
    User.objects.select_for_update().get(pk=user_id)


def _store(photo: ProductPhoto, jpeg: bytes) -> ProductPhoto:
    """Write file and row. Raises InvalidPhoto where the merchant has as many photos as we keep."""
    number, size = ProductPhoto.objects.for_user(photo.user_id).usage()
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
    """Delete a photo and its file. VK then gets the group's, the default or a drawn one."""
    photo.delete()
