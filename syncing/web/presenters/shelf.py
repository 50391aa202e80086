"""Which goods are photographed next at the shelf, and how one is found."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from catalog.models import Product, ProductPhoto
from syncing.models import Listing

FOUND_AT_MOST = 20


def shelf_queue(user: User) -> QuerySet[Product]:
    """Return the goods without a photo: those that shoppers see first, then those with the most in stock.

    The till tells no sales of single goods, so what is in stock stands for what sells.
    """
    own = ProductPhoto.objects.filter(product=OuterRef("pk"))
    seen = Listing.objects.for_user(user).in_vk().filter(product=OuterRef("pk"))
    goods = Product.objects.for_user(user).present().filter(~Exists(own), Q(allow_to_sell=True))
    return goods.annotate(is_seen=Exists(seen)).order_by("-is_seen", "-quantity", "-pk")


def found_goods(user: User, text: str) -> list[Product]:
    """Return goods by name, article, code or barcode; those whose barcode it is stand alone."""
    found = list(Product.objects.for_user(user).present().search(text).order_by("name", "pk")[:FOUND_AT_MOST])
    exact = [product for product in found if text.strip() in product.barcodes]
    return exact or found
