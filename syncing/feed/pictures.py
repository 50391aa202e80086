"""The pictures that a feed points to: the merchant's own photo, else the one that we draw."""

from catalog.models import Product, ProductGroup, ProductPhoto
from catalog.photos.placeholders import placeholder
from syncing import mappers
from syncing.core.titles import product_title
from syncing.feed.secret_urls import is_picture_key
from syncing.models import Feed, ReaderFeed
from syncing.services.settings import config_for
from syncing.shop_mappers import VK_LIMITS


def find_picture(product_id: int, version: str, key: str) -> Product | None:
    """Return the product that this address belongs to, or None."""
    product = Product.objects.present().filter(pk=product_id).select_related("store").first()
    if product is None:
        return None
    feeds = [
        *Feed.objects.of_active().for_user(product.user_id),
        *ReaderFeed.objects.of_active().for_user(product.user_id),
    ]
    # Every key is compared, so that the time tells nothing of which one it was.
    found = [is_picture_key(feed, product_id, version, key) for feed in feeds]
    return product if any(found) else None


def draw(product: Product, version: str) -> bytes:
    """Return the JPEG: the photo that `version` names while it is there, else a drawn picture."""
    photo = ProductPhoto.objects.for_user(product.user_id).of_version(version).first()
    if photo is not None:
        with photo.file.open("rb") as file:
            return bytes(file.read())
    rules = mappers.rules_record(config_for(product.user))
    record = mappers.product_record(product, product.store.evotor_id, ())
    title = product_title(record, rules, VK_LIMITS)
    groups = ProductGroup.objects.in_store(product.store_id).with_evotor_id(product.group_evotor_id)
    group = groups.present().values_list("name", flat=True).first()
    return placeholder(title or product.name, group or "", rules.card_style)
