"""Texts of the till that a broken exchange may have written: descriptions and the names of groups.

A merchant rewrites some of them. All at once, alike, those of other goods, or without a readable word are
what a failed import or a wrong encoding leaves behind.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from syncing.core.descriptions import plain_text, without_last_lines
from syncing.core.diff import album_key
from syncing.core.distinct_titles import is_other_name
from syncing.core.garbled_text import names_nothing
from syncing.core.group_choices import group_album
from syncing.core.group_tree import GroupTree
from syncing.core.records import Action, GroupKey, SourceGroup, SyncContext

_LETTERS = re.compile(r"[^\W\d_]+")
# So much of a text stands in an item's description whatever it is cut to.
_BEGINNING = 100


@dataclass(frozen=True, slots=True)
class Rewritten:
    """How many of how many texts are others than before, and how many of those cannot be right."""

    count: int
    broken: int
    total: int


def rewritten_descriptions(context: SyncContext, actions: Iterable[Action]) -> Rewritten:
    """Return how many items would lose their text to another one of the till's.

    The first text of goods that had none takes nothing away; one that says nothing counts all the same.
    """
    changes = {one.key: one.changes["description"] for one in actions if "description" in one.changes}
    if not changes:
        return Rewritten(0, 0, 0)
    texts: list[tuple[str, str]] = []
    for product in context.products:
        own = _own_text(product.description)
        if product.key not in changes or product.own_description or not own:
            continue
        before, after = (_folded(str(text or "")) for text in changes[product.key])
        if own[:_BEGINNING] not in after or own[:_BEGINNING] in before:
            continue
        if names_nothing(own) or _words(before) - _words(_folded(product.name)) - _words(after):
            texts.append((before, own))
    alike, taken = Counter(own for _, own in texts), {before for before, _ in texts}
    broken = sum(alike[own] > 1 or own in taken or names_nothing(own) for _, own in texts)
    return Rewritten(len(texts), broken, len(changes))


def renamed_groups(context: SyncContext) -> Rewritten:
    """Return how many groups with items in VK have another name now than their albums.

    A name that the merchant chose for an album, or another level of groups for it, is not the till's.
    """
    tree = GroupTree(context.groups)
    titles: dict[GroupKey, Counter[str]] = {}
    products = {one.key: one for one in context.products}
    for listing in context.listings:
        product = products.get(listing.key)
        if listing.item_id and listing.sent and listing.sent.album and product and product.group_id:
            home = GroupKey(product.key.store_id, product.group_id)
            titles.setdefault(home, Counter())[listing.sent.album] += 1
    before = {home: counts.most_common(1)[0][0] for home, counts in titles.items()}
    renamed: list[tuple[str, str]] = []
    for home, old in before.items():
        path = tree.path(home.store_id, home.group_id)
        if path and not _is_same_album(context, path, old):
            renamed.append((album_key(old), _folded(path[-1].name)))
    alike, taken = Counter(name for _, name in renamed), {old for old, _ in renamed}
    broken = sum(alike[name] > 1 or album_key(name) in taken or names_nothing(name) for _, name in renamed)
    return Rewritten(len(renamed), broken, len(before))


def _is_same_album(context: SyncContext, path: Sequence[SourceGroup], old: str) -> bool:
    """Return True if an album's title is still that of its group, or is none that the till gave."""
    rules, name = context.rules, path[-1].name
    if any(album_key(one.name) == album_key(old) for one in path):
        return True
    new = group_album(path, rules, longest=context.limits.album_title_weight)
    if any(one.key.group_id in rules.album_by_group for one in path):
        return True
    return not is_other_name(old, new, name=name) and not (names_nothing(name) and new != old)


def _own_text(description: str) -> str:
    return _folded(plain_text(description)) if description else ""


def _folded(text: str) -> str:
    return " ".join(without_last_lines(text).split()).casefold()


def _words(text: str) -> set[str]:
    return set(_LETTERS.findall(text))
