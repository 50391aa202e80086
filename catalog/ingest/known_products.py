"""What our rows say about products before a reading is written."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from catalog.ingest.reading import PARALLEL, Reading
from catalog.mappers import REMEMBERED_COLUMNS, ProductTold, known_product
from catalog.models import IDS_AT_ONCE, Product, Store
from syncing.core.choices import Field
from syncing.core.inheritance import inherited_knowledge
from syncing.core.last_known import LASTING, Knowledge, Told
from syncing.core.lost_filters import REPLACED_WITHIN

# The columns from which `known_product` builds the knowledge about a product.
KNOWN_COLUMNS = ("untold_fields", "left_groups", *REMEMBERED_COLUMNS)
# Up to this number, new products are compared only with rows that look like them; above it, with all rows.
FEW_NEW = 20


class ExistingRow(NamedTuple):
    """The stored row of one product."""

    pk: int
    content_hash: str
    missing_since: datetime | None
    present_since: datetime | None
    fetched_at: datetime
    unmarked_at: datetime | None
    unmarked_type: str
    known: Knowledge

    @property
    def quantity(self) -> Decimal | None:
        """Return the stock, None where it is unknown."""
        found: Decimal | None = self.known.values[Field.QUANTITY]  # type: ignore[assignment]
        return found

    def is_newer_than(self, reading: Reading) -> bool:
        """Return True if a parallel refresh that began later has written the row, or found it unchanged."""
        if self.missing_since is None and reading.is_overtaken:
            return True
        return reading.now < self.fetched_at <= reading.now + PARALLEL


def known_products(store: Store, told: Collection[str]) -> dict[str, ExistingRow]:
    """Return the rows of these products by Evotor id. If they are many, all rows of the store are read."""
    rows = Product.objects.in_store(store)
    if len(told) <= IDS_AT_ONCE:
        rows = rows.filter(evotor_id__in=list(told))
    columns = tuple(name for name in ExistingRow._fields if name != "known")
    found = rows.values("evotor_id", *columns, *KNOWN_COLUMNS)
    return {
        row["evotor_id"]: ExistingRow(**{name: row[name] for name in columns}, known=known_product(row))
        for row in found.iterator(chunk_size=5000)
    }


def inherited_from_old_products(
    store: Store, told: Mapping[str, ProductTold], known: Mapping[str, ExistingRow], reading: Reading
) -> dict[str, Knowledge]:
    """Return what is known of the old products that new ones replace, where these leave a lasting field out.

    After a re-import the goods are the same under other ids, also while the old ones are still there: what
    was forbidden stays forbidden.
    """
    new = {key: one.told for key, one in told.items() if key not in known}
    if all(one.values[name] is not None for one in new.values() for name in LASTING):
        return {}
    rows = Product.objects.in_store(store)
    if len(new) <= FEW_NEW:
        names = {str(name) for one in new.values() if (name := one.values[Field.NAME])}
        rows = rows.like_new_ones({text for one in new.values() for text in _marks(one)}, names)
    columns = rows.values("evotor_id", "fetched_at", "missing_since", *KNOWN_COLUMNS)
    seen_at = store.goods_seen_at
    before, left = {}, set()
    for row in columns.iterator(chunk_size=5000):
        if (key := row["evotor_id"]) in told:
            continue
        is_present = row["missing_since"] is None
        seen = max(row["fetched_at"], seen_at) if is_present and seen_at else row["fetched_at"]
        before[key] = known_product(row), seen
        # A reading of changes does not tell what is gone.
        if (reading.is_complete or not is_present) and reading.now - seen <= REPLACED_WITHIN:
            left.add(key)
    beside = {key: row.known for key, row in known.items()}
    return inherited_knowledge(new, before, {key: one.told for key, one in told.items()}, beside, left)


def _marks(told: Told) -> list[str]:
    """Return what a product can be known by, as the till tells it."""
    barcodes: Sequence[str] = told.values[Field.BARCODES] or ()  # type: ignore[assignment]
    named = (told.values[name] for name in (Field.NAME, Field.ARTICLE, Field.CODE))
    return [str(text) for text in (*named, *barcodes) if text]
