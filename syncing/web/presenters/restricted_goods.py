"""The page of goods that wait for the merchant's decision, and what can be decided on a product's page."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from accounts.models import User
from catalog.models import Product
from syncing.choices import RestrictedScope
from syncing.core.choices import Reason
from syncing.core.records import SourceGroup
from syncing.core.restricted_goods.verdicts import Basis
from syncing.models import RestrictedDecision, SyncJob
from syncing.services.catalog_reasons import CatalogReasons
from syncing.services.forbidden_words import doubted_goods_label
from syncing.services.inputs import RuleInputs
from syncing.services.labels import describe_detail
from syncing.services.lost_marks import DETAIL
from syncing.services.restricted_decisions import decision_about, subject_of
from syncing.web.presenters.exclusion_reasons import ExclusionEvaluator, exclusion_evaluator
from syncing.web.presenters.groups import Groups, groups_of

# A product costs some 60 microseconds; what is beyond comes when these are decided.
MOST_READ = 2000
SHOWN = 100
MOST_BATCHES = 20
MOST_DECISIONS = 100
# What one product alone needs no button for.
LEAST_IN_BATCH = 2


@dataclass(frozen=True, slots=True)
class DoubtfulProduct:
    """A product that waits for a decision. `evidence` says what it may be and by what."""

    pk: int
    name: str
    group: str
    evidence: str


@dataclass(frozen=True, slots=True)
class DoubtfulBatch:
    """Several products that one tap decides: of one brand or of one group. `pk` is one of them."""

    scope: RestrictedScope
    label: str
    number: int
    pk: int
    evidence: str


@dataclass(frozen=True, slots=True)
class CheckPage:
    """All that the page shows. `is_part` says that more goods wait than were looked at."""

    number: int
    batches: list[DoubtfulBatch]
    products: list[DoubtfulProduct]
    decisions: list[RestrictedDecision]
    is_part: bool

    @property
    def more(self) -> int:
        """How many products are not listed."""
        return self.number - len(self.products)


def undecided_at_last_run(user: User) -> int:
    """Return how many goods waited for a decision when the last run was planned."""
    last = SyncJob.objects.for_user(user).finished().newest().first()
    return last.skipped_by_reason.get(Reason.UNSURE, 0) if last else 0


def check_page(user: User, reasons: CatalogReasons | None, given: RuleInputs | None = None) -> CheckPage:
    """Return the goods that wait for a decision, by brand, by group and one by one, and the decisions.

    A worker has found them; they are looked at again here, so that what was just decided is gone.
    """
    groups = groups_of(user)
    evaluator = exclusion_evaluator(user, groups=groups, given=given)
    doubts = sorted(reasons.doubts) if reasons else []
    rows = Product.objects.for_user(user).present().filter(pk__in=doubts[:MOST_READ])
    found: list[tuple[DoubtfulProduct, str]] = []
    listed = list(rows.defer("search_text", "content_hash").order_by("name", "pk"))
    evaluator.read_tags(listed)
    for row in listed:
        found.extend(_doubt(row, evaluator, groups, reasons.doubts.get(row.pk, "") if reasons else ""))
    decisions = RestrictedDecision.objects.for_user(user).newest()[:MOST_DECISIONS]
    return CheckPage(
        number=len(found),
        batches=_batches(found),
        products=[product for product, _brand in found[:SHOWN]],
        decisions=list(decisions),
        is_part=len(doubts) > MOST_READ,
    )


def _doubt(
    row: Product, evaluator: ExclusionEvaluator, groups: Groups, told: str
) -> Iterator[tuple[DoubtfulProduct, str]]:
    """Yield the product with its brand, "" if no brand decided, where it waits for a decision."""
    exclusion = evaluator.of(row)
    if exclusion is None and told == DETAIL and not evaluator.has_decision(row):
        group = groups.name_of(row.store_id, row.group_evotor_id)
        yield DoubtfulProduct(row.pk, row.name, group, describe_detail(told)), ""
        return
    if exclusion is None or exclusion.reason != Reason.UNSURE:
        return
    _goods, basis, evidence = exclusion.detail.split(":", 2)
    name = evidence if basis == Basis.LEFT_GROUP else groups.name_of(row.store_id, row.group_evotor_id)
    product = DoubtfulProduct(row.pk, row.name, name, describe_detail(exclusion.detail))
    yield product, evidence if basis == RestrictedScope.BRAND else ""


def _batches(found: list[tuple[DoubtfulProduct, str]]) -> list[DoubtfulBatch]:
    """Return the brands and groups that hold several of these products, the largest first."""
    labels: Counter[tuple[RestrictedScope, str]] = Counter()
    samples: dict[tuple[RestrictedScope, str], DoubtfulProduct] = {}
    for product, brand in found:
        for key in ((RestrictedScope.BRAND, brand), (RestrictedScope.GROUP, product.group)):
            if key[1]:
                labels[key] += 1
                samples.setdefault(key, product)
    return [
        DoubtfulBatch(scope, label, number, samples[scope, label].pk, samples[scope, label].evidence)
        for (scope, label), number in labels.most_common(MOST_BATCHES)
        if number >= LEAST_IN_BATCH
    ]


@dataclass(frozen=True, slots=True)
class DecisionOffer:
    """What the merchant can decide on a product's page.

    `choices` are (scope, what it covers). `is_marked` says that the till forbids it, so only leaving it
    out is left to decide.
    """

    goods: str
    is_certain: bool
    is_marked: bool
    choices: list[tuple[RestrictedScope, str]]
    decision: RestrictedDecision | None


def decision_offer(product: Product, path: Sequence[SourceGroup]) -> DecisionOffer | None:
    """Return what can be decided about a product in these groups, or None for ordinary goods."""
    subject = subject_of(product, path)
    if subject is None:
        return None
    verdict = subject.verdict if subject.marked is None else subject.marked
    return DecisionOffer(
        goods=doubted_goods_label(verdict),
        is_certain=subject.is_certain,
        is_marked=subject.marked is not None,
        choices=list(subject.texts.items()),
        decision=decision_about(product, subject),
    )
