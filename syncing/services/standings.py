"""Where the goods that are to be in VK stand: there, on their way, or held up by something."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from accounts.models import User
from catalog.models import Product
from evosync.common.batching import chunks
from syncing.choices import ListingState
from syncing.core.choices import Reason
from syncing.core.copies import find_copies
from syncing.core.create_order import place_in_upload
from syncing.core.evaluation import Evaluator
from syncing.core.readiness import NOWHERE, Appearance, Standing, standing_of
from syncing.core.records import ProductKey, SourceGroup, SourceProduct, Undone
from syncing.core.refusals import Refused, is_changed
from syncing.core.shown_stock import Before, shown_stock
from syncing.core.undone import stays_out
from syncing.core.unknown_groups import UnknownGroups
from syncing.models import Listing, SyncJob, SyncJobItem
from syncing.services.catalog_states import community_of
from syncing.services.undo import undone_changes

ROWS_AT_ONCE = 1000
Wanted = Sequence[tuple[int, SourceProduct]]
COLUMNS = ("product_id", "state", "vk_item_id", "merchant_fields", "sent__category_id", "refused")


@dataclass(frozen=True, slots=True)
class KnownItems:
    """What our rows know of the items in VK, by the products' row ids."""

    appearances: dict[int, Appearance] = field(default_factory=dict)
    with_item: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    with_category: set[int] = field(default_factory=set)
    refused: dict[int, Refused] = field(default_factory=dict)

    @classmethod
    def of(cls, user: User) -> Self:
        """Return what is known of the merchant's items."""
        found = cls()
        rows = Listing.objects.for_user(user).in_community(community_of(user)).filter(product__isnull=False)
        for pk, state, item_id, merchant_fields, category_id, refused in rows.values_list(*COLUMNS):
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
            if refused:
                found.refused[pk] = refused
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
    products = dict(wanted)
    _let_changed_go(found, products, evaluator, items.refused)
    if number := number_without_room(user):
        _keep_without_room(found, products, evaluator, items, number)
    return dict(found)


def number_without_room(user: User) -> int:
    """Return how many goods the last run that was carried out had no room for in VK."""
    last = SyncJob.objects.for_user(user).carried_out().newest().first()
    return int(last.skipped_by_reason.get(Reason.LIMIT, 0)) if last else 0


def _keep_without_room(
    found: dict[str, list[int]],
    wanted: Mapping[int, SourceProduct],
    evaluator: Evaluator,
    items: KnownItems,
    number: int,
) -> None:
    """Take from what goes with the next run so many goods as VK has no room for: the last of an upload."""

    def place(pk: int) -> tuple[object, ...]:
        product = wanted[pk]
        item = evaluator.item_of(product, category=evaluator.category_of(product))
        return place_in_upload(product.key, item)

    new = sorted((pk for pk in found.get(Standing.NEXT_RUN, ()) if pk not in items.with_item), key=place)
    if last := set(new[-number:]):
        found[Standing.NEXT_RUN] = [pk for pk in found[Standing.NEXT_RUN] if pk not in last]
        found[Standing.NO_ROOM] = sorted(last)


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
    found: dict[str, list[int]],
    wanted: Mapping[int, SourceProduct],
    evaluator: Evaluator,
    refused: Mapping[int, Refused],
) -> None:
    """Count what VK refused among what goes with the next run, where it is no longer what was refused."""
    known = [pk for pk in found.get(Standing.REFUSED, ()) if pk in refused]
    changed: set[int] = set()
    for some in chunks(known, ROWS_AT_ONCE):
        # The evaluation of all goods does without their descriptions.
        for pk, description in Product.objects.filter(pk__in=some).values_list("pk", "description"):
            product = replace(wanted[pk], description=description)
            item = evaluator.item_of(product, category=evaluator.category_of(product))
            if is_changed(refused[pk], item, has_own_title=bool(product.own_title)):
                changed.add(pk)
    if changed:
        found[Standing.REFUSED] = [pk for pk in found[Standing.REFUSED] if pk not in changed]
        found[Standing.NEXT_RUN] = [*found.get(Standing.NEXT_RUN, ()), *sorted(changed)]
