"""The merchant's own photos: of one product, of a group, or the default."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.models import User
from catalog.models import Product, ProductGroup, ProductPhoto


def add_photo(product: Product, *, jpeg: bytes) -> ProductPhoto:
    """Store a normalized photo of a product; the same photo twice is stored once."""
    digest = hashlib.sha256(jpeg).hexdigest()
    known = product.photos.filter(content_hash=digest).first()
    return known or _keep(ProductPhoto(user=product.user, product=product, content_hash=digest), jpeg)


def set_shared_photo(user: User, *, group: ProductGroup | None, jpeg: bytes) -> ProductPhoto:
    """Store the photo for products without one: of a group, or of all groups where it is None.

    It replaces the previous one.
    """
    digest = hashlib.sha256(jpeg).hexdigest()
    mine = ProductPhoto.objects.for_user(user)
    former = list(mine.of_group(group) if group else mine.defaults())
    for photo in former:
        if photo.content_hash == digest:
            return photo
    made = _keep(ProductPhoto(user=user, group=group, content_hash=digest), jpeg)
    for photo in former:
        remove_photo(photo)
    return made


def _keep(photo: ProductPhoto, jpeg: bytes) -> ProductPhoto:
    photo.file.save(f"{photo.content_hash[:32]}.jpg", ContentFile(jpeg), save=False)
    photo.save()
    return photo


def remove_photo(photo: ProductPhoto) -> None:
    """Delete a photo, and its file after the commit. VK then gets the group's, the default or a drawn one."""
    storage, name = photo.file.storage, photo.file.name
    photo.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))
