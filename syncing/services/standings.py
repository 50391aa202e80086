"""Where the goods that are to be in VK stand: there, on their way, or held up by something."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from accounts.models import User
from syncing.choices import ListingState
from syncing.core.copies import find_copies
from syncing.core.evaluation import Evaluator
from syncing.core.readiness import NOWHERE, Appearance, Standing, standing_of
from syncing.core.records import ProductKey, SourceGroup, SourceProduct, Undone
from syncing.core.shown_stock import Before, shown_stock
from syncing.core.undone import stays_out
from syncing.core.unknown_groups import UnknownGroups
from syncing.models import Listing, SyncJob, SyncJobItem
from syncing.publishing.job_items import writes_the_same
from syncing.services.catalog_states import community_of
from syncing.services.undo import undone_changes

Wanted = Sequence[tuple[int, SourceProduct]]
COLUMNS = ("product_id", "state", "vk_item_id", "merchant_fields", "sent__category_id")


@dataclass(frozen=True, slots=True)
class KnownItems:
    """What our rows know of the items in VK, by the products' row ids."""

    appearances: dict[int, Appearance] = field(default_factory=dict)
    with_item: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    with_category: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, user: User) -> Self:
        """Return what is known of the merchant's items."""
        found = cls()
        rows = Listing.objects.for_user(user).in_community(community_of(user)).filter(product__isnull=False)
        for pk, state, item_id, merchant_fields, category_id in rows.values_list(*COLUMNS):
            if pk is None:
                continue
            found.appearances[pk] = Appearance(
                is_shown=state == ListingState.LIVE,
                is_refused=state == ListingState.FAILED,
                owns_hidden="hidden" in merchant_fields,
            )
            if item_id is not None:
                found.with_item.add(pk)
            if state == ListingState.HIDDEN:
                found.hidden.add(pk)
            if category_id:
                found.with_category.add(pk)
        return found


def standings_of(
    user: User,
    wanted: Wanted,
    evaluator: Evaluator,
    groups: Collection[SourceGroup],
    items: KnownItems,
) -> dict[str, list[int]]:
    """Return the row ids of these goods, which nothing excludes, by where they stand."""
    undone = undone_changes(user, None)
    held = _held(user)
    sold_out = {
        pk for pk, product in wanted if _is_sold_out(evaluator, product, is_hidden=pk in items.hidden)
    }
    waiting = _waiting(wanted, UnknownGroups(groups, evaluator.rules), items, sold_out, undone)
    found: dict[str, list[int]] = defaultdict(list)
    for pk, product in wanted:
        standing = standing_of(
            items.appearances.get(pk, NOWHERE),
            undone.get(product.key),
            is_sold_out=pk in sold_out,
            is_held=pk in held,
            must_wait=product.key in waiting,
        )
        found[standing].append(pk)
    _let_changed_go(found, dict(wanted), evaluator)
    return dict(found)


def _is_sold_out(evaluator: Evaluator, product: SourceProduct, *, is_hidden: bool) -> bool:
    before = Before(is_hidden=is_hidden)
    decision = evaluator.decision_of(product)
    return shown_stock(product.quantity, decision, before, evaluator.rules, evaluator.limits).hidden


def _held(user: User) -> set[int | None]:
    """Return the goods that a plan would show which waits for the merchant's yes."""
    asking = SyncJob.objects.for_user(user).awaiting_approval().newest().first()
    if asking is None:
        return set()
    return set(
        SyncJobItem.objects.of_job(asking).planned().appearances().values_list("product_id", flat=True)
    )


def _waiting(
    wanted: Wanted,
    unknown: UnknownGroups,
    items: KnownItems,
    sold_out: Collection[int],
    undone: Mapping[ProductKey, Undone],
) -> set[ProductKey]:
    """Return the goods whose group or equals decide first, as the planner lets them wait."""
    kept_out = {product.key for _pk, product in wanted if stays_out(undone.get(product.key))}
    in_place = {product.key for pk, product in wanted if pk in items.with_item} | kept_out
    shown = [product for pk, product in wanted if pk not in sold_out or product.key in kept_out]
    return {*find_copies(shown, in_place), *(product.key for product in shown if unknown.is_awaited(product))}


def _let_changed_go(
    found: dict[str, list[int]], wanted: Mapping[int, SourceProduct], evaluator: Evaluator
) -> None:
    """Count what VK refused among what goes with the next run, where it is no longer what was refused."""
    refused = found.get(Standing.REFUSED, [])
    tried: dict[int, dict[str, Any]] = {}
    rows = SyncJobItem.objects.of_product_ids(refused).creations().failed().newest()
    for pk, changes in rows.values_list("product_id", "changes") if refused else ():
        if pk is not None:
            tried.setdefault(pk, changes)
    changed = [pk for pk in refused if pk in tried and _is_other(tried[pk], wanted[pk], evaluator)]
    if changed:
        found[Standing.REFUSED] = [pk for pk in refused if pk not in set(changed)]
        found[Standing.NEXT_RUN] = found.get(Standing.NEXT_RUN, []) + changed


def _is_other(tried: Mapping[str, Any], product: SourceProduct, evaluator: Evaluator) -> bool:
    """Return True if title, price or category are others than VK refused.

    A title may have been told from another product's, so it counts as the same where it still holds its own.
    """
    item = evaluator.item_of(product, category=evaluator.category_of(product))
    _none, title = tried.get("title", (None, ""))
    if item.title.casefold() not in str(title).casefold():
        return True
    return any(
        name in tried and not writes_the_same(tried[name][1], getattr(item, name))
        for name in ("price_kopecks", "category_id")
    )
