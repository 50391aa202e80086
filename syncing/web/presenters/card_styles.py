"""Goods of the merchant's own on which the styles of drawn pictures are shown."""

from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product, ProductGroup
from syncing import mappers
from syncing.core.titles import product_title
from syncing.services.settings import rules_of
from syncing.shop_mappers import VK_LIMITS


def sample_goods(user: User) -> tuple[str, str]:
    """Return one of the merchant's products under VK's name, and its group; an invented one before any."""
    product = Product.objects.for_user(user).present().select_related("store").order_by("pk").first()
    if product is None:
        return _("Black tea with thyme, 100 g"), _("Tea and coffee")
    record = mappers.product_record(product, product.store.evotor_id)
    title = product_title(record, mappers.rules_record(rules_of(user)), VK_LIMITS)
    groups = ProductGroup.objects.in_store(product.store_id).with_evotor_id(product.group_evotor_id)
    return title or product.name, groups.present().values_list("name", flat=True).first() or ""
