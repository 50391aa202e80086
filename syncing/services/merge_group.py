"""Which other products decide about one product: none, or those that may share its card."""

from collections.abc import Iterable

from accounts.models import User
from catalog.models import Product
from syncing.core.choices import Stores

# A query compares with this many barcodes at once.
MARKS_AT_ONCE = 40


def merge_candidates(user: User, product: Product, *, stores: str) -> list[Product]:
    """Return the product with all others that its verdict depends on, in the order of a full plan.

    Under the rule Stores.MERGE these are the products that are tied to it by barcodes, directly or through
    each other; whether a tie makes one card is the core's to say. A product that has left the till
    decides nothing, and none decides about it.
    """
    if product.missing_since is not None:
        return []
    if stores != Stores.MERGE:
        return [product]
    found = {product.pk: product}
    asked: set[str] = set()
    while new := _marks(found.values()) - asked:
        asked |= new
        for row in _with_marks(user, new):
            found.setdefault(row.pk, row)
    return [found[pk] for pk in sorted(found)]


def _marks(rows: Iterable[Product]) -> set[str]:
    """Return the barcodes without the zeros that fill them up; equal goods have equal ones."""
    return {barcode.lstrip("0") for row in rows for barcode in row.barcodes if barcode}


def _with_marks(user: User, marks: set[str]) -> list[Product]:
    """Return the present products that have one of these barcodes."""
    present, wanted = Product.objects.for_user(user).present(), sorted(marks)
    return [
        row
        for start in range(0, len(wanted), MARKS_AT_ONCE)
        for row in present.with_barcodes_like(wanted[start : start + MARKS_AT_ONCE])
        if _marks([row]) & marks
    ]
