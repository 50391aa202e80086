"""What the merchant undid of earlier runs: VK keeps the old values until till or rules ask for new ones.

A run noted of each field what VK had and what it wrote. While till and rules want just what it wrote, the
old value of an undone run is kept; once they want another one, that is newer than the merchant's word. Only
what the merchant took out of VK stays out whatever becomes of it, until they let it in again.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from syncing.core.choices import MatchKind, Reason
from syncing.core.distinct_titles import tell_from
from syncing.core.evaluation import Evaluation, Evaluator
from syncing.core.records import ChannelLimits, DesiredItem, Match, ProductKey, SyncContext, Undone
from syncing.core.unknown_groups import UnknownGroups

# Not the stock: the shop may no longer have the old number of pieces.
UNDOABLE = (
    *("title", "description", "price_kopecks", "old_price_kopecks"),
    *("category_id", "hidden", "album", "photo_key", "more_photos"),
)
# One picture may have moved from behind to the front: they are kept together or not at all.
PICTURES = frozenset({"photo_key", "more_photos"})
PRICE, OLD_PRICE, HIDDEN, TITLE = "price_kopecks", "old_price_kopecks", "hidden", "title"
# The key among the kept values for an item that a run removed.
ITEM = "item"
# For these reasons an undo shows an item again; what VK may forbid stays hidden.
MAY_STAY = frozenset(
    {Reason.GONE, Reason.RULE, Reason.FILTER_STORE, Reason.FILTER_GROUP, Reason.FILTER_PRODUCT}
)


# A decision of the merchant about a product: an undo, or the answer to a price.
Word = TypeVar("Word")


@dataclass(slots=True)
class UndoneFields:
    """Which fields are kept as they were, and which no longer."""

    in_force: dict[ProductKey, frozenset[str]] = field(default_factory=dict)
    ended: dict[ProductKey, frozenset[str]] = field(default_factory=dict)


def keep_undone(
    undone: Mapping[ProductKey, Undone], evaluation: Evaluation, in_vk: Collection[ProductKey]
) -> UndoneFields:
    """Give the wanted items the values that the merchant keeps; `in_vk` are products that have an item.

    A product that is out now is left as it is: it may come back tomorrow.
    """
    found = UndoneFields()
    for key, one in undone.items():
        if (desired := evaluation.desired.get(key)) is None:
            continue
        alive = fields_in_force(one, desired)
        if alive:
            evaluation.desired[key] = with_kept(one, alive, desired, partial(evaluation.at_price, key))
            found.in_force[key] = alive
        awaited = {ITEM} if key not in in_vk else set()
        if ended := frozenset(one.kept) - alive - awaited:
            found.ended[key] = ended
    return found


def fields_in_force(one: Undone, desired: DesiredItem) -> frozenset[str]:
    """Return the fields that the item keeps; `desired` is what till and rules want now."""
    fields = one.kept.keys() - {ITEM}
    alive = frozenset(name for name in fields if _is_wanted(desired, name, one.instead_of[name]))
    if stays_out(one):
        # A product that was sold out and is back in stock stays hidden if the merchant hid it.
        alive |= {HIDDEN}
    if (fields - alive) & PICTURES:
        alive -= PICTURES
    if PRICE in fields - alive:
        # The merchant has not seen the new price, so the old one is not crossed out beside it.
        alive -= {OLD_PRICE}
    return alive


def tell_titles_apart(undone: UndoneFields, evaluation: Evaluation, limits: ChannelLimits) -> None:
    """Tell a kept title from the same title of another product.

    It was that product's alone when it was sent; till and rules may have given it to another one since.
    Goods whose names say the same may share it, as they share their own.
    """
    kept = {key for key, names in undone.in_force.items() if TITLE in names}
    if not kept:
        return
    bearers: dict[str, set[str]] = defaultdict(set)
    for key, desired in evaluation.desired.items():
        if key not in kept:
            bearers[desired.title.casefold()].add(evaluation.titles[key])
    for key in sorted(kept):
        own, desired = evaluation.titles[key], evaluation.desired[key]
        is_taken = partial(_is_anothers, bearers, own)
        title = tell_from(desired.title, evaluation.products[key], is_taken, limits.title_weight)
        evaluation.desired[key] = replace(desired, title=title)
        bearers[title.casefold()].add(own)


def _is_anothers(bearers: Mapping[str, set[str]], own: str, title: str) -> bool:
    """Return True if goods of another name bear the title."""
    return bool(bearers.get(title.casefold(), set()) - {own})


def follow_items(words: Mapping[ProductKey, Word], matches: Iterable[Match]) -> Mapping[ProductKey, Word]:
    """Return what the merchant said by the products that the items belong to now, after a re-import.

    Goods of another name take the item over without it.
    """
    moved = {
        one.old_key: one
        for one in matches
        if one.kind is MatchKind.RELINKED and one.old_key is not None and one.old_key in words
    }
    if not moved:
        return words
    found = {key: one for key, one in words.items() if key not in moved}
    for old, match in moved.items():
        if match.reset_to is None:
            found.setdefault(match.key, words[old])
    return found


def stays_out(one: Undone | None) -> bool:
    """Return True if the merchant took back that the item appeared in VK."""
    return one is not None and takes_out(one.kept, one.instead_of)


def takes_out(kept: Mapping[str, object], instead_of: Mapping[str, object]) -> bool:
    """Return True if these kept values hide an item that till and rules want shown."""
    return kept.get(HIDDEN) is True and instead_of.get(HIDDEN) is False


def keeps_hidden(one: Undone | None, *, hidden: bool) -> bool:
    """Return whether an item is hidden that till and rules want so; an undone run may have it otherwise."""
    if one is None or HIDDEN not in one.kept or one.instead_of[HIDDEN] != hidden:
        return hidden
    return bool(one.kept[HIDDEN])


def needs_no_item(one: Undone | None) -> bool:
    """Return True if no item is made for the product: it would only be hidden."""
    return one is not None and stays_out(one) and ITEM not in one.kept


def stays_shown(one: Undone | None, reason: str) -> bool:
    """Return True if an item whose product is out for this reason is shown: its leaving is undone."""
    return one is not None and reason in MAY_STAY and one.kept.get(HIDDEN) is False


def stays_in_vk(one: Undone | None, reason: str) -> bool:
    """Return True if an item whose product is out for this reason is not removed: that was undone before."""
    return one is not None and reason in MAY_STAY and ITEM in one.kept


def brought_back(one: Undone) -> DesiredItem | None:
    """Return the removed item as it was, for a product that is out; None where nothing of it is known."""
    if one.removed is None or one.removed.sent is None:
        return None
    sent = one.removed.sent
    return replace(sent, hidden=bool(one.kept.get(HIDDEN, sent.hidden)))


def keeps_price(one: Undone | None, desired: DesiredItem) -> bool:
    """Return True if the item keeps its price of before: till and rules want just the one taken back."""
    return one is not None and PRICE in one.kept and _is_wanted(desired, PRICE, one.instead_of[PRICE])


def refused_goods(context: SyncContext, evaluation: Evaluation) -> dict[ProductKey, str]:
    """Return why goods that are out may not be shown although their leaving is undone.

    What left the till, or what a filter or rule leaves out, may be what VK forbids as well.
    """
    out = context.undone.keys() - evaluation.desired.keys()
    if not out:
        return {}
    known = {product.key: product for product in context.gone_products}
    known |= {one.key: one.last_known for one in context.listings if one.last_known}
    known |= {product.key: product for product in context.products}
    groups = [*context.gone_groups, *context.groups]
    evaluator = Evaluator(context.rules, (), groups, context.limits)
    unknown = UnknownGroups(groups, context.rules)
    found: dict[ProductKey, str] = {}
    for key in out & known.keys():
        if refusal := evaluator.refusal(known[key]):
            found[key] = refusal[0]
        elif unknown.is_awaited(known[key]):
            found[key] = Reason.GROUP_UNKNOWN
    return found


def _is_wanted(desired: DesiredItem, name: str, value: object) -> bool:
    wanted = getattr(desired, name)
    return bool(wanted == (tuple(value) if isinstance(value, list) else value))


def with_kept(
    one: Undone, fields: Collection[str], desired: DesiredItem, at_price: Callable[[int], DesiredItem]
) -> DesiredItem:
    """Return the wanted item with the kept values of these fields; `at_price` returns it at another price."""
    kept = {name: one.kept[name] for name in fields}
    price = kept.get(PRICE)
    if isinstance(price, int):
        # Its description may name the price.
        desired = at_price(price)
    found = replace(desired, **kept)  # type: ignore[arg-type]
    if kept.keys() & PICTURES:
        behind = tuple(one for one in found.more_photos if one != found.photo_key)
        found = replace(found, more_photos=behind)
    is_crossed_out = found.old_price_kopecks > found.price_kopecks
    return found if is_crossed_out else replace(found, old_price_kopecks=0)
