"""The merchant's own pictures of his goods."""

import hashlib

from django.core.files.base import ContentFile

from catalog.models import Product, ProductPhoto


def add_photo(product: Product, *, jpeg: bytes) -> ProductPhoto:
    """Keep a normalised picture for a product; the same picture twice is kept once."""
    digest = hashlib.sha256(jpeg).hexdigest()
    known = product.photos.filter(content_hash=digest).first()
    if known is not None:
        return known
    photo = ProductPhoto(user=product.user, product=product, content_hash=digest)
    photo.file.save(f"{digest[:32]}.jpg", ContentFile(jpeg), save=False)
    photo.save()
    return photo


def remove_photo(photo: ProductPhoto) -> None:
    """Forget a picture and its file. Until another is given, VK gets a drawn one."""
    photo.file.delete(save=False)
    photo.delete()
