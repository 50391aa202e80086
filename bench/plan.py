"""How the planner grows: seconds and memory for 15,000 and 100,000 products, and with many rules."""

import sys
import time
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from syncing.core.goods_rules.records import (
    Comparison,
    Condition,
    GoodsRule,
    RuleAction,
    RuleActionKind,
    Subject,
)
from syncing.core.planner import sync_user
from syncing.core.records import (
    GroupKey,
    ProductKey,
    Rules,
    SourceGroup,
    SourceProduct,
    SourceState,
    SyncContext,
)
from tests.unit.core.shop import LIMITS

STORE = "20240115-AAAA-40BB-80CC-000000000001"
NAMES = ("Кружка «Тула» синяя", "ЧАЙ ЧЁРНЫЙ ЛИСТОВОЙ 100Г", "Пряник медовый", "Ложка деревянная 25 см")
SIZES = (15_000, 100_000)
# A plan with so many rules for goods may cost so much of one without.
RULES, BUDGET = 50, 1.5


def context(size: int) -> SyncContext:
    """Return a till of this many products and an empty shop."""
    groups = tuple(SourceGroup(GroupKey(STORE, f"g{n}"), f"Группа {n}") for n in range(40))
    products = tuple(
        SourceProduct(
            ProductKey(STORE, f"p{n}"),
            f"{NAMES[n % len(NAMES)]} {n}",
            price=Decimal(n % 900 + 10) + Decimal("0.727272"),
            quantity=Decimal(n % 30),
            measure="шт",
            group_id=f"g{n % 40}",
        )
        for n in range(size)
    )
    return SyncContext(
        now=datetime(2026, 1, 1, tzinfo=UTC),
        rules=Rules(default_category_id=1),
        products=products,
        groups=groups,
        filters=(),
        listings=(),
        channel_items=(),
        source=SourceState(frozenset({STORE}), previous_size=size),
        limits=replace(LIMITS, items=size),
    )


def goods_rules(number: int) -> tuple[GoodsRule, ...]:
    """Return this many rules of the usual kinds; most pick some groups, every fifth all goods."""
    return tuple(
        GoodsRule(
            n,
            f"Правило {n}",
            ()
            if n % 5 == 0
            else (
                Condition(Subject.GROUP, Comparison.IS, f"Группа {n % 40}"),
                Condition(Subject.PRICE, Comparison.ABOVE, "100"),
                Condition(Subject.NAME, Comparison.CONTAINS, "чай"),
            )[: 1 + n % 3],
            (RuleAction(RuleActionKind.PERCENT, "1"), RuleAction(RuleActionKind.KEEP_BACK, "1"))[: 1 + n % 2],
        )
        for n in range(number)
    )


def rules_ratio(size: int) -> float:
    """Return how much dearer a plan with fifty rules is, in processor time, the best of three each."""
    made = context(size)
    ruled = replace(made, rules=replace(made.rules, goods_rules=goods_rules(RULES)))
    best: dict[str, float] = {}
    for name, each in (("without", made), ("with", ruled)) * 3:
        started = time.process_time()
        sync_user(each)
        took = time.process_time() - started
        best[name] = min(took, best.get(name, took))
    return best["with"] / best["without"]


def main() -> list[str]:
    """Print the growth of the plan and the price of rules; return what breaks the budget."""
    seconds = []
    for size in SIZES:
        made = context(size)
        started = time.perf_counter()
        steps = len(sync_user(made).actions)
        seconds.append(time.perf_counter() - started)
        sys.stdout.write(f"plan of {size} products: {steps} steps, {seconds[-1]:.1f} s\n")
    ratio = seconds[1] / seconds[0] / (SIZES[1] / SIZES[0])
    sys.stdout.write(f"growth from {SIZES[0]} to {SIZES[1]}: {ratio:.2f} × linear\n")
    made = context(SIZES[0])
    tracemalloc.start()
    sync_user(made)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    sys.stdout.write(f"plan of {SIZES[0]} products: peak {peak:.0f} MB above its input\n")
    ratio = rules_ratio(SIZES[0])
    sys.stdout.write(
        f"plan of {SIZES[0]} products with {RULES} rules: {ratio:.2f} × without (budget {BUDGET})\n"
    )
    return [f"plan with {RULES} rules: {ratio:.2f} × without"] if ratio > BUDGET else []


if __name__ == "__main__":
    main()
