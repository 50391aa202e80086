"""A plan as the merchant reads it: what would be made, changed, hidden, and what cannot be shown."""

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product
from evosync.common.text import normalize_for_search
from syncing.choices import JobCode
from syncing.core.choices import CategorySource
from syncing.core.records import Category, CategoryChoice, ProductKey
from syncing.services.categories import known_categories
from syncing.services.labels import (
    Change,
    category_reason,
    describe_changes,
    describe_detail,
    first_sentence,
    name_category,
    roubles,
)
from syncing.services.plan_summary import UNTOUCHED, PlanSummary, Section, SummaryLine, SummaryPart
from syncing.services.safety_messages import sentence
from syncing.web.presenters.exclusion_reasons import ReasonLine, reason_lines, reason_sentence

# Of the whole plan each part shows its first goods; a page of found ones is longer.
FIRST, PER_PAGE = 20, 50


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One product in the plan. `pk` leads to its page, None where it left the catalogue."""

    pk: int | None
    name: str
    changes: list[Change]
    note: str


@dataclass(frozen=True, slots=True)
class PlanQuestion:
    """What the merchant looks for in a plan: words, one part of it, and the page of what is found.

    `why` is the reason for which goods are left out.
    """

    text: str = ""
    part: str = ""
    page: int = 1
    why: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether less than the whole plan is asked for."""
        return bool(self.text or self.part or self.why)


WHOLE = PlanQuestion()


@dataclass(frozen=True, slots=True)
class PlanPages:
    """Where the page of a searched plan stands: how many were found, and its number of how many."""

    found: int
    number: int
    last: int

    @property
    def before(self) -> int | None:
        """The page before, None on the first."""
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        """The page after, None on the last."""
        return self.number + 1 if self.number < self.last else None


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
    reasons: list[ReasonLine]
    questions: list[str]
    unchanged: int
    plan_hash: str
    # A digest of the merchant's choices that it was made from.
    choices: str = ""
    # Goods that wait for the merchant's decision.
    undecided: int = 0
    # Hand-made items that look like goods of the till.
    duplicates: int = 0
    # How many were taken over just before, and why they were not.
    adopted: int | None = None
    adoption_error: str = ""
    # Where less than the whole plan was asked for.
    pages: PlanPages | None = None

    @property
    def is_empty(self) -> bool:
        """Whether a run would change nothing."""
        return all(part.code in UNTOUCHED for part in self.parts if part.number)


def plan_preview(user: User, summary: PlanSummary, question: PlanQuestion = WHOLE) -> PlanPreview:
    """Return a plan in the reader's language, in the order of the page.

    The whole plan shows the first goods of each part; a question is answered page by page.
    """
    if question.is_asked:
        shown, pages = _found(user, summary, question)
    else:
        shown, pages = [(part, part.lines[:FIRST], part.number) for part in summary.parts], None
    pks = product_pks(user, [line.key for _part, lines, _number in shown for line in lines])
    names = {category.id: category for category in known_categories()}
    parts = [
        PlanPart(
            Section(part.code),
            number,
            [_line(line, part.code, pks, names) for line in lines],
            0 if pages else number - len(lines),
        )
        for part, lines, number in shown
    ]
    return PlanPreview(
        pages=pages,
        parts=parts,
        reasons=reason_lines(
            summary.reasons, plan_url=f"{reverse('syncing:preview')}?part={Section.SKIP}&why="
        ),
        questions=[sentence(*question) for question in summary.questions],
        unchanged=summary.unchanged,
        plan_hash=summary.plan_hash,
        choices=summary.choices,
        undecided=summary.undecided,
        duplicates=summary.duplicates,
        adopted=summary.adopted,
        adoption_error=_refusal(summary.adoption_error),
    )


def _found(
    user: User, summary: PlanSummary, question: PlanQuestion
) -> tuple[list[tuple[SummaryPart, list[SummaryLine], int]], PlanPages]:
    """Return the page of those goods that are asked for, by their parts, and where the page stands."""
    words = normalize_for_search(question.text).split()
    # Article, barcode and code are the catalogue's; what has left it is found by its name.
    known = _keys_with(user, question.text) if words else set()
    parts = [part for part in summary.parts if question.part in ("", part.code)]
    matches = [
        (
            part,
            [
                line
                for line in part.lines
                if question.why in ("", line.reason) and (not words or _is_meant(line, words, known))
            ],
        )
        for part in parts
    ]
    total = sum(len(lines) for _part, lines in matches)
    last = max(1, -(-total // PER_PAGE))
    number = min(max(1, question.page), last)
    begin, shown = (number - 1) * PER_PAGE, []
    for part, lines in matches:
        if page := lines[max(0, begin) : max(0, begin + PER_PAGE)]:
            shown.append((part, page, len(lines)))
        begin -= len(lines)
    return shown, PlanPages(total, number, last)


def _is_meant(line: SummaryLine, words: list[str], known: set[ProductKey]) -> bool:
    if line.key in known:
        return True
    name = normalize_for_search(line.name)
    return all(word in name for word in words)


def _keys_with(user: User, text: str) -> set[ProductKey]:
    rows = Product.objects.for_user(user).search(text).values_list("store__evotor_id", "evotor_id")
    return {ProductKey(store, product) for store, product in rows.iterator(chunk_size=5000)}


def _refusal(code: str) -> str:
    """Return why items were not taken over, "" for no code."""
    if code == JobCode.RUNNING:
        return _("A run is going on, so nothing was taken over. Try again when it has ended.")
    return _("Nothing was taken over.") if code else ""


def _line(line: SummaryLine, code: str, pks: dict[ProductKey, int], names: dict[int, Category]) -> PlanLine:
    note = reason_sentence(line.reason) if line.reason else ""
    if code == Section.SKIP:
        reason, detail = first_sentence(note), describe_detail(line.detail)
        note = f"{reason} ({detail})" if detail else reason
    elif line.price_kopecks is not None:
        note = f"{roubles(line.price_kopecks)} · {_category(line, names)}"
    return PlanLine(pks.get(line.key), line.name, describe_changes(line.changes), note)


def _category(line: SummaryLine, names: dict[int, Category]) -> str:
    if line.category is None:
        return ""
    number, source, basis = line.category
    choice = CategoryChoice(number, CategorySource(source), basis)
    return f"{name_category(number, names)} ({category_reason(choice)})"


def product_pks(user: User, keys: Collection[ProductKey]) -> dict[ProductKey, int]:
    """Return the row ids of those of these products that are in the catalogue."""
    found = Product.objects.for_user(user).with_evotor_ids({key.product_id for key in keys})
    return {ProductKey(store, product): pk for pk, store, product in found}
