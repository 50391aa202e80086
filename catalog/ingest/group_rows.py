"""Writes the groups of a store into our rows, and brings back or retires those that it did not list."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from catalog.ingest.reader import StoreSnapshot
from catalog.ingest.reading import Reading
from catalog.ingest.rows import BATCH, identity, last_seen, upsert
from catalog.mappers import GROUP_COLUMNS, group_told, group_values, known_group, storable_id
from catalog.models import Product, ProductGroup, Store
from evosync.common.batching import chunks
from syncing.core.group_tree import GroupTree, left_groups
from syncing.core.inheritance import inherited_groups
from syncing.core.last_known import PathOf, named_groups, recall, vanished_fields
from syncing.core.lost_filters import REPLACED_WITHIN
from syncing.core.records import GroupKey, SourceGroup
from syncing.core.restricted_goods.group_names import group_contents


@dataclass(slots=True)
class GroupChanges:
    """Rows to write: new or changed ones, and the keys of unchanged ones that were there or came back."""

    upserts: list[ProductGroup] = field(default_factory=list)
    same: list[int] = field(default_factory=list)
    returned: list[int] = field(default_factory=list)
    # Whether one that the last reading left out is listed again.
    is_relisted: bool = False
    # Those whose names no longer say that VK takes no such goods, with all below them.
    harmless: frozenset[str] = frozenset()

    @property
    def is_change(self) -> bool:
        """Return True if a group is another than before."""
        return bool(self.upserts or self.returned or self.is_relisted)


def write_groups(store: Store, snapshot: StoreSnapshot, reading: Reading) -> GroupChanges:
    """Write the groups that were read; return what that changes."""
    changes, now = _compare_groups(store, snapshot, reading), reading.now
    upsert(changes.upserts, [*GROUP_COLUMNS, "unlisted_since"])
    seen: dict[str, object] = {"fetched_at": now, "missing_since": None, "unlisted_since": None}
    for pks in chunks(changes.same, BATCH):
        ProductGroup.objects.filter(pk__in=pks).update(**seen)
    for pks in chunks(changes.returned, BATCH):
        ProductGroup.objects.filter(pk__in=pks).update(**seen, present_since=now)
    return changes


def _compare_groups(store: Store, snapshot: StoreSnapshot, reading: Reading) -> GroupChanges:
    changes = GroupChanges()
    told = {key: group_told(group) for key, group in (snapshot.groups or {}).items() if storable_id(key)}
    moments = ("missing_since", "unlisted_since", "present_since")
    columns = ("evotor_id", "pk", *moments, *GROUP_COLUMNS)
    rows = ProductGroup.objects.in_store(store).values(*columns)
    known = {row["evotor_id"]: row for row in rows}
    knowledge = {key: known_group(row) for key, row in known.items()}
    vanished = vanished_fields((one, knowledge.get(key)) for key, one in told.items())
    path_of = group_paths(store, snapshot)
    new = {key: one for key, one in told.items() if key not in known}
    gone_before = reading.now - REPLACED_WITHIN
    left = {
        key: knowledge[key]
        for key, row in known.items()
        if key not in told and (row["missing_since"] is None or row["missing_since"] >= gone_before)
    }
    knowledge |= inherited_groups(new, left, path_of)
    for evotor_id, one in told.items():
        found = recall(
            one, knowledge.get(evotor_id), is_complete=reading.is_complete, vanished=vanished, path_of=path_of
        )
        values, row = group_values(found), known.get(evotor_id)
        since = reading.now if row is None or row["missing_since"] else row["present_since"]
        if row is not None and all(row[name] == values[name] for name in GROUP_COLUMNS):
            is_back = row["unlisted_since"] is not None
            changes.is_relisted |= is_back
            if row["missing_since"]:
                changes.returned.append(row["pk"])
            elif is_back or reading.stamps:
                changes.same.append(row["pk"])
        else:
            changes.upserts.append(ProductGroup(**identity(store, evotor_id, reading.now, since), **values))
    changes.harmless = _no_longer_restricted(changes.upserts, known)
    return changes


def _no_longer_restricted(
    written: Iterable[ProductGroup], known: Mapping[str, Mapping[str, Any]]
) -> frozenset[str]:
    """Return the groups that a new name of theirs, or of one above them, no longer says to be forbidden."""
    renamed = {
        group.evotor_id
        for group in written
        if group.evotor_id in known
        and group_contents(known[group.evotor_id]["name"])[1]
        and not group_contents(group.name)[1]
    }
    if not renamed:
        return frozenset()
    parents = {key: row["parent_evotor_id"] for key, row in known.items()}
    parents |= {group.evotor_id: group.parent_evotor_id for group in written}
    return frozenset(key for key in parents if named_groups([key], parents) & renamed)


def revive_groups(store: Store) -> bool:
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


def retire_groups(store: Store, listed: Collection[str], reading: Reading) -> bool:
    """Note which groups a complete reading did not list; mark those missing that nothing names any more.

    A group that is left out for the first time stays, and so does one that products stand in. Returns True
    if something was noted.
    """
    columns = ("pk", "evotor_id", "parent_evotor_id", "unlisted_since")
    groups = list(ProductGroup.objects.in_store(store).present().values_list(*columns))
    unlisted = [(pk, key, since) for pk, key, _, since in groups if key not in listed]
    first = [pk for pk, _, since in unlisted if since is None]
    again = {key: pk for pk, key, since in unlisted if since is not None}
    named: set[str] = set()
    if again:
        products = Product.objects.in_store(store).present()
        parents = {key: parent for _, key, parent, _ in groups}
        named = named_groups(products.values_list("group_evotor_id", flat=True).distinct(), parents)
    gone = [pk for key, pk in again.items() if key not in named]
    for pks in chunks(first, BATCH):
        ProductGroup.objects.filter(pk__in=pks).update(unlisted_since=reading.now, **last_seen(reading))
    for pks in chunks(gone, BATCH):
        ProductGroup.objects.filter(pk__in=pks).update(missing_since=reading.now)
    return bool(first or gone)


def group_paths(store: Store, snapshot: StoreSnapshot) -> PathOf:
    """Return a function that gives the names of a group and its parents, from the root down.

    Where the till no longer tells what stands above them, it is what stood there last. It returns None for
    a group that was never listed. The rows are read at its first call: few readings move products between
    groups.
    """

    @cache
    def known() -> GroupTree:
        columns = ("evotor_id", "name", "parent_evotor_id", "left_groups")
        rows = ProductGroup.objects.in_store(store).values_list(*columns)
        groups = {key: (name, parent, tuple(left or ())) for key, name, parent, left in rows}
        for key, group in (snapshot.groups or {}).items():
            name, parent, left = groups.get(key, ("", "", ()))
            groups[key] = (group.name or name, group.parent_id or parent, left)
        return GroupTree(
            SourceGroup(GroupKey("", key), name, parent, left_groups=left)
            for key, (name, parent, left) in groups.items()
        )

    def path_of(group_id: str) -> tuple[str, ...] | None:
        path = known().path("", group_id)
        return left_groups(path) or tuple(group.name for group in path) or None

    return path_of
