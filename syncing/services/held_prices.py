"""Prices that runs have held: noted, answered one by one or a whole kind, and let go.

An answer to a price is an answer to exactly the price that was seen: where it has changed meanwhile nothing
is decided.
"""

import hashlib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from django.db import transaction

from accounts.models import User
from catalog.models import Product
from evosync.common import clock
from evosync.common.batching import chunks
from syncing.choices import PriceVerdictChoices
from syncing.core.choices import PriceVerdict, QuestionCode
from syncing.core.pricing import to_kopecks
from syncing.core.records import HeldPrice as Held
from syncing.core.records import PriceDecision, ProductKey, SyncResult
from syncing.core.undone import follow_items
from syncing.models import HeldPrice, SyncJob, SyncJobItem

Verdict = PriceVerdictChoices
ANSWERS = (Verdict.APPROVED, Verdict.ACCEPTED, Verdict.REFUSED)
# So many are listed on a page, in an email and in a run; the others are counted.
SHOWN, NAMED = 200, 20
ROWS_AT_ONCE = 500
VALUES = ("old_kopecks", "new_kopecks", "till_kopecks", "cost_kopecks")
MARK_LENGTH = 16


class Kind(StrEnum):
    """What held prices can have in common."""

    RISE = "rise"
    FALL = "fall"
    GROUP = "group"
    RULE = "rule"


def price_decisions(user: User) -> dict[ProductKey, PriceDecision]:
    """Return what stands about the merchant's held prices, for the core."""
    rows = HeldPrice.objects.for_user(user).values_list(
        "product__store__evotor_id", "product__evotor_id", "verdict", *VALUES
    )
    return {
        ProductKey(store, product): PriceDecision(PriceVerdict(verdict), *values)
        for store, product, verdict, *values in rows
    }


def plan_that_holds_prices(user: User) -> SyncJob | None:
    """Return the run whose new prices are as many as to be asked about, and which nobody has approved.

    A plan that was dropped holds them until a later run has looked again.
    """
    job = SyncJob.objects.for_user(user).that_planned().newest().first()
    if job is None or not (
        job.status == SyncJob.Status.NEEDS_APPROVAL or job.decision == SyncJob.Decision.REJECTED
    ):
        return None
    return job if any(code == QuestionCode.MANY_PRICES for code, *_ in job.questions) else None


def prices_of_held_plan(user: User) -> dict[ProductKey, PriceDecision]:
    """Return the new prices of a plan that waits, each as if it were held by itself."""
    job = plan_that_holds_prices(user)
    if job is None:
        return {}
    rows = SyncJobItem.objects.of_job(job).with_new_price().select_related("product__store")
    found = {}
    for row in rows:
        if (product := row.product) is not None:
            old, new = row.changes["price_kopecks"]
            told = to_kopecks(product.price), to_kopecks(product.cost_price)
            key = ProductKey(product.store.evotor_id, product.evotor_id)
            found[key] = PriceDecision(PriceVerdict.WAITING, old, new, *told)
    return found


def price_decisions_about(products: Iterable[Product]) -> dict[ProductKey, PriceDecision]:
    """Return what stands about the held prices of these products, which have been read with them."""
    found = {}
    for product in products:
        if (row := held_price_of(product)) is not None:
            values = (getattr(row, name) for name in VALUES)
            key = ProductKey(product.store.evotor_id, product.evotor_id)
            found[key] = PriceDecision(PriceVerdict(row.verdict), *values)
    return found


def held_price_of(product: Product) -> HeldPrice | None:
    """Return what stands about a product's held price, None where there is none."""
    row: HeldPrice | None = getattr(product, "held_price", None)
    return row


def record_held(user: User, plan: SyncResult, *, are_known: bool) -> dict[str, Any] | None:
    """Note what a run's plan holds and forget what it no longer does; return what the run says of it.

    `are_known` says whether the plan was made with held prices at all: only runs hold any.
    """
    if not (are_known or plan.held_prices):
        return None
    with transaction.atomic():
        # MariaDB cannot lock the rows of one table of a join alone.
        known = HeldPrice.objects.for_user(user).select_for_update().prefetch_related("product__store")
        rows: Mapping[ProductKey, HeldPrice]
        rows = {ProductKey(row.product.store.evotor_id, row.product.evotor_id): row for row in known}
        rows = _follow(user, rows, plan)
        held = {one.key: one for one in plan.held_prices}
        told = held.keys() | plan.decided_prices
        gone = [row.pk for key, row in rows.items() if key not in told and row.product.missing_since is None]
        HeldPrice.objects.filter(pk__in=gone).delete()
        _write(user, rows, {key: one for key, one in held.items() if not one.is_refused}, Verdict.WAITING)
    waiting = [one for one in plan.held_prices if not one.is_refused]
    if not waiting:
        return None
    lines = [[*one.key, one.name, one.old_kopecks, one.new_kopecks] for one in waiting[:NAMED]]
    return {"number": len(waiting), "lines": lines}


def _follow(
    user: User, rows: Mapping[ProductKey, HeldPrice], plan: SyncResult
) -> Mapping[ProductKey, HeldPrice]:
    """Give the rows to the products that the items belong to now; return them by these."""
    followed = follow_items(rows, plan.matches)
    moved = {key: row for key, row in followed.items() if key not in rows}
    products = Product.objects.for_user(user).with_evotor_ids({key.product_id for key in moved})
    for pk, store, product in products if moved else ():
        if (row := moved.get(ProductKey(store, product))) is not None:
            row.product_id = pk
            row.save(update_fields=["product"])
    return followed


def approve_with_plan(user: User, plan: SyncResult) -> None:
    """Note that the merchant has approved these prices together with their whole plan."""
    if not plan.large_prices:
        return
    keys = {action.key for action in plan.actions if "price_kopecks" in action.changes}
    with transaction.atomic():
        _write(user, {}, {one.key: one for one in plan.large_prices if one.key in keys}, Verdict.APPROVED)


def _write(
    user: User, rows: Mapping[ProductKey, HeldPrice], held: Mapping[ProductKey, Held], verdict: Verdict
) -> None:
    """Keep these prices under this verdict; one that is kept so already, or answered, stays untouched."""
    products = {
        ProductKey(store, product): pk
        for pk, store, product in Product.objects.for_user(user).with_evotor_ids(
            {key.product_id for key in held}
        )
    }
    now, made = clock.now(), []
    for key, one in held.items():
        row = rows.get(key)
        values = {name: getattr(one, name) for name in VALUES}
        # What waited when the plan was made may be answered by now, and that stands.
        is_kept = row and _is_same(row, values) and verdict in (row.verdict, Verdict.WAITING)
        if key not in products or is_kept:
            continue
        made.append(
            HeldPrice(
                user=user,
                product_id=products[key],
                **values,
                cause=one.cause,
                rule_name=one.rule[:80],
                verdict=verdict,
                held_at=now,
                decided_at=None if verdict == Verdict.WAITING else now,
            )
        )
    for some in chunks(made, ROWS_AT_ONCE):
        HeldPrice.objects.filter(product__in=[row.product_id for row in some]).delete()
        HeldPrice.objects.bulk_create(some)


def _is_same(row: HeldPrice, values: Mapping[str, object]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())


def decide(product: Product, *, verdict: str, seen: int) -> bool:
    """Answer one held price; `seen` is the new price in kopecks that the merchant looked at.

    Return False, with nothing decided, where it is another price by now, or none.
    """
    found = HeldPrice.objects.filter(product=product, new_kopecks=seen)
    return bool(found.update(verdict=verdict, decided_at=clock.now()))


def decide_kind(user: User, *, kind: str, value: str, verdict: str, mark: str) -> int:
    """Answer all waiting prices of one kind; return how many, 0 where they are others than were seen."""
    with transaction.atomic():
        rows = of_kind(waiting(user, lock=True), kind, value)
        if not rows or mark_of(rows) != mark:
            return 0
        HeldPrice.objects.filter(pk__in=[row.pk for row in rows]).update(
            verdict=verdict, decided_at=clock.now()
        )
    return len(rows)


def waiting(user: User, *, lock: bool = False) -> list[HeldPrice]:
    """Return the prices that wait for an answer, as many as a page lists, the longest waiting first."""
    rows = HeldPrice.objects.for_user(user).waiting()
    if lock:
        # MariaDB cannot lock the rows of one table of a join alone.
        listed = HeldPrice.objects.with_ids(list(rows.values_list("pk", flat=True)[:SHOWN])).unanswered()
        return list(listed.select_for_update().prefetch_related("product__store"))
    return list(rows.select_related("product__store")[:SHOWN])


def kinds_of(row: HeldPrice) -> list[tuple[Kind, str]]:
    """Return what a held price has in common with others: kind and value."""
    found = [(Kind.RISE if row.new_kopecks > row.old_kopecks else Kind.FALL, "")]
    if row.product.group_evotor_id:
        found.append((Kind.GROUP, f"{row.product.store_id}:{row.product.group_evotor_id}"))
    if row.rule_name:
        found.append((Kind.RULE, row.rule_name))
    return found


def of_kind(rows: Iterable[HeldPrice], kind: str, value: str) -> list[HeldPrice]:
    """Return those of one kind."""
    return [row for row in rows if any((kind, value) == (one, of) for one, of in kinds_of(row))]


def mark_of(rows: Iterable[HeldPrice]) -> str:
    """Return what names exactly these products with exactly these prices."""
    lines = sorted((row.product_id, row.old_kopecks, row.new_kopecks) for row in rows)
    return hashlib.sha256(repr(lines).encode()).hexdigest()[:MARK_LENGTH]
