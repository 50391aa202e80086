"""The pictures that a feed points to: the merchant's own photo, else the one that we draw."""

from catalog.models import Product, ProductGroup, ProductPhoto
from catalog.photos.placeholders import placeholder
from syncing import mappers
from syncing.core.titles import product_title
from syncing.feed.secret_urls import is_picture_key
from syncing.models import Feed
from syncing.services.settings import config_for


def find_picture(product_id: int, version: str, key: str) -> tuple[Feed, Product] | None:
    """Return the feed and the product that this address belongs to, or None."""
    product = Product.objects.present().filter(pk=product_id).select_related("store").first()
    feed = Feed.objects.of_active().for_user(product.user_id).first() if product else None
    if feed is None or product is None or not is_picture_key(feed, product_id, version, key):
        return None
    return feed, product


def draw(product: Product, version: str) -> bytes:
    """Return the JPEG: the photo that `version` names while it is there, else a drawn picture."""
    photo = ProductPhoto.objects.for_user(product.user_id).of_version(version).first()
    if photo is not None:
        with photo.file.open("rb") as file:
            return bytes(file.read())
    rules = mappers.rules_record(config_for(product.user))
    record = mappers.product_record(product, product.store.evotor_id, ())
    title = product_title(record, rules, mappers.VK_LIMITS)
    groups = ProductGroup.objects.in_store(product.store_id).with_evotor_id(product.group_evotor_id)
    group = groups.present().values_list("name", flat=True).first()
    return placeholder(title or product.name, group or "", rules.card_style)
