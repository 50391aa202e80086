"""Which goods are photographed next at the shelf, and how one is found."""

from collections import Counter
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from accounts.models import User
from catalog.models import Product, ProductPhoto
from evosync.common import clock
from syncing.models import Listing, SyncJob, SyncJobItem

FOUND_AT_MOST = 20
LATELY = timedelta(days=30)
CHANGES_READ = 5_000
BEST = 200
# A walk along the shelves opens a page a photo.
KEEP_SECONDS = 600


def shelf_queue(user: User) -> QuerySet[Product]:
    """Return the goods without a photo: those that shoppers see first, then those that seem to sell best.

    The till tells no sales of single goods. What its stock has lost stands for them, then what is in stock.
    """
    own = ProductPhoto.objects.filter(product=OuterRef("pk"))
    seen = Listing.objects.for_user(user).in_vk().filter(product=OuterRef("pk"))
    goods = Product.objects.for_user(user).present().filter(~Exists(own), Q(allow_to_sell=True))
    sold = [When(pk=pk, then=Value(number)) for pk, number in sold_lately(user)]
    return goods.annotate(
        is_seen=Exists(seen), sold=Case(*sold, default=Value(0), output_field=IntegerField())
    ).order_by("-is_seen", "-sold", "-quantity", "-pk")


def sold_lately(user: User) -> list[tuple[int, int]]:
    """Return the goods whose stock in VK has fallen most in 30 days, with by how many pieces.

    A delivery between two sales does not hide them; a write-off looks like a sale.
    """
    key = f"sold-lately:{user.pk}"
    found: list[tuple[int, int]] | None = cache.get(key)
    if found is None:
        found = _fallen(user).most_common(BEST)
        cache.set(key, found, KEEP_SECONDS)
    return [(pk, number) for pk, number in found]


def _fallen(user: User) -> Counter[int]:
    since = clock.now() - LATELY
    items = SyncJobItem.objects.of_jobs(SyncJob.objects.for_user(user)).stock_changes()
    rows = items.carried_out_since(since).newest().values_list("product_id", "changes")
    fallen: Counter[int] = Counter()
    for product, changes in rows[:CHANGES_READ]:
        before, after = changes["stock"]
        if isinstance(before, int) and isinstance(after, int) and before > after:
            fallen[product] += before - after
    return fallen


def found_goods(user: User, text: str) -> list[Product]:
    """Return goods by name, article, code or barcode; those whose barcode it is stand alone."""
    found = list(Product.objects.for_user(user).present().search(text).order_by("name", "pk")[:FOUND_AT_MOST])
    exact = [product for product in found if text.strip() in product.barcodes]
    return exact or found
