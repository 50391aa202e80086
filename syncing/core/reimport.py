"""Which goods, groups and stores of now are those that the till had before, under other ids.

What the merchant decided about a product, a group or a store names its id. After a re-import every id is
new, so the decision goes to what came back: goods by their marks, groups by their name or by their goods.
Only what came later than the old one can have replaced it, and shortly before that was last seen at the
earliest: a re-import may write the new ones before it deletes the old ones.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from syncing.core.group_tree import GroupTree
from syncing.core.identity import plain_name
from syncing.core.last_known import named_groups
from syncing.core.matching import successors
from syncing.core.records import GroupKey, ProductKey, SourceGroup, SourceProduct, SourceStore

# How long old and new goods may exist beside each other during a re-import.
SLOWEST_IMPORT = timedelta(days=1)
Mirrored = SourceProduct | SourceGroup | SourceStore


@dataclass(frozen=True, slots=True)
class Till:
    """A till's goods and groups, those of now or those that are gone."""

    products: Sequence[SourceProduct] = ()
    groups: Sequence[SourceGroup] = ()


@dataclass(frozen=True, slots=True)
class Succession:
    """What came back as what. `alike` are the old products that came back under a like name."""

    products: Mapping[ProductKey, ProductKey] = field(default_factory=dict)
    alike: frozenset[ProductKey] = frozenset()
    # The first is the surest.
    groups: Mapping[GroupKey, tuple[GroupKey, ...]] = field(default_factory=dict)


def may_replace(new: Mirrored, old: Mirrored) -> bool:
    """Return True for what came after the old one, at most a slow re-import before that was last seen."""
    if new.since is None or old.seen_at is None or (old.since and new.since <= old.since):
        return False
    return new.since > old.seen_at - SLOWEST_IMPORT


def came_later(since: datetime | None, seen_at: datetime | None) -> bool:
    """Return True for what was not there yet when the other one was last seen."""
    return since is not None and seen_at is not None and since > seen_at


def find_succession(gone: Till, present: Till) -> Succession:
    """Return which present products and groups are those that are gone."""
    found = successors(
        {product.key: product for product in gone.products},
        [product for product in present.products if product.since],
        present.products,
        _replaced_stores(gone.products, present.products),
        may_follow=lambda old, new: may_replace(new, old),
    )
    products = {old: new for old, new, _is_like in found}
    alike = {old for old, _new, is_like in found if is_like}
    _add_earlier_ones(products, alike, gone.products)
    return Succession(products, frozenset(alike), _groups(gone, present, products))


def _add_earlier_ones(
    products: dict[ProductKey, ProductKey], alike: set[ProductKey], gone: Sequence[SourceProduct]
) -> None:
    """Add what came back as goods that have left as well: two re-imports with no whole reading in between."""
    while True:
        between = [product for product in gone if product.key in products]
        earlier = {product.key: product for product in gone if product.key not in products}
        found = successors(earlier, between, between, may_follow=lambda old, new: may_replace(new, old))
        for old, new, is_like in found:
            products[old] = products[new]
            if is_like and new in alike:
                alike.add(old)
        if not found:
            return


def find_through(
    gone: Mapping[ProductKey, SourceProduct],
    between: Iterable[SourceProduct],
    present: Sequence[SourceProduct],
) -> list[tuple[ProductKey, ProductKey, bool]]:
    """Return what came back as what, and whether under a like name, over goods that came and went since.

    Two re-imports without a run in between leave goods in the middle that no item ever belonged to.
    """
    oldest = min((one.seen_at for one in gone.values() if one.seen_at), default=None)
    if oldest is None:
        return []
    steps = [one for one in between if one.key not in gone and one.since]
    if not any(one.since and one.since > oldest - SLOWEST_IMPORT for one in steps):
        return []
    found = find_succession(Till([*gone.values(), *steps]), Till(present))
    return [(old, found.products[old], old in found.alike) for old in sorted(gone.keys() & found.products)]


def find_store_succession(stores: Iterable[SourceStore]) -> dict[str, str]:
    """Return which listed store replaces which unlisted one: the only store with the same name."""
    listed = [store for store in stores if store.is_listed]
    found = {}
    for old in stores:
        namesakes = [one.store_id for one in listed if plain_name(one.name) == plain_name(old.name)]
        later = [one.store_id for one in listed if may_replace(one, old)]
        if not old.is_listed and len(namesakes) == 1 and namesakes[0] in later:
            found[old.store_id] = namesakes[0]
    return found


def dead_groups(groups: Iterable[SourceGroup], products: Iterable[SourceProduct]) -> list[SourceGroup]:
    """Return the groups that are not listed and hold no product."""
    groups = list(groups)
    if all(group.is_listed for group in groups):
        return []
    homes: dict[str, set[str]] = defaultdict(set)
    parents: dict[str, dict[str, str]] = defaultdict(dict)
    for product in products:
        homes[product.key.store_id].add(product.group_id)
    for group in groups:
        parents[group.key.store_id][group.key.group_id] = group.parent_id
    named = {store: named_groups(homes[store], parents[store]) for store in parents}
    return [one for one in groups if not one.is_listed and one.key.group_id not in named[one.key.store_id]]


def _replaced_stores(gone: Iterable[SourceProduct], present: Iterable[SourceProduct]) -> set[str]:
    """Return the stores in which all goods that were there at last have left, two at least."""
    seen: dict[str, Counter[datetime]] = defaultdict(Counter)
    for product in gone:
        if product.seen_at:
            seen[product.key.store_id][product.seen_at] += 1
    last = {store: max(counts) for store, counts in seen.items()}
    stayed = {
        product.key.store_id
        for product in present
        if product.key.store_id in last
        and not came_later(product.since, last[product.key.store_id] - SLOWEST_IMPORT)
    }
    return {store for store, moment in last.items() if seen[store][moment] > 1 and store not in stayed}


def _groups(
    gone: Till, present: Till, products: Mapping[ProductKey, ProductKey]
) -> dict[GroupKey, tuple[GroupKey, ...]]:
    listed = [group for group in present.groups if group.is_listed]
    old_tree, new_tree = GroupTree([*present.groups, *gone.groups]), GroupTree(listed)
    goods = _moved_goods(gone, present, products, old_tree, new_tree)
    by_name: dict[tuple[str, str], list[SourceGroup]] = defaultdict(list)
    for group in listed:
        by_name[group.key.store_id, plain_name(group.name)].append(group)
    by_key = {group.key: group for group in listed}
    found = {}
    for group in gone.groups:
        with_goods = _home_of_the_goods(group.key, goods)
        namesakes = [
            one for one in by_name[group.key.store_id, plain_name(group.name)] if may_replace(one, group)
        ]
        if len(namesakes) > 1:
            path = _names(old_tree, group.key)
            namesakes = [one for one in namesakes if _names(new_tree, one.key) == path]
        home = by_key.get(with_goods) if with_goods else None
        keys = [home.key] if home and may_replace(home, group) else []
        if len(namesakes) == 1:
            keys.append(namesakes[0].key)
        if keys:
            found[group.key] = tuple(dict.fromkeys(keys))
    return found


def _moved_goods(
    gone: Till,
    present: Till,
    products: Mapping[ProductKey, ProductKey],
    old_tree: GroupTree,
    new_tree: GroupTree,
) -> Counter[tuple[GroupKey, GroupKey]]:
    """Return how many goods of which old group came back in which group of the same depth."""
    group_of = {product.key: product.group_id for product in present.products}
    moved: Counter[tuple[GroupKey, GroupKey]] = Counter()
    for product in gone.products:
        new = products.get(product.key)
        if new is None or new.store_id != product.key.store_id:
            continue
        old_path = old_tree.path(product.key.store_id, product.group_id)
        new_path = new_tree.path(new.store_id, group_of[new])
        moved.update((old.key, now.key) for old, now in zip(old_path, new_path, strict=False))
    return moved


def _home_of_the_goods(old: GroupKey, moved: Counter[tuple[GroupKey, GroupKey]]) -> GroupKey | None:
    """Return the group that most goods of the old one came back in, and that holds few others."""
    counts = {new: number for (before, new), number in moved.items() if before == old}
    if not counts:
        return None
    home = max(counts, key=lambda new: (counts[new], new))
    came = sum(number for (_before, new), number in moved.items() if new == home)
    return home if counts[home] * 2 > sum(counts.values()) and counts[home] * 2 > came else None


def _names(tree: GroupTree, key: GroupKey) -> tuple[str, ...]:
    return tuple(plain_name(group.name) for group in tree.path(*key))
