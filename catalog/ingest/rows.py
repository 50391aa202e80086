"""What rows of groups and products have in common, and how they are written in batches."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Value
from django.db.models.functions import Greatest

from catalog.ingest.reading import Reading
from catalog.models import Product, ProductGroup, Store
from evosync.common.bulk import upsert_rows

BATCH = 1000
Row = TypeVar("Row", Product, ProductGroup)


def identity(store: Store, evotor_id: str, now: datetime, since: datetime | None) -> dict[str, object]:
    """Return the columns that name a row, of one that is in the till since this time."""
    return {
        "user_id": store.user_id,
        "store_id": store.pk,
        "evotor_id": evotor_id,
        "fetched_at": now,
        "missing_since": None,
        "present_since": since,
    }


def last_seen(reading: Reading) -> dict[str, Any]:
    """Return the column that tells when rows that leave were last seen; until then their store tells it."""
    return {"fetched_at": Greatest("fetched_at", Value(reading.seen_at))} if reading.seen_at else {}


def upsert(rows: Sequence[Row], columns: Sequence[str]) -> None:
    """Insert rows, or update them where store and Evotor id are known."""
    upsert_rows(
        rows, ["store", "evotor_id"], [*columns, "fetched_at", "missing_since", "present_since"], BATCH
    )
