"""A plan as it is kept for pages: counts and lines, without a word of any language.

A worker writes it; pages read it and never plan.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

from accounts.models import User
from evosync.common import clock
from syncing.core.choices import ActionKind, Reason
from syncing.core.duplicates import Duplicate
from syncing.core.records import Action, CategoryChoice, HeldPrice, ProductKey, Skip, SyncResult
from syncing.services.accounts import vk_connection
from syncing.services.adoption import adopt_from, duplicates_in_plan, last_work
from syncing.services.errors import CannotSync
from syncing.services.inputs import choices_of, rule_inputs
from syncing.services.planning import plan_from, plan_now

# So many goods of a part are kept to be searched and paged; the rest is only counted.
KEPT = 20_000
# Fewer than the fields that one form may have.
PAIRS_SHOWN = 300
# So much of a long text tells what was changed; less where very many are, for all of them stand in one row.
LONGEST_VALUE, SHORTEST_VALUE = 500, 30
MOST_LETTERS = 500_000


class Section(StrEnum):
    """The parts of a plan in the order of the page. New prices stand apart from other changes."""

    CREATE = ActionKind.CREATE
    PRICE = "price"
    UPDATE = ActionKind.UPDATE
    HIDE = ActionKind.HIDE
    RESTORE = ActionKind.RESTORE
    REMOVE = ActionKind.REMOVE
    HELD_PRICE = "held_price"
    KEPT_HIDDEN = "kept_hidden"
    SKIP = "skip"


# What a run leaves as it is.
UNTOUCHED = {Section.HELD_PRICE, Section.KEPT_HIDDEN, Section.SKIP}


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One product in a part of the plan. `category` is (id, source, basis) of a new item's."""

    store: str
    product: str
    name: str
    reason: str = ""
    detail: str = ""
    changes: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    price_kopecks: int | None = None
    category: Sequence[Any] | None = None

    @property
    def key(self) -> ProductKey:
        """The product."""
        return ProductKey(self.store, self.product)


@dataclass(frozen=True, slots=True)
class SummaryPart:
    """All products to which the same happens; of very many only the first are listed."""

    code: str
    number: int
    lines: list[SummaryLine]


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """A hand-made item and the product that it shows, most likely. Prices are in kopecks."""

    item_id: int
    title: str
    price_in_vk: int | None
    store: str
    product: str
    name: str
    price_in_till: int | None
    matched_by: str

    @property
    def key(self) -> ProductKey:
        """The product."""
        return ProductKey(self.store, self.product)


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """A plan's counts and first lines. `undecided` products wait for the merchant's decision.

    `adopted` is how many items were taken over before it was planned, None where that was not asked;
    `adoption_error` is the code of why it was refused.
    """

    parts: list[SummaryPart]
    reasons: dict[str, int]
    questions: list[Sequence[Any]]
    unchanged: int
    plan_hash: str
    undecided: int = 0
    duplicates: int = 0
    pairs: list[DuplicatePair] = field(default_factory=list)
    adopted: int | None = None
    adoption_error: str = ""
    # A digest of the merchant's choices that it was made from; "" in a plan of the release before.
    choices: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return what a row keeps."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Return what a row has kept."""
        parts = [
            SummaryPart(part["code"], part["number"], [SummaryLine(**line) for line in part["lines"]])
            for part in kept["parts"]
        ]
        pairs = [DuplicatePair(**pair) for pair in kept["pairs"]]
        return cls(**{**kept, "parts": parts, "pairs": pairs})


def compute(
    user: User, *, adopt: Iterable[int] | None = None, patience_seconds: float = math.inf
) -> dict[str, Any]:
    """Plan and return what pages show of it; first take over the items that the merchant chose.

    Reads VK and writes no row but those of a take-over. Raises ClientError and CannotSync, and TooSlow
    where VK takes longer than `patience_seconds`.
    """
    # What is chosen while it is planned makes the plan old from its beginning.
    choices = choices_of(rule_inputs(user))
    before = None if adopt is None else last_work(user)
    planned = plan_now(user, patience_seconds=patience_seconds)
    adopted, refusal = None, ""
    if adopt is not None:
        try:
            adopted = adopt_from(user, planned, set(adopt), before=before)
        except CannotSync as error:
            refusal = str(error.code)
        group_id = vk_connection(user).group_id or 0
        planned = plan_from(user, planned.shop, group_id=group_id, now=clock.now())
    summary = summarize(planned.plan, duplicates_in_plan(user, planned))
    return summary.to_json() | {"adopted": adopted, "adoption_error": refusal, "choices": choices}


def summarize(plan: SyncResult, duplicates: Sequence[Duplicate] = ()) -> PlanSummary:
    """Return the plan in parts: create, change price, other changes, hide, show again, remove, cannot."""
    longest = _longest_value(plan.actions)
    parts = [
        SummaryPart(code, len(actions), [_action(one, plan.categories, longest) for one in actions[:KEPT]])
        for code, actions in _sort([*plan.actions, *plan.second_items]).items()
    ]
    held = [_held_price(one) for one in plan.held_prices[:KEPT]]
    parts.append(SummaryPart(Section.HELD_PRICE, len(plan.held_prices), held))
    hidden = [_line(key, plan.desired[key].title) for key in plan.kept_hidden[:KEPT]]
    parts.append(SummaryPart(Section.KEPT_HIDDEN, len(plan.kept_hidden), hidden))
    skips = [_skip(skip) for skip in plan.skipped[:KEPT]]
    parts.append(SummaryPart(Section.SKIP, len(plan.skipped), skips))
    reasons = Counter(skip.reason for skip in plan.skipped)
    return PlanSummary(
        parts=[part for part in parts if part.number],
        reasons={str(reason): number for reason, number in reasons.most_common()},
        questions=[(one.code, one.count, one.total) for one in plan.questions],
        unchanged=plan.unchanged,
        plan_hash=plan.plan_hash,
        undecided=reasons[Reason.UNSURE],
        duplicates=len(duplicates),
        pairs=[_pair(one) for one in duplicates[:PAIRS_SHOWN]],
    )


def _sort(actions: Iterable[Action]) -> dict[Section, list[Action]]:
    parts: dict[Section, list[Action]] = {section: [] for section in Section if section not in UNTOUCHED}
    for action in actions:
        repriced = action.kind is ActionKind.UPDATE and "price_kopecks" in action.changes
        parts[Section.PRICE if repriced else Section(action.kind)].append(action)
    return parts


def _line(key: ProductKey, name: str) -> SummaryLine:
    return SummaryLine(key.store_id, key.product_id, name)


def _held_price(one: HeldPrice) -> SummaryLine:
    changes = {"price_kopecks": [one.old_kopecks, one.new_kopecks]}
    return SummaryLine(one.key.store_id, one.key.product_id, one.name, changes=changes)


def _skip(skip: Skip) -> SummaryLine:
    return SummaryLine(skip.key.store_id, skip.key.product_id, skip.name, skip.reason, skip.detail)


def _longest_value(actions: Iterable[Action]) -> int:
    """Return how much is kept of each long text that is changed."""
    pairs = (pair for action in actions for pair in action.changes.values())
    long = sum(_is_longer(value, SHORTEST_VALUE) for pair in pairs for value in pair)
    return max(SHORTEST_VALUE, min(LONGEST_VALUE, MOST_LETTERS // max(1, long)))


def _action(action: Action, categories: Mapping[ProductKey, CategoryChoice], longest: int) -> SummaryLine:
    choice = categories.get(action.key)
    is_new = action.kind is ActionKind.CREATE and action.desired is not None
    return SummaryLine(
        action.key.store_id,
        action.key.product_id,
        action.name,
        action.reason,
        changes={name: [_clipped(value, longest) for value in pair] for name, pair in action.changes.items()},
        price_kopecks=action.desired.price_kopecks if action.desired and is_new else None,
        category=(choice.category_id, choice.source, choice.basis) if choice and is_new else None,
    )


def _is_longer(value: object, longest: int) -> bool:
    return isinstance(value, str) and len(value) > longest


def _clipped(value: object, longest: int) -> object:
    return f"{str(value)[:longest]}…" if _is_longer(value, longest) else value


def _pair(one: Duplicate) -> DuplicatePair:
    return DuplicatePair(
        item_id=one.item.item_id,
        title=one.item.title,
        price_in_vk=one.item.price_kopecks,
        store=one.product.key.store_id,
        product=one.product.key.product_id,
        name=one.product.name,
        price_in_till=one.desired.price_kopecks,
        matched_by=one.matched_by,
    )
