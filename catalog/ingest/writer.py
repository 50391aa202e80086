"""Writes a store snapshot into our rows: one short transaction per store, a few queries per batch."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from catalog.choices import ProblemCode
from catalog.ingest.group_rows import GroupChanges, retire_groups, revive_groups, write_groups
from catalog.ingest.product_rows import (
    RowChanges,
    compare_products,
    doubt_goods_of,
    mark_missing,
    write_products,
)
from catalog.ingest.reader import StoreSnapshot
from catalog.ingest.reading import Reading, WriteCounts
from catalog.ingest.reading_key import pages_key, reading_key
from catalog.models import Store
from connections.clients.evotor.records import FetchedPages

# How often all rows are compared and stamped although the reading equals the last one.
COMPARED_EVERY = timedelta(days=1)
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
    """What a reading changes in the rows of products; `rows` is None if it repeats the last reading."""

    reading: Reading
    written: WriteCounts
    rows: RowChanges | None


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
    # Computed before the transaction, which blocks other writers: in a big store it takes seconds.
    work = _plan_work(before, snapshot, now=now, proves_absence=proves_absence, is_whole=is_whole)
    with transaction.atomic():
        # Two refreshes of one store write one after the other.
        row = Store.objects.select_for_update().get(pk=store.pk)
        if _version(row) != _version(before):
            work = _plan_work(row, snapshot, now=now, proves_absence=proves_absence, is_whole=is_whole)
        if work.rows is None:
            written, repeats = work.written, True
        else:
            written = _write_rows(row, snapshot, work, work.rows, complete=complete)
            may_repeat = is_whole and not work.reading.is_overtaken
            repeats = may_repeat and not written.is_change and written.is_clean
            row.reading_key = reading_key(snapshot, row.changed_at) if repeats else ""
            if proves_absence and not _was_compared_lately(row, now):
                row.reading_compared_at = now
        digest = snapshot.digest if repeats else ""
        row.pages_key = pages_key(digest, row.changed_at, snapshot.products)
        _stamp(row, snapshot, work.reading, complete=complete)
        row.save(update_fields=STORE_STAMPS)
    return written


def stamp_repeated(store: Store, pages: FetchedPages, *, now: datetime, present: Collection[str]) -> bool:
    """Stamp a store whose pages equal those of its last reading, if that changed nothing; return True then.

    No record on such pages needs to be read. `present` are the products that our rows hold.
    """
    if not pages.digest or not store.pages_key:
        return False
    reading = Reading(now, store.goods_seen_at, is_complete=True)
    if reading.is_overtaken or not _was_compared_lately(store, now):
        return False
    if store.pages_key != pages_key(pages.digest, store.changed_at, present):
        return False
    # Where another reading has been written since the row was read, this one is compared record by record.
    as_it_was = Store.objects.filter(pk=store.pk, **dict(zip(VERSION, _version(store), strict=True)))
    stamps = dict.fromkeys(("fetched_at", "goods_seen_at", "complete_walk_at"), now)
    return bool(as_it_was.update(**stamps, problem="", problem_detail=""))


def _plan_work(
    row: Store, snapshot: StoreSnapshot, *, now: datetime, proves_absence: bool, is_whole: bool
) -> Work:
    """Return what to write into the store's rows of products; writes nothing."""
    is_due = not _was_compared_lately(row, now)
    reading = Reading(now, row.goods_seen_at, proves_absence, stamps=is_due or not proves_absence)
    may_repeat = is_whole and not reading.is_overtaken
    if may_repeat and not is_due and row.reading_key == reading_key(snapshot, row.changed_at):
        return Work(reading, WriteCounts(seen=len(snapshot.products)), None)
    return Work(reading, *compare_products(row, snapshot, reading))


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
    reading, written = work.reading, work.written
    groups = GroupChanges() if snapshot.groups is None else write_groups(row, snapshot, reading)
    write_products(products, reading)
    doubt_goods_of(row, groups.harmless, reading)
    if complete:
        written.missing = mark_missing(row, snapshot.gone, reading)
    moved = groups.is_change | revive_groups(row)
    if reading.is_complete and snapshot.groups is not None:
        moved |= retire_groups(row, snapshot.groups, reading)
    written.groups_changed = moved
    if written.is_change:
        row.changed_at = reading.now
    return written


def _stamp(row: Store, snapshot: StoreSnapshot, reading: Reading, *, complete: bool) -> None:
    """Note when the store was read, how far, and with which problem."""
    row.fetched_at = reading.now
    if reading.is_complete and not reading.is_overtaken:
        row.goods_seen_at = reading.now
    if complete and snapshot.unverified_error is None:
        row.complete_walk_at = reading.now
    row.problem = row.problem_detail = ""
    if snapshot.unverified_error is not None:
        row.problem = snapshot.unverified_error.code[:64]
    elif snapshot.broken:
        row.problem = ProblemCode.BAD_RECORD
        row.problem_detail = "; ".join(one.label for one in snapshot.broken)[:255]
