"""The picture that VK shows of a product, for our own pages: the merchant's photo, else the drawn one."""

from dataclasses import dataclass
from hashlib import sha256

from accounts.models import User
from catalog.models import Product, ProductGroup, ProductPhoto
from catalog.photos.pixels import thumbnail
from catalog.photos.placeholders import placeholder
from evosync.common import clock
from syncing import mappers
from syncing.core.choices import CardStyle
from syncing.core.titles import product_title
from syncing.services.settings import rules_of
from syncing.shop_mappers import VK_LIMITS

SIDE = 240


@dataclass(frozen=True, slots=True)
class Picture:
    """What a product's picture is made of: the merchant's photo, else what is drawn."""

    photo: ProductPhoto | None
    title: str
    group: str
    style: CardStyle

    @property
    def mark(self) -> str:
        """What tells this picture from the one before it, without making it."""
        # The next release may draw another card of the same words.
        day = f"{clock.now():%Y-%m-%d}"
        made_of = (self.title, self.group, self.style.value, day)
        told = self.photo.content_hash if self.photo else "\0".join(made_of)
        return sha256(told.encode()).hexdigest()[:32]

    def make(self) -> bytes:
        """Return it as a JPEG of at most SIDE pixels."""
        if self.photo is not None and (small := _small(self.photo)) is not None:
            return small
        return thumbnail(placeholder(self.title, self.group, self.style), SIDE)


def picture_of(product: Product) -> Picture:
    """Return what the product's picture is made of."""
    path = _path(product)
    photo = product.photos.in_order().first() or _shared_photo(product.user, path)
    rules = mappers.rules_record(rules_of(product.user))
    record = mappers.product_record(product, product.store.evotor_id)
    title = product_title(record, rules, VK_LIMITS) or product.name
    return Picture(photo, title, path[0].name if path else "", rules.card_style)


def thumbnail_of(product: Product) -> bytes:
    """Return the product's picture as a JPEG of at most SIDE pixels."""
    return picture_of(product).make()


def _small(photo: ProductPhoto) -> bytes | None:
    """Return the photo made smaller, or None where its file is not there or damaged."""
    try:
        with photo.file.open("rb") as file:
            return thumbnail(file.read(), SIDE)
    except (OSError, ValueError):
        return None


def _path(product: Product) -> list[ProductGroup]:
    """Return the product's groups, the nearest first."""
    rows = ProductGroup.objects.in_store(product.store_id).present()
    groups = {group.evotor_id: group for group in rows}
    path: list[ProductGroup] = []
    following = product.group_evotor_id
    while (group := groups.pop(following, None)) is not None:
        path.append(group)
        following = group.parent_evotor_id
    return path


def _shared_photo(user: User, path: list[ProductGroup]) -> ProductPhoto | None:
    """Return the picture of the nearest group, else the common one."""
    by_group = {photo.group_id: photo for photo in ProductPhoto.objects.for_user(user).shared()}
    return next((by_group[group.pk] for group in path if group.pk in by_group), by_group.get(None))
