"""A plan as the merchant reads it: what would be made, changed, hidden, and what cannot be shown."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from accounts.models import User
from catalog.models import Product
from syncing.core.choices import ActionKind, Reason
from syncing.core.records import Action, ProductKey, Skip, SyncResult
from syncing.services.categories import known_categories
from syncing.services.labels import (
    Change,
    category_reason,
    describe_changes,
    describe_detail,
    first_sentence,
    roubles,
)
from syncing.services.safety_messages import sentence
from syncing.web.presenters.exclusion_reasons import reason_sentence

# A page with ten thousand rows is unreadable; the rest is only counted.
SHOWN = 200


class Section(StrEnum):
    """The parts of a plan in the order of the page. New prices stand apart from other changes."""

    CREATE = ActionKind.CREATE
    PRICE = "price"
    UPDATE = ActionKind.UPDATE
    HIDE = ActionKind.HIDE
    RESTORE = ActionKind.RESTORE
    REMOVE = ActionKind.REMOVE
    KEPT_HIDDEN = "kept_hidden"
    SKIP = "skip"


# What a run leaves as it is.
UNTOUCHED = {Section.KEPT_HIDDEN, Section.SKIP}


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One product in the plan. `pk` leads to its page, None where it left the catalogue."""

    pk: int | None
    name: str
    changes: list[Change]
    note: str


@dataclass(frozen=True, slots=True)
class PlanPart:
    """All products to which the same happens; `more` says how many are not shown."""

    code: Section
    number: int
    lines: list[PlanLine]
    more: int


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """A plan to be shown."""

    parts: list[PlanPart]
    reasons: list[tuple[str, int]]
    questions: list[str]
    unchanged: int
    plan_hash: str
    # Goods that wait for the merchant's decision.
    undecided: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether a run would change nothing."""
        return all(part.code in UNTOUCHED for part in self.parts if part.number)


def plan_preview(user: User, plan: SyncResult) -> PlanPreview:
    """Return the plan in parts: create, change price, other changes, hide, show again, remove, cannot."""
    sorted_actions = _sort([*plan.actions, *plan.duplicates])
    keys = [action.key for actions in sorted_actions.values() for action in actions[:SHOWN]]
    keys += [*plan.kept_hidden[:SHOWN], *(skip.key for skip in plan.skipped[:SHOWN])]
    pks = product_pks(user, keys)
    shown = set(keys)
    names = {category.id: category for category in known_categories()}
    notes = {
        key: f"{names.get(choice.category_id, choice.category_id)} ({category_reason(choice)})"
        for key, choice in plan.categories.items()
        if key in shown
    }
    parts = [
        PlanPart(
            code,
            len(actions),
            [_action_line(one, pks, notes.get(one.key, "")) for one in actions[:SHOWN]],
            _more(len(actions)),
        )
        for code, actions in sorted_actions.items()
    ]
    hidden = [PlanLine(pks.get(key), plan.desired[key].title, [], "") for key in plan.kept_hidden[:SHOWN]]
    number = len(plan.kept_hidden)
    parts.append(PlanPart(Section.KEPT_HIDDEN, number, hidden, _more(number)))
    skips = [
        PlanLine(
            pks.get(skip.key),
            skip.name,
            [],
            _why(skip),
        )
        for skip in plan.skipped[:SHOWN]
    ]
    parts.append(PlanPart(Section.SKIP, len(plan.skipped), skips, _more(len(plan.skipped))))
    reasons = Counter(skip.reason for skip in plan.skipped).most_common()
    return PlanPreview(
        parts=[part for part in parts if part.number],
        reasons=[(reason_sentence(reason), number) for reason, number in reasons],
        questions=[sentence(one.code, one.count, one.total) for one in plan.questions],
        unchanged=plan.unchanged,
        plan_hash=plan.plan_hash,
        undecided=sum(skip.reason == Reason.UNSURE for skip in plan.skipped),
    )


def _sort(actions: Iterable[Action]) -> dict[Section, list[Action]]:
    parts: dict[Section, list[Action]] = {section: [] for section in Section if section not in UNTOUCHED}
    for action in actions:
        repriced = action.kind is ActionKind.UPDATE and "price_kopecks" in action.changes
        parts[Section.PRICE if repriced else Section(action.kind)].append(action)
    return parts


def _action_line(action: Action, pks: dict[ProductKey, int], category: str) -> PlanLine:
    note = reason_sentence(action.reason) if action.reason else ""
    if action.kind is ActionKind.CREATE and action.desired is not None:
        note = f"{roubles(action.desired.price_kopecks)} · {category}"
    return PlanLine(pks.get(action.key), action.name, describe_changes(action.changes), note)


def _why(skip: Skip) -> str:
    reason, detail = first_sentence(reason_sentence(skip.reason)), describe_detail(skip.detail)
    return f"{reason} ({detail})" if detail else reason


def _more(number: int) -> int:
    return max(0, number - SHOWN)


def product_pks(user: User, keys: list[ProductKey]) -> dict[ProductKey, int]:
    """Return the row ids of those of these products that are in the catalogue."""
    found = Product.objects.for_user(user).with_evotor_ids({key.product_id for key in keys})
    return {ProductKey(store, product): pk for pk, store, product in found}
