"""Writes a store snapshot into our rows: one short transaction per store, a few queries per batch."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Greatest

from accounts.models import User
from catalog.choices import ProblemCode
from catalog.ingest.reader import StoreSnapshot
from catalog.ingest.reading_key import pages_key, reading_key
from catalog.mappers import (
    GROUP_COLUMNS,
    NUMBERS,
    PRODUCT_COLUMNS,
    REMEMBERED_COLUMNS,
    ProductTold,
    ProductValues,
    group_told,
    group_values,
    known_group,
    known_product,
    product_told,
    product_values,
    storable_id,
    store_values,
)
from catalog.models import IDS_AT_ONCE, Product, ProductGroup, Store
from connections.clients.evotor.records import EvotorStore, FetchedPages
from evosync.common.batching import chunks
from syncing.core.choices import Field
from syncing.core.group_tree import GroupTree
from syncing.core.inheritance import inherited_knowledge
from syncing.core.last_known import (
    LASTING,
    Knowledge,
    PathOf,
    Told,
    named_groups,
    recall,
    vanished_fields,
)
from syncing.core.lost_filters import REPLACED_WITHIN
from syncing.core.records import GroupKey, SourceGroup

BATCH = 1000
# What a row says of what is known of its product.
KNOWN_COLUMNS = ("untold_fields", "left_groups", *REMEMBERED_COLUMNS)
# A row that another refresh wrote after this one began to read is newer than what we hold. Beyond
# this time it is not a parallel refresh but a clock that was set back.
PARALLEL = timedelta(hours=1)
# So often all rows are compared, and stamped as read, although the reading says what the last one said.
COMPARED_EVERY = timedelta(days=1)
# So many new products are compared with the rows that look like them, more with the whole store.
FEW_NEW = 20

Row = TypeVar("Row", Product, ProductGroup)


class ExistingRow(NamedTuple):
    """What we had of one product."""

    pk: int
    content_hash: str
    missing_since: datetime | None
    present_since: datetime | None
    fetched_at: datetime
    known: Knowledge

    @property
    def quantity(self) -> Decimal | None:
        """Return the stock, None where it is unknown."""
        found: Decimal | None = self.known.values[Field.QUANTITY]  # type: ignore[assignment]
        return found

    def is_newer_than(self, reading: "Reading") -> bool:
        """Return True if a parallel refresh that began later has written the row, or found it unchanged."""
        if self.missing_since is None and reading.is_overtaken:
            return True
        return reading.now < self.fetched_at <= reading.now + PARALLEL


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading that is written into a store's rows, which all of its goods were last seen at `seen_at`.

    A `is_complete` one proves what is not in the store. Rows that it finds unchanged are stamped as read
    only where it `stamps` them; otherwise the store is.
    """

    now: datetime
    seen_at: datetime | None
    is_complete: bool
    stamps: bool = True

    @property
    def is_overtaken(self) -> bool:
        """Whether a parallel refresh that began later has seen all of the goods already."""
        return self.seen_at is not None and self.now < self.seen_at <= self.now + PARALLEL


@dataclass(slots=True)
class WriteCounts:
    """Counts of one written store. `bad_numbers` and `bad_fields` describe the products."""

    seen: int = 0
    added: int = 0
    changed: int = 0
    missing: int = 0
    returned: int = 0
    newly_zero_stock: int = 0
    bad_ids: int = 0
    bad_numbers: list[str] = field(default_factory=list)
    bad_fields: list[str] = field(default_factory=list)
    groups_changed: bool = False

    @property
    def is_clean(self) -> bool:
        """Whether every record could be stored as it was told."""
        return not (self.bad_ids or self.bad_numbers or self.bad_fields)

    @property
    def is_change(self) -> bool:
        """Whether the store's goods or groups are other ones than before."""
        return self.groups_changed or bool(self.added or self.changed or self.missing or self.returned)


@dataclass(slots=True)
class RowChanges:
    """Rows to write: new or changed ones, and the keys of unchanged ones that were there or came back."""

    upserts: list[Product] = field(default_factory=list)
    same: list[int] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)


def write_stores(
    user: User, listed: Sequence[EvotorStore], *, now: datetime, proves_absence: bool
) -> dict[str, Store]:
    """Mirror Evotor's list of stores; return their rows by Evotor id.

    A store that is no longer listed is marked missing, its products are left as they are. Nothing is
    where the list `proves_absence` of nothing.
    """
    same = _unchanged_stores(user, listed)
    if same is not None:
        return same
    _make_stores(user, listed, now=now)
    with transaction.atomic():
        known = {store.evotor_id: store for store in Store.objects.for_user(user).select_for_update()}
        for store in listed:
            row = known[store.id]
            wanted = store_values(store) | {"missing_since": None}
            if row.missing_since is not None:
                wanted["present_since"] = now
            if any(getattr(row, name) != value for name, value in wanted.items()):
                for name, value in wanted.items():
                    setattr(row, name, value)
                row.save()
        gone = known.keys() - {store.id for store in listed} if proves_absence else ()
        rows = Store.objects.for_user(user).present()
        rows.filter(evotor_id__in=gone).update(missing_since=now)
    return {store.id: known[store.id] for store in listed}


def _unchanged_stores(user: User, listed: Sequence[EvotorStore]) -> dict[str, Store] | None:
    """Return the rows where they are those of the list and say the same, so that nothing is to be written."""
    known = {row.evotor_id: row for row in Store.objects.for_user(user)}
    listed_ids = {store.id for store in listed}
    if any((row.missing_since is None) != (key in listed_ids) for key, row in known.items()):
        return None
    for store in listed:
        row = known.get(store.id)
        if row is None or any(getattr(row, name) != value for name, value in store_values(store).items()):
            return None
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
            Store(user=user, evotor_id=store.id, fetched_at=now, present_since=now, **store_values(store))
            for store in listed
            if store.id not in known
        )


def record_problem(store: Store, code: str) -> None:
    """Keep why a store could not be read."""
    store.problem, store.problem_detail = code[:64], ""
    store.save(update_fields=["problem", "problem_detail"])


def write_snapshot(
    store: Store,
    snapshot: StoreSnapshot,
    *,
    now: datetime,
    complete: bool,
    present: Collection[str] | None = None,
) -> WriteCounts:
    """Mirror what a store answered. Only a `complete` snapshot marks groups or products missing.

    `present` are the products that our rows held when a complete reading began. Where it is the reading
    that last changed nothing, word for word, the store is stamped and its rows are not read.
    """
    proves_absence = complete and snapshot.proves_absence
    is_whole = proves_absence and present == snapshot.products.keys()
    before = Store.objects.get(pk=store.pk)
    # Worked out before the transaction, in which nobody else writes: in a big store it takes seconds.
    work = _work_out(before, snapshot, now=now, proves_absence=proves_absence, is_whole=is_whole)
    with transaction.atomic():
        # Two refreshes of one store write one after the other.
        row = Store.objects.select_for_update().get(pk=store.pk)
        if _version(row) != _version(before):
            work = _work_out(row, snapshot, now=now, proves_absence=proves_absence, is_whole=is_whole)
        reading = work.reading
        if work.rows is None:
            written, repeats = work.written, True
        else:
            written = _write_rows(row, snapshot, work, work.rows, complete=complete)
            may_repeat = is_whole and not reading.is_overtaken
            repeats = may_repeat and not written.is_change and written.is_clean
            row.reading_key = reading_key(snapshot, row.changed_at) if repeats else ""
            if proves_absence and not _was_compared_lately(row, now):
                row.reading_compared_at = now
        kept = snapshot.digest if repeats else ""
        row.pages_key = pages_key(kept, row.changed_at, snapshot.products)
        row.fetched_at = now
        if proves_absence and not reading.is_overtaken:
            row.goods_seen_at = now
        _note_problem(row, snapshot)
        if complete and snapshot.unverified_error is None:
            row.complete_walk_at = now
        row.save(update_fields=STORE_STAMPS)
    return written


def stamp_repeated(store: Store, pages: FetchedPages, *, now: datetime, present: Collection[str]) -> bool:
    """Stamp a store whose pages are those of its last reading that changed nothing; say whether they are.

    Then no record on them needs to be read. `present` are the products that our rows hold.
    """
    if not pages.digest or not store.pages_key:
        return False
    with transaction.atomic():
        row = Store.objects.select_for_update().get(pk=store.pk)
        reading = Reading(now, row.goods_seen_at, is_complete=True)
        if reading.is_overtaken or not _was_compared_lately(row, now):
            return False
        if row.pages_key != pages_key(pages.digest, row.changed_at, present):
            return False
        row.fetched_at = row.goods_seen_at = row.complete_walk_at = now
        row.problem = row.problem_detail = ""
        row.save(update_fields=STORE_STAMPS)
    return True


STORE_STAMPS = [
    "fetched_at",
    "changed_at",
    "goods_seen_at",
    "reading_key",
    "pages_key",
    "reading_compared_at",
    "problem",
    "problem_detail",
    "complete_walk_at",
]


VERSION = ("fetched_at", "changed_at", "goods_seen_at", "reading_key", "pages_key", "reading_compared_at")


@dataclass(frozen=True, slots=True)
class Work:
    """What a reading does to the rows of products; `rows` is None where it is known to change nothing."""

    reading: Reading
    written: WriteCounts
    rows: RowChanges | None


def _work_out(
    row: Store, snapshot: StoreSnapshot, *, now: datetime, proves_absence: bool, is_whole: bool
) -> Work:
    """Return what to write into a store's rows of products as they are now; writes nothing."""
    is_due = not _was_compared_lately(row, now)
    reading = Reading(now, row.goods_seen_at, proves_absence, stamps=is_due or not proves_absence)
    may_repeat = is_whole and not reading.is_overtaken
    if may_repeat and not is_due and row.reading_key == reading_key(snapshot, row.changed_at):
        return Work(reading, WriteCounts(seen=len(snapshot.products)), None)
    return Work(reading, *_compare_products(row, snapshot, reading))


def _version(row: Store) -> tuple[object, ...]:
    """Return what changes with every reading that is written into a store's rows."""
    return tuple(getattr(row, name) for name in VERSION)


def _was_compared_lately(row: Store, now: datetime) -> bool:
    at = row.reading_compared_at
    return at is not None and at <= now < at + COMPARED_EVERY


def _write_rows(
    row: Store, snapshot: StoreSnapshot, work: Work, products: RowChanges, *, complete: bool
) -> WriteCounts:
    """Write what was read into the rows of the store's groups and products."""
    moved, reading, written = False, work.reading, work.written
    if snapshot.groups is not None:
        moved = _write_groups(row, snapshot, reading)
    _write_products(products, reading)
    if complete:
        written.missing = _mark_missing(row, snapshot.gone, reading)
    moved |= _revive_groups(row)
    if reading.is_complete and snapshot.groups is not None:
        moved |= _retire_groups(row, snapshot.groups, reading)
    written.groups_changed = moved
    if written.is_change:
        row.changed_at = reading.now
    return written


def _note_problem(row: Store, snapshot: StoreSnapshot) -> None:
    row.problem = row.problem_detail = ""
    if snapshot.unverified_error is not None:
        row.problem = snapshot.unverified_error.code[:64]
    elif snapshot.broken:
        row.problem = ProblemCode.BAD_RECORD
        row.problem_detail = "; ".join(one.label for one in snapshot.broken)[:255]


def _write_groups(store: Store, snapshot: StoreSnapshot, reading: Reading) -> bool:
    """Write the groups that were read; return True if one is another than before."""
    now = reading.now
    told = {key: group_told(group) for key, group in (snapshot.groups or {}).items() if storable_id(key)}
    columns = ("evotor_id", "pk", "missing_since", "unlisted_since", "present_since", *GROUP_COLUMNS)
    rows = ProductGroup.objects.in_store(store).values(*columns)
    known = {row["evotor_id"]: row for row in rows}
    knowledge = {key: known_group(row) for key, row in known.items()}
    vanished = vanished_fields((one, knowledge.get(key)) for key, one in told.items())
    same: list[int] = []
    returned: list[int] = []
    upserts: list[ProductGroup] = []
    relisted = False
    for evotor_id, one in told.items():
        found = recall(one, knowledge.get(evotor_id), is_complete=reading.is_complete, vanished=vanished)
        values, row = group_values(found), known.get(evotor_id)
        since = now if row is None or row["missing_since"] else row["present_since"]
        if row is not None and all(row[name] == values[name] for name in GROUP_COLUMNS):
            is_back = row["unlisted_since"] is not None
            relisted |= is_back
            if row["missing_since"]:
                returned.append(row["pk"])
            elif is_back or reading.stamps:
                same.append(row["pk"])
        else:
            upserts.append(ProductGroup(**_identity(store, evotor_id, now, since), **values))
    _upsert(ProductGroup, upserts, [*GROUP_COLUMNS, "unlisted_since"])
    seen: dict[str, object] = {"fetched_at": now, "missing_since": None, "unlisted_since": None}
    for pks in chunks(same, BATCH):
        ProductGroup.objects.filter(pk__in=pks).update(**seen)
    for pks in chunks(returned, BATCH):
        ProductGroup.objects.filter(pk__in=pks).update(**seen, present_since=now)
    return bool(upserts or returned or relisted)


def _revive_groups(store: Store) -> bool:
    """Bring missing groups back that products of the till name again; return True if there were any.

    They come back as they were last known: the till may list the product and leave its group out, and
    the group still says what the product is.
    """
    missing = dict(
        ProductGroup.objects.in_store(store).missing().values_list("evotor_id", "parent_evotor_id")
    )
    if not missing:
        return False
    products = Product.objects.in_store(store).present()
    parents = dict(ProductGroup.objects.in_store(store).values_list("evotor_id", "parent_evotor_id"))
    named = named_groups(products.values_list("group_evotor_id", flat=True).distinct(), parents)
    back = sorted(missing.keys() & named)
    for ids in chunks(back, BATCH):
        ProductGroup.objects.in_store(store).filter(evotor_id__in=ids).update(missing_since=None)
    return bool(back)


def _retire_groups(store: Store, listed: Collection[str], reading: Reading) -> bool:
    """Note which groups a complete reading did not list; mark those missing that nothing names any more.

    A group that is left out for the first time stays, and so does one that products stand in. Returns True
    if something was noted.
    """
    groups = ProductGroup.objects.in_store(store).present()
    products = Product.objects.in_store(store).present()
    parents = dict(groups.values_list("evotor_id", "parent_evotor_id"))
    named = named_groups(products.values_list("group_evotor_id", flat=True).distinct(), parents)
    columns = groups.values_list("pk", "evotor_id", "unlisted_since")
    rows = [row for row in columns if row[1] not in listed]
    first = [pk for pk, _, since in rows if since is None]
    gone = [pk for pk, evotor_id, since in rows if since is not None and evotor_id not in named]
    for pks in chunks(first, BATCH):
        ProductGroup.objects.filter(pk__in=pks).update(unlisted_since=reading.now, **_last_seen(reading))
    for pks in chunks(gone, BATCH):
        ProductGroup.objects.filter(pk__in=pks).update(missing_since=reading.now)
    return bool(first or gone)


def _compare_products(
    store: Store, snapshot: StoreSnapshot, reading: Reading
) -> tuple[WriteCounts, RowChanges]:
    written, rows, now = WriteCounts(), RowChanges(), reading.now
    told = {key: product_told(record) for key, record in snapshot.products.items() if storable_id(key)}
    written.bad_ids = len(snapshot.products) - len(told)
    written.seen = len(told)
    known = _known(store, told)
    knowledge: dict[str, Knowledge] = _inherited(store, told, known, reading)
    knowledge |= {key: row.known for key, row in known.items()}
    vanished = vanished_fields((one.told, knowledge.get(key)) for key, one in told.items())
    path_of = _paths(store, snapshot)
    for evotor_id, one in told.items():
        row = known.get(evotor_id)
        if row is not None and row.is_newer_than(reading):
            continue
        values = product_values(
            one,
            knowledge.get(evotor_id),
            is_complete=reading.is_complete,
            vanished=vanished,
            path_of=path_of,
        )
        _count(written, values, row)
        since = now if row is None or row.missing_since else row.present_since
        if row is not None and row.content_hash == values.content_hash:
            (rows.returned if row.missing_since else rows.same).append(row.pk)
        else:
            rows.upserts.append(Product(**_identity(store, evotor_id, now, since), **values.columns))
    return written, rows


def _paths(store: Store, snapshot: StoreSnapshot) -> PathOf:
    """Return a function that tells the names of a group and of those above it, if it was ever listed.

    The rows are read when it is first asked: few readings move products between groups.
    """

    @cache
    def known() -> GroupTree:
        rows = ProductGroup.objects.in_store(store).values_list("evotor_id", "name", "parent_evotor_id")
        groups = {key: (name, parent) for key, name, parent in rows}
        for key, group in (snapshot.groups or {}).items():
            name, parent = groups.get(key, ("", ""))
            groups[key] = (group.name or name, group.parent_id or parent)
        return GroupTree(SourceGroup(GroupKey("", key), *group) for key, group in groups.items())

    def path_of(group_id: str) -> tuple[str, ...] | None:
        return tuple(group.name for group in known().path("", group_id)) or None

    return path_of


def _write_products(rows: RowChanges, reading: Reading) -> None:
    now = reading.now
    _upsert(Product, rows.upserts, PRODUCT_COLUMNS)
    for pks in chunks(rows.same if reading.stamps else (), BATCH):
        Product.objects.filter(pk__in=pks).update(fetched_at=now)
    for pks in chunks(rows.returned, BATCH):
        Product.objects.filter(pk__in=pks).update(fetched_at=now, missing_since=None, present_since=now)


def _inherited(
    store: Store, told: Mapping[str, ProductTold], known: Mapping[str, ExistingRow], reading: Reading
) -> dict[str, Knowledge]:
    """Return, for new products that leave a lasting field untold, what is known of the ones they were.

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


def _identity(store: Store, evotor_id: str, now: datetime, since: datetime | None) -> dict[str, object]:
    return {
        "user_id": store.user_id,
        "store_id": store.pk,
        "evotor_id": evotor_id,
        "fetched_at": now,
        "missing_since": None,
        "present_since": since,
    }


def _known(store: Store, told: Collection[str]) -> dict[str, ExistingRow]:
    """Return what we have of these products: by their ids when they are few, else of the store."""
    rows = Product.objects.in_store(store)
    if len(told) <= IDS_AT_ONCE:
        rows = rows.filter(evotor_id__in=list(told))
    columns = ("pk", "content_hash", "missing_since", "present_since", "fetched_at")
    found = rows.values("evotor_id", *columns, *KNOWN_COLUMNS)
    return {
        row["evotor_id"]: ExistingRow(**{name: row[name] for name in columns}, known=known_product(row))
        for row in found.iterator(chunk_size=5000)
    }


def _last_seen(reading: Reading) -> dict[str, Any]:
    """Return what lets rows that leave say themselves when they were last seen: the store has said it."""
    return {"fetched_at": Greatest("fetched_at", Value(reading.seen_at))} if reading.seen_at else {}


def _mark_missing(store: Store, evotor_ids: Collection[str], reading: Reading) -> int:
    marked, now = 0, reading.now
    if reading.is_overtaken:
        return marked
    for ids in chunks(sorted(evotor_ids), BATCH):
        rows = Product.objects.in_store(store).present().filter(evotor_id__in=ids)
        rows = rows.exclude(fetched_at__gt=now, fetched_at__lte=now + PARALLEL)
        marked += rows.update(missing_since=now, **_last_seen(reading))
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
            update_fields=[*columns, "fetched_at", "missing_since", "present_since"],
        )
