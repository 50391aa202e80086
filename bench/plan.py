"""How the planner grows up to 100,000 products: processor time, memory, and the price of many rules."""

import cProfile
import sys
import time
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from bench.table import NO_BUDGET, Row, at_most, broken, growth_of, printed
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
SIZES = (100, 611, 5_000, 15_000, 100_000)
QUICK_SIZES = (100, 611, 5_000)
# Seconds on a quiet machine.
GOALS = {15_000: 2, 100_000: 15}
MOST_MEGABYTES = 300
RULES_SIZE = 15_000
# Names from this number on have not been planned before, so that no kept result is found for them.
COUNTED_SIZE, FIRST_UNREAD, FIRST_RULED = 5_000, 1_000_000, 9_000_000
MOST_CALLS = 480
# A plan with so many rules for goods may cost so much of one without.
RULES, BUDGET = 50, 1.5


def context(size: int, *, start: int = 0) -> SyncContext:
    """Return a till of this many products and an empty shop; `start` numbers them, for other names."""
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
        for n in range(start, start + size)
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
    best: dict[str, float] = {}
    for name, each in (("without", made), ("with", ruled(made))) * 3:
        started = time.process_time()
        sync_user(each)
        took = time.process_time() - started
        best[name] = min(took, best.get(name, took))
    return best["with"] / best["without"]


def ruled(made: SyncContext) -> SyncContext:
    """Return the same till under fifty rules for goods."""
    return replace(made, rules=replace(made.rules, goods_rules=goods_rules(RULES)))


def calls_per_product(made: SyncContext) -> float:
    """Return how many functions a first plan calls for each product, Python's own among them.

    The clock of a busy machine tells a plan of two seconds as one of seven; this number is the same there.
    """
    profile = cProfile.Profile()
    profile.runcall(sync_user, made)
    return sum(entry.callcount for entry in profile.getstats()) / len(made.products)


def main(sizes: Sequence[int] = SIZES) -> list[str]:
    """Print the growth of the plan and the price of rules; return what breaks the budget."""
    return broken(rows_of(sizes))


def rows_of(sizes: Sequence[int] = SIZES) -> list[Row]:
    """Print the growth of the plan and the price of rules; return the table's rows."""
    # The first names make the lists of words.
    sync_user(context(len(NAMES), start=FIRST_UNREAD - len(NAMES)))
    points, rows = [], []
    for size in sizes:
        made = context(size)
        started = time.process_time()
        steps = len(sync_user(made).actions)
        seconds = time.process_time() - started
        points.append((size, seconds))
        sys.stdout.write(f"plan of {size} products: {steps} steps, {seconds:.2f} s\n")
        goal = f"≤ {GOALS[size]} s" if size in GOALS else NO_BUDGET
        rows.append(printed("plan", f"plan of {size:,}, processor time", f"{seconds:.2f} s", goal))
    rows.append(growth_of("plan", "processor time", points, is_time=True))
    rows += [*_calls(sizes), _peak(sizes), _rules(min(RULES_SIZE, max(sizes)))]
    for row in rows[-6:]:
        sys.stdout.write(f"{row.what}: {row.measured} (budget {row.budget})\n")
    return rows


def _calls(sizes: Sequence[int]) -> list[Row]:
    """Return the work of first plans without and with rules, in calls, which no other program changes."""
    counted = [size for size in sizes if size <= COUNTED_SIZE]
    without = {
        size: calls_per_product(context(size, start=FIRST_UNREAD * n)) for n, size in enumerate(counted, 1)
    }
    under_rules = calls_per_product(ruled(context(COUNTED_SIZE, start=FIRST_RULED)))
    what, calls = f"plan of {COUNTED_SIZE:,}", without[COUNTED_SIZE]
    return [
        growth_of("plan", "calls of functions", [(size, size * each) for size, each in without.items()]),
        at_most("plan", f"{what}, calls of functions a product", round(calls), MOST_CALLS),
        at_most(
            "plan",
            f"{what} with {RULES} rules, calls against one without",
            round(under_rules / calls, 2),
            BUDGET,
            " ×",
        ),
    ]


def _peak(sizes: Sequence[int]) -> Row:
    """Return the memory of a plan of 15,000 products above its input, where the sizes go so far."""
    size = min(RULES_SIZE, max(sizes))
    made = context(size)
    tracemalloc.start()
    sync_user(made)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return at_most("plan", f"plan of {size:,}, memory above its input", round(peak), MOST_MEGABYTES, " MB")


def _rules(size: int) -> Row:
    """Return the price of rules in processor time, of which the calls above are what is judged."""
    what = f"plan of {size:,} with {RULES} rules, processor time against one without"
    return printed("plan", what, f"{rules_ratio(size):.2f} ×", f"≤ {BUDGET} ×")


if __name__ == "__main__":
    sys.exit("\n".join(main()) or None)
