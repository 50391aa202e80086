"""Which goods are photographed next at the shelf, and how one is found."""

from collections import Counter
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Case, Exists, OuterRef, Q, Value, When

from accounts.models import User
from catalog.models import Product, ProductPhoto
from evosync.common import clock
from syncing.choices import ComputationKind
from syncing.jobs import computations
from syncing.models import Listing, SyncJob, SyncJobItem
from syncing.services.catalog_reasons import CatalogReasons
from syncing.web.presenters.readiness import REPAIRABLE

FOUND_AT_MOST = 20
# Goods that may have a barcode: short ones stand in many.
SCANNED_AT_MOST = 500
LATELY = timedelta(days=30)
CHANGES_READ = 5_000
BEST = 200
# A walk along the shelves opens a page a photo.
KEEP_SECONDS = 600


def shelf_queue(user: User) -> list[int]:
    """Return the goods without a photo: those that shoppers see first, then those that seem to sell best.

    What the law or the merchant keeps out of VK is not among them, as far as a worker has counted it.
    The till tells no sales of single goods. What its stock has lost stands for them, then what is in stock.
    """
    own = ProductPhoto.objects.filter(product=OuterRef("pk"))
    goods = Product.objects.for_user(user).present().filter(~Exists(own), allow_to_sell=True)
    seen = set(Listing.objects.for_user(user).in_vk().values_list("product", flat=True))
    kept_out, sold = _kept_out(user), dict(sold_lately(user))
    # A database that is given the numbers of what was sold looks at all of them for every product.
    bare = [
        pk for pk in goods.order_by("-quantity", "-pk").values_list("pk", flat=True) if pk not in kept_out
    ]
    return sorted(bare, key=lambda pk: (pk not in seen, -sold.get(pk, 0)))


def _kept_out(user: User) -> set[int]:
    """Return the goods that no photo brings to VK, as last counted."""
    counted = computations.find(user, ComputationKind.CATALOG)
    if counted is None or not counted.result:
        return set()
    by_reason = CatalogReasons.from_json(counted.result).by_reason
    return {pk for reason, found in by_reason.items() if reason not in REPAIRABLE for pk in found}


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
    """Return goods by name, article, code or barcode; those whose barcode it is stand alone.

    A zero in front of a barcode counts for nothing: one scanner tells it, another does not. Goods whose
    article or code it is stand before those that only contain it.
    """
    text = text.strip()
    goods = Product.objects.for_user(user).present().order_by("name", "pk")
    if text.isdecimal():
        digits = text.lstrip("0")
        alike = goods.with_barcodes_like([text])[:SCANNED_AT_MOST]
        if exact := [one for one in alike if digits in (code.lstrip("0") for code in one.barcodes)]:
            return exact[:FOUND_AT_MOST]
    is_code = When(Q(code__iexact=text) | Q(article_number__iexact=text), then=Value(0))
    ordered = goods.search(text).order_by(Case(is_code, default=Value(1)), "name", "pk")
    return list(ordered[:FOUND_AT_MOST])
