"""Compares the products of a store with our rows, and writes what differs."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from catalog.ingest.group_rows import group_paths
from catalog.ingest.known_products import ExistingRow, inherited_from_old_products, known_products
from catalog.ingest.reader import StoreSnapshot
from catalog.ingest.reading import PARALLEL, Reading, WriteCounts
from catalog.ingest.rows import BATCH, identity, last_seen, upsert
from catalog.mappers import (
    NUMBERS,
    PRODUCT_COLUMNS,
    ProductValues,
    is_marked_product,
    kept_out_by,
    loses_its_name,
    product_told,
    product_values,
    storable_id,
)
from catalog.models import Product, Store
from evosync.common.batching import chunks
from syncing.core.last_known import Knowledge, vanished_fields
from syncing.core.restricted_goods.classifier import is_marked


@dataclass(slots=True)
class RowChanges:
    """Rows to write: new or changed ones, and the keys of unchanged ones that were there or came back."""

    upserts: list[Product] = field(default_factory=list)
    same: list[int] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)


def compare_products(
    store: Store, snapshot: StoreSnapshot, reading: Reading
) -> tuple[WriteCounts, RowChanges]:
    """Return what the products that were read change in our rows; writes nothing."""
    written, rows, now = WriteCounts(), RowChanges(), reading.now
    told = {key: product_told(record) for key, record in snapshot.products.items() if storable_id(key)}
    written.bad_ids = len(snapshot.products) - len(told)
    written.seen = len(told)
    known = known_products(store, told)
    knowledge: dict[str, Knowledge] = inherited_from_old_products(store, told, known, reading)
    knowledge |= {key: row.known for key, row in known.items()}
    vanished = vanished_fields((one.told, knowledge.get(key)) for key, one in told.items())
    path_of = group_paths(store, snapshot)
    for evotor_id, one in told.items():
        row = known.get(evotor_id)
        if row is not None and row.is_newer_than(reading):
            continue
        values = product_values(
            one, knowledge.get(evotor_id), is_complete=reading.is_complete, vanished=vanished, path_of=path_of
        )
        _count(written, values, row)
        since = now if row is None or row.missing_since else row.present_since
        if row is not None and row.content_hash == values.content_hash:
            (rows.returned if row.missing_since else rows.same).append(row.pk)
        else:
            unmarked = _unmarked(values, row, knowledge.get(evotor_id), now)
            known_by = identity(store, evotor_id, now, since)
            rows.upserts.append(Product(**known_by, **values.columns, **unmarked))
    return written, rows


def write_products(rows: RowChanges, reading: Reading) -> None:
    """Write new and changed products, and stamp those that were read unchanged."""
    now = reading.now
    upsert(rows.upserts, (*PRODUCT_COLUMNS, "unmarked_at", "unmarked_type"))
    for pks in chunks(rows.same if reading.stamps else (), BATCH):
        Product.objects.filter(pk__in=pks).update(fetched_at=now)
    for pks in chunks(rows.returned, BATCH):
        Product.objects.filter(pk__in=pks).update(fetched_at=now, missing_since=None, present_since=now)


def doubt_goods_of(store: Store, groups: Collection[str], reading: Reading) -> None:
    """Note that the groups of these goods no longer say that VK takes no such goods."""
    flags = ("is_excisable", "is_age_limited", "allow_to_sell")
    for ids in chunks(sorted(groups), BATCH):
        rows = Product.objects.in_store(store).present().filter(group_evotor_id__in=ids)
        found = rows.values("pk", "product_type", *flags)
        unmarked = [
            row["pk"]
            for row in found
            if not is_marked(row["product_type"], **{name: row[name] for name in flags})
        ]
        for pks in chunks(unmarked, BATCH):
            Product.objects.filter(pk__in=pks).update(unmarked_at=reading.now)


def mark_missing(store: Store, evotor_ids: Collection[str], reading: Reading) -> int:
    """Mark products as missing, except those that a later refresh has seen; return how many."""
    marked, now = 0, reading.now
    if reading.is_overtaken:
        return marked
    for ids in chunks(sorted(evotor_ids), BATCH):
        rows = Product.objects.in_store(store).present().filter(evotor_id__in=ids)
        rows = rows.exclude(fetched_at__gt=now, fetched_at__lte=now + PARALLEL)
        marked += rows.update(missing_since=now, **last_seen(reading))
    return marked


def _unmarked(
    values: ProductValues, row: ExistingRow | None, known: Knowledge | None, now: datetime
) -> dict[str, Any]:
    """Return when the till took away what kept the product out, and the type or mark that it was."""
    if values.is_marked:
        return {"unmarked_at": None, "unmarked_type": ""}
    if known is not None and is_marked_product(known):
        return {"unmarked_at": now, "unmarked_type": kept_out_by(known)}
    if known is not None and loses_its_name(known, values):
        return {"unmarked_at": now, "unmarked_type": row.unmarked_type if row else ""}
    return {name: getattr(row, name) for name in ("unmarked_at", "unmarked_type")} if row else {}


def _count(written: WriteCounts, values: ProductValues, row: ExistingRow | None) -> None:
    """Count what one record does to its row."""
    if values.unreadable:
        kind = written.bad_numbers if set(values.unreadable) <= set(NUMBERS) else written.bad_fields
        kind.append(f"{values.columns['name'] or '—'}: {', '.join(values.unreadable)}")
    if row is None:
        written.added += 1
    else:
        written.returned += row.missing_since is not None
        written.newly_zero_stock += _has_sold_out(row, values)
        written.changed += row.content_hash != values.content_hash


def _has_sold_out(row: ExistingRow, values: ProductValues) -> bool:
    return bool(row.quantity and row.quantity > 0 and values.quantity is not None and values.quantity <= 0)
