"""Writes a store snapshot into our rows: one short transaction per store, a few queries per batch."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple, TypeVar

from django.db import connection, transaction

from accounts.models import User
from catalog.ingest.reader import StoreSnapshot
from catalog.mappers import (
    PRODUCT_COLUMNS,
    ProductValues,
    group_values,
    product_values,
    storable_id,
    store_values,
)
from catalog.models import Product, ProductGroup, Store
from catalog.querysets import IDS_AT_ONCE
from connections.clients.evotor.records import EvotorProduct, EvotorStore
from evosync.common.batching import chunks

BATCH = 1000
# A row that another refresh wrote after this one began to read is newer than what we hold. Beyond
# this time it is not a parallel refresh but a clock that was set back.
PARALLEL = timedelta(hours=1)

Row = TypeVar("Row", Product, ProductGroup)


class ExistingRow(NamedTuple):
    """The columns of an existing product row that decide what is written."""

    pk: int
    content_hash: str
    quantity: Decimal | None
    missing_since: datetime | None
    fetched_at: datetime


@dataclass(slots=True)
class WriteCounts:
    """Counts of one written store. `bad_ids` and `bad_numbers` count records, not columns."""

    seen: int = 0
    added: int = 0
    changed: int = 0
    missing: int = 0
    returned: int = 0
    newly_zero_stock: int = 0
    bad_ids: int = 0
    bad_numbers: int = 0


@dataclass(slots=True)
class RowChanges:
    """Rows to write: new or changed ones, and the keys of unchanged ones."""

    upserts: list[Product] = field(default_factory=list)
    same: list[int] = field(default_factory=list)


def write_stores(user: User, listed: Sequence[EvotorStore], *, now: datetime) -> dict[str, Store]:
    """Mirror Evotor's list of stores; return their rows by Evotor id.

    A store that is no longer listed is marked missing, its products are left as they are.
    """
    _make_stores(user, listed, now=now)
    with transaction.atomic():
        known = {store.evotor_id: store for store in Store.objects.for_user(user).select_for_update()}
        for store in listed:
            row = known[store.id]
            wanted = store_values(store) | {"missing_since": None}
            if any(getattr(row, name) != value for name, value in wanted.items()):
                for name, value in wanted.items():
                    setattr(row, name, value)
                row.save()
        gone = known.keys() - {store.id for store in listed}
        rows = Store.objects.for_user(user).present()
        rows.filter(evotor_id__in=gone).update(missing_since=now)
    return {store.id: known[store.id] for store in listed}


def _make_stores(user: User, listed: Sequence[EvotorStore], *, now: datetime) -> None:
    """Create the rows of new stores, unless a concurrent refresh creates them."""
    rows = Store.objects.for_user(user)
    if {store.id for store in listed} <= set(rows.values_list("evotor_id", flat=True)):
        return
    with transaction.atomic():
        # The second one waits here and finds them. It holds no other lock, so there is no deadlock.
        User.objects.select_for_update().get(pk=user.pk)
        known = set(rows.values_list("evotor_id", flat=True))
        Store.objects.bulk_create(
            Store(user=user, evotor_id=store.id, fetched_at=now, **store_values(store))
            for store in listed
            if store.id not in known
        )


def record_problem(store: Store, code: str) -> None:
    """Save why a store could not be read."""
    store.problem = code[:64]
    store.save(update_fields=["problem"])


def write_snapshot(store: Store, snapshot: StoreSnapshot, *, now: datetime, complete: bool) -> WriteCounts:
    """Mirror what a store answered. Only a `complete` snapshot marks groups or products missing."""
    with transaction.atomic():
        # Two refreshes of one store write one after the other.
        row = Store.objects.select_for_update().get(pk=store.pk)
        if snapshot.groups is not None:
            _write_groups(row, snapshot, now=now, complete=complete)
        written = _write_products(row, snapshot, now=now)
        if complete:
            written.missing = _mark_missing(row, snapshot.gone, now=now)
        row.fetched_at = now
        row.problem = snapshot.unverified_error.code[:64] if snapshot.unverified_error else ""
        if complete and snapshot.unverified_error is None:
            row.complete_walk_at = now
        row.save(update_fields=["fetched_at", "problem", "complete_walk_at"])
    return written


def _write_groups(store: Store, snapshot: StoreSnapshot, *, now: datetime, complete: bool) -> None:
    found = {key: group_values(group) for key, group in (snapshot.groups or {}).items() if storable_id(key)}
    columns = ("evotor_id", "pk", "name", "parent_evotor_id", "missing_since")
    known = {row[0]: row[1:] for row in ProductGroup.objects.in_store(store).values_list(*columns)}
    same, upserts = [], []
    for evotor_id, values in found.items():
        row = known.get(evotor_id)
        if row is not None and row[1:3] == (values["name"], values["parent_evotor_id"]):
            same.append(row[0])
        else:
            upserts.append(ProductGroup(**_identity(store, evotor_id, now), **values))
    _upsert(ProductGroup, upserts, ["name", "parent_evotor_id"])
    _mark_seen(ProductGroup, same, now)
    if complete:
        gone = [row[0] for key, row in known.items() if key not in found and row[3] is None]
        for pks in chunks(gone, BATCH):
            ProductGroup.objects.filter(pk__in=pks).update(missing_since=now)


def _write_products(store: Store, snapshot: StoreSnapshot, *, now: datetime) -> WriteCounts:
    known = _known(store, snapshot.products)
    written, rows = WriteCounts(), RowChanges()
    for evotor_id, record in snapshot.products.items():
        if not storable_id(evotor_id):
            written.bad_ids += 1
            continue
        written.seen += 1
        _classify(written, rows, store, record, known.get(evotor_id), now=now)
    _upsert(Product, rows.upserts, PRODUCT_COLUMNS)
    _mark_seen(Product, rows.same, now)
    return written


def _classify(
    written: WriteCounts,
    rows: RowChanges,
    store: Store,
    record: EvotorProduct,
    row: ExistingRow | None,
    *,
    now: datetime,
) -> None:
    """Sort one record into new, changed or unchanged, and count it."""
    if row is not None and now < row.fetched_at <= now + PARALLEL:
        return
    values = product_values(record)
    written.bad_numbers += bool(values.unusable)
    if row is None:
        written.added += 1
    else:
        written.returned += row.missing_since is not None
        written.newly_zero_stock += _has_sold_out(row, values)
        if row.content_hash == values.content_hash:
            rows.same.append(row.pk)
            return
        written.changed += 1
    rows.upserts.append(Product(**_identity(store, record.id, now), **values.columns))


def _has_sold_out(row: ExistingRow, values: ProductValues) -> bool:
    return bool(row.quantity and row.quantity > 0 and values.quantity is not None and values.quantity <= 0)


def _identity(store: Store, evotor_id: str, now: datetime) -> dict[str, object]:
    return {
        "user_id": store.user_id,
        "store_id": store.pk,
        "evotor_id": evotor_id,
        "fetched_at": now,
        "missing_since": None,
    }


def _known(store: Store, wanted: Mapping[str, EvotorProduct]) -> dict[str, ExistingRow]:
    """Return our rows of these products: queried by id when they are few, else by store."""
    rows = Product.objects.in_store(store)
    if len(wanted) <= IDS_AT_ONCE:
        rows = rows.filter(evotor_id__in=list(wanted))
    columns = rows.values_list("evotor_id", "pk", "content_hash", "quantity", "missing_since", "fetched_at")
    return {row[0]: ExistingRow(*row[1:]) for row in columns.iterator(chunk_size=5000)}


def _mark_missing(store: Store, evotor_ids: Collection[str], *, now: datetime) -> int:
    marked = 0
    for ids in chunks(sorted(evotor_ids), BATCH):
        rows = Product.objects.in_store(store).present().filter(evotor_id__in=ids)
        rows = rows.exclude(fetched_at__gt=now, fetched_at__lte=now + PARALLEL)
        marked += rows.update(missing_since=now)
    return marked


def _upsert(model: type[Row], rows: Sequence[Row], columns: Sequence[str]) -> None:
    """Insert rows, or update them where store and Evotor id are known."""
    # MariaDB finds the unique key by itself and rejects an explicit one.
    by_key = connection.features.supports_update_conflicts_with_target
    for batch in chunks(rows, BATCH):
        model.objects.bulk_create(
            batch,
            update_conflicts=True,
            unique_fields=["store", "evotor_id"] if by_key else None,
            update_fields=[*columns, "fetched_at", "missing_since"],
        )


def _mark_seen(model: type[Row], pks: Iterable[int], now: datetime) -> None:
    """Mark unchanged rows as seen."""
    for batch in chunks(pks, BATCH):
        model.objects.filter(pk__in=batch).update(fetched_at=now, missing_since=None)
