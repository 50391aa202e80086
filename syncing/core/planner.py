"""The planner: from the till, the rules and VK's present state to a list of actions.

`sync_user` is a pure function. It reads no clock and does no I/O; the publisher carries its plan out.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from syncing.core import eligibility, item_builder
from syncing.core.diff import album_key, confirmed, difference
from syncing.core.filters import FilterSet
from syncing.core.matching import Pairing, pair, relink
from syncing.core.records import (
    Action,
    ActionKind,
    Filter,
    Group,
    GroupKey,
    Listing,
    Product,
    ProductKey,
    Rules,
    Skip,
    SyncContext,
    SyncResult,
    VkItem,
    Wanted,
)
from syncing.core.safety import count_in_vk, questions
from syncing.core.sku_stamp import stamp
from syncing.core.store_merge import merge_by_barcode

# Cheap and urgent first, so that a price is right before a thousand pictures are drawn; removals last.
ORDER = {
    ActionKind.HIDE: 0,
    ActionKind.UPDATE: 1,
    ActionKind.RESTORE: 1,
    ActionKind.CREATE: 2,
    ActionKind.REMOVE: 3,
}
GONE = "gone"
MERGED = "merged"
TWIN = "twin"


@dataclass(slots=True)
class Choice:
    """What the rules make of every product."""

    wanted: dict[ProductKey, Wanted] = field(default_factory=dict)
    products: dict[ProductKey, Product] = field(default_factory=dict)
    skipped: dict[ProductKey, Skip] = field(default_factory=dict)


def sync_user(context: SyncContext) -> SyncResult:
    """Return the plan that makes VK equal to the till under the merchant's rules.

    Same context, same plan, same order; a plan carried out and planned again is empty.
    """
    choice = choose(context)
    pairing = pair(context.listings, context.vk_items, choice.products.values())
    _relink_reimported(context, choice, pairing)
    actions, unchanged, taken_over, confirmed = _compare(context, choice, pairing)
    actions += _creates(context, choice, pairing)
    actions += _departures(context, choice, pairing)
    actions.sort(key=lambda action: (ORDER[action.kind], action.key))
    total = count_in_vk(context.listings)
    return SyncResult(
        actions=tuple(actions),
        skipped=tuple(choice.skipped[key] for key in sorted(choice.skipped)),
        matches=tuple(pairing.matches),
        questions=questions(context, actions, pairing.matches, total),
        unchanged=unchanged,
        wanted=choice.wanted,
        merchant_fields=taken_over,
        confirmed=confirmed,
        departed=_already_hidden(context, choice, pairing),
        twins=_hide_twins(pairing),
        plan_hash=plan_hash(actions),
    )


def plan_hash(actions: Iterable[Action]) -> str:
    """Return a fingerprint of what a plan would do, the same whenever it would do the same."""
    digest = hashlib.sha256()
    for action in actions:
        changes = sorted((name, repr(new)) for name, (_, new) in action.changes.items())
        line = (action.kind.value, tuple(action.key), action.item_id, changes, repr(action.wanted))
        digest.update(repr(line).encode())
    return digest.hexdigest()


class GroupTree:
    """The till's groups, asked for the path from the root to a product's group."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self._groups = {group.key: group for group in groups}
        self._paths: dict[GroupKey, tuple[Group, ...]] = {}

    def path(self, store_id: str, group_id: str) -> tuple[Group, ...]:
        """Return the groups from the root down; an unknown parent or a cycle ends the path."""
        key = GroupKey(store_id, group_id)
        if key not in self._paths:
            path: list[Group] = []
            seen: set[GroupKey] = set()
            step = key
            while (group := self._groups.get(step)) and step not in seen:
                seen.add(step)
                path.append(group)
                step = GroupKey(store_id, group.parent_id)
            self._paths[key] = tuple(reversed(path))
        return self._paths[key]


class Rulebook:
    """The merchant's filters and rules over his groups, asked about one product at a time."""

    def __init__(self, rules: Rules, filters: Iterable[Filter], groups: Collection[Group]) -> None:
        self.rules = rules
        self.filters = FilterSet(filters, groups)
        self.tree = GroupTree(groups)

    def judge(self, product: Product) -> Wanted | Skip:
        """Return the item that the product ought to be, or why it is none."""
        if skip := self.refuse(product):
            return skip
        path = self.tree.path(product.key.store_id, product.group_id)
        names = tuple(group.name for group in path)
        return item_builder.wanted(
            product,
            group_path=names,
            rules=self.rules,
            stamp=stamp(product.key),
            album=item_builder.album_title(names, self.rules),
            category_id=_category(path, self.rules),
        )

    def refuse(self, product: Product) -> Skip | None:
        """Return why the product is no item, or None for one that is."""
        if reason := self.filters.verdict(product):
            return Skip(product.key, product.name, reason)
        path = self.tree.path(product.key.store_id, product.group_id)
        refusal = eligibility.why_not(product, tuple(group.name for group in path), self.rules)
        return Skip(product.key, product.name, *refusal) if refusal else None

    def merge(self, products: Iterable[Product]) -> tuple[list[Product], dict[ProductKey, Skip]]:
        """Return the products with equal goods of several stores made one, and those that went into others.

        A store or group that is filtered out must not lend its card to the others.
        """
        chosen: list[Product] = []
        left_out: list[Product] = []
        for product in products:
            (chosen if self.filters.verdict(product) is None else left_out).append(product)
        kept, merged = merge_by_barcode(chosen, self.rules)
        names = {product.key: product.name for product in chosen}
        skipped = {key: Skip(key, names[key], MERGED, primary.product_id) for key, primary in merged.items()}
        return [*kept, *left_out], skipped


def choose(context: SyncContext) -> Choice:
    """Sort every product into wanted or skipped with its reason."""
    choice = Choice()
    book = Rulebook(context.rules, context.filters, context.groups)
    products: Iterable[Product] = context.products
    if context.rules.stores == "merge":
        products, merged = book.merge(products)
        choice.skipped |= merged
    for product in products:
        found = book.judge(product)
        if isinstance(found, Skip):
            choice.skipped[product.key] = found
        else:
            choice.products[product.key] = product
            choice.wanted[product.key] = found
    return choice


def _category(path: tuple[Group, ...], rules: Rules) -> int:
    """Return the VK category of the nearest group that the merchant mapped, else the default."""
    for group in reversed(path):
        if category := rules.category_by_group.get(group.key.group_id):
            return category
    return rules.default_category_id


def _relink_reimported(context: SyncContext, choice: Choice, pairing: Pairing) -> None:
    present = {product.key for product in context.products}
    gone = [
        listing
        for key, (listing, _) in pairing.pairs.items()
        if key not in present and _is_provably_gone(context, key)
    ]
    new = [product for key, product in choice.products.items() if key not in pairing.pairs]
    if gone and new:
        relink(pairing, gone, new)


def _is_provably_gone(context: SyncContext, key: ProductKey) -> bool:
    return key.store_id in context.source.complete_stores or key.store_id in context.source.vanished_stores


def _compare(
    context: SyncContext, choice: Choice, pairing: Pairing
) -> tuple[list[Action], int, dict[ProductKey, frozenset[str]], dict[ProductKey, Wanted]]:
    """Return the changes of items that stay, the number unchanged, fields taken over, and `confirmed`."""
    actions: list[Action] = []
    taken_over: dict[ProductKey, frozenset[str]] = {}
    shown: dict[ProductKey, Wanted] = {}
    unchanged = 0
    for key, wanted in choice.wanted.items():
        if key not in pairing.pairs:
            continue
        listing, item = pairing.pairs[key]
        found = difference(listing, item, wanted, context.albums)
        if found.taken_over != listing.merchant_fields:
            taken_over[key] = found.taken_over
        if sent := confirmed(listing, item, wanted, found, context.albums):
            shown[key] = sent
        elif listing.sent and listing.hidden_since and "hidden" not in found.changes:
            # It is back on sale: what was noted when it left the till holds no longer.
            shown[key] = listing.sent
        if found.changes:
            actions.append(_change(choice.products[key], item, wanted, found.changes))
        else:
            unchanged += 1
    return actions, unchanged, taken_over, shown


def _change(
    product: Product, item: VkItem, wanted: Wanted, changes: Mapping[str, tuple[object, object]]
) -> Action:
    kind, reason = ActionKind.UPDATE, ""
    if "hidden" in changes:
        kind, reason = (ActionKind.HIDE, "out_of_stock") if wanted.hidden else (ActionKind.RESTORE, "")
    return Action(kind, product.key, product.name, item.item_id, wanted, changes, reason)


def _creates(context: SyncContext, choice: Choice, pairing: Pairing) -> list[Action]:
    """Return the items to make, as many as VK has room for; the others are skipped, saying so."""
    room = max(0, context.max_items - len(context.vk_items))
    missing = sorted(key for key in choice.wanted if key not in pairing.pairs)
    for key in missing[room:]:
        choice.skipped[key] = Skip(key, choice.products[key].name, "limit", str(context.max_items))
        del choice.wanted[key]
    return [
        Action(ActionKind.CREATE, key, choice.products[key].name, wanted=choice.wanted[key])
        for key in missing[:room]
    ]


def _departures(context: SyncContext, choice: Choice, pairing: Pairing) -> list[Action]:
    """Return what to hide or remove: items whose product is gone or no longer eligible."""
    actions = []
    for key, (listing, item) in pairing.pairs.items():
        if key in choice.wanted:
            continue
        if skip := choice.skipped.get(key):
            reason = skip.reason
        elif _is_provably_gone(context, key):
            reason = GONE
        else:
            continue
        if action := _depart(context, listing, item, reason):
            actions.append(action)
    return actions


def _already_hidden(context: SyncContext, choice: Choice, pairing: Pairing) -> tuple[ProductKey, ...]:
    """Return the products that are out and whose items are hidden without our having noted since when."""
    return tuple(
        sorted(
            key
            for key, (listing, item) in pairing.pairs.items()
            if key not in choice.wanted and item.hidden and listing.hidden_since is None
            if key in choice.skipped or _is_provably_gone(context, key)
        )
    )


def _hide_twins(pairing: Pairing) -> tuple[Action, ...]:
    """Return what makes each product's second item invisible."""
    return tuple(
        Action(ActionKind.HIDE, key, item.title, item.item_id, None, {"hidden": (False, True)}, TWIN)
        for key, item in sorted(pairing.twins.items())
        if not item.hidden
    )


def _depart(context: SyncContext, listing: Listing, item: VkItem, reason: str) -> Action | None:
    """Hide first, remove after the rules' number of days, unless the merchant wants it at once."""
    name = listing.last_known.name if listing.last_known else item.title
    overdue = listing.hidden_since is not None and (
        context.now - listing.hidden_since >= timedelta(days=context.rules.remove_after_days)
    )
    if context.rules.removal == "delete" or overdue:
        return Action(ActionKind.REMOVE, listing.key, name, item.item_id, reason=reason)
    was_hidden = item.hidden if item.hidden is not None else listing.hidden_since is not None
    if was_hidden:
        return None
    wanted = replace(listing.sent, hidden=True) if listing.sent else None
    return Action(ActionKind.HIDE, listing.key, name, item.item_id, wanted, {"hidden": (False, True)}, reason)


__all__ = ["Choice", "GroupTree", "Rulebook", "album_key", "choose", "plan_hash", "sync_user"]
