"""A plan as the merchant reads it: what would be made, changed, hidden, and what cannot be shown."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product
from syncing.choices import JobCode
from syncing.core.choices import CategorySource
from syncing.core.records import CategoryChoice, ProductKey
from syncing.services.categories import known_categories
from syncing.services.labels import (
    Change,
    category_reason,
    describe_changes,
    describe_detail,
    first_sentence,
    roubles,
)
from syncing.services.plan_summary import UNTOUCHED, PlanSummary, Section, SummaryLine
from syncing.services.safety_messages import sentence
from syncing.web.presenters.exclusion_reasons import reason_sentence


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
    # Hand-made items that look like goods of the till.
    duplicates: int = 0
    # How many were taken over just before, and why they were not.
    adopted: int | None = None
    adoption_error: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether a run would change nothing."""
        return all(part.code in UNTOUCHED for part in self.parts if part.number)


def plan_preview(user: User, summary: PlanSummary) -> PlanPreview:
    """Return a plan in the reader's language, in the order of the page."""
    lines = [line for part in summary.parts for line in part.lines]
    pks = product_pks(user, [line.key for line in lines])
    names = {category.id: str(category) for category in known_categories()}
    parts = [
        PlanPart(
            Section(part.code),
            part.number,
            [_line(line, part.code, pks, names) for line in part.lines],
            part.number - len(part.lines),
        )
        for part in summary.parts
    ]
    return PlanPreview(
        parts=parts,
        reasons=[(reason_sentence(reason), number) for reason, number in summary.reasons.items()],
        questions=[sentence(*question) for question in summary.questions],
        unchanged=summary.unchanged,
        plan_hash=summary.plan_hash,
        undecided=summary.undecided,
        duplicates=summary.duplicates,
        adopted=summary.adopted,
        adoption_error=_refusal(summary.adoption_error),
    )


def _refusal(code: str) -> str:
    """Return why items were not taken over, "" for no code."""
    if code == JobCode.RUNNING:
        return _("A run is going on, so nothing was taken over. Try again when it has ended.")
    return _("Nothing was taken over.") if code else ""


def _line(line: SummaryLine, code: str, pks: dict[ProductKey, int], names: dict[int, str]) -> PlanLine:
    note = reason_sentence(line.reason) if line.reason else ""
    if code == Section.SKIP:
        reason, detail = first_sentence(note), describe_detail(line.detail)
        note = f"{reason} ({detail})" if detail else reason
    elif line.price_kopecks is not None:
        note = f"{roubles(line.price_kopecks)} · {_category(line, names)}"
    return PlanLine(pks.get(line.key), line.name, describe_changes(line.changes), note)


def _category(line: SummaryLine, names: dict[int, str]) -> str:
    if line.category is None:
        return ""
    number, source, basis = line.category
    choice = CategoryChoice(number, CategorySource(source), basis)
    return f"{names.get(number, number)} ({category_reason(choice)})"


def product_pks(user: User, keys: Collection[ProductKey]) -> dict[ProductKey, int]:
    """Return the row ids of those of these products that are in the catalogue."""
    found = Product.objects.for_user(user).with_evotor_ids({key.product_id for key in keys})
    return {ProductKey(store, product): pk for pk, store, product in found}
