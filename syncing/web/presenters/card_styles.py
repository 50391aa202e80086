"""Goods of the merchant's own on which the styles of drawn pictures are shown."""

from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product, ProductGroup


def sample_goods(user: User) -> tuple[str, str]:
    """Return the name of one of the merchant's products, and its group's; an invented one before any."""
    product = Product.objects.for_user(user).present().order_by("pk").first()
    if product is None:
        return _("Black tea with thyme, 100 g"), _("Tea and coffee")
    groups = ProductGroup.objects.in_store(product.store_id).with_evotor_id(product.group_evotor_id)
    return product.name, groups.present().values_list("name", flat=True).first() or ""
