"""Why a product is left out under the merchant's present rules, said without asking VK."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from accounts.models import User
from catalog.models import Product, ProductPhoto
from syncing import mappers
from syncing.core import eligibility
from syncing.core.choices import Reason
from syncing.core.evaluation import Evaluator
from syncing.core.goods_rules.records import Subject
from syncing.core.records import Rules, SourceGroup
from syncing.core.restricted_goods.decisions import Scope
from syncing.models import Listing
from syncing.services.inputs import RuleInputs, rule_inputs
from syncing.services.labels import describe_detail, first_sentence
from syncing.services.refusals import corrected_goods
from syncing.services.tags import Tags, tags_for
from syncing.shop_mappers import VK_LIMITS
from syncing.web.presenters.groups import Groups

# Reasons that only a whole plan knows.
PLAN_REASONS: Mapping[str, object] = {
    Reason.GONE: gettext_lazy("The till no longer has it."),
    Reason.MERGED: gettext_lazy("It is shown on the card of the same goods in another store."),
    Reason.OUT_OF_STOCK: gettext_lazy("It is sold out, and by your rules such goods are hidden."),
    Reason.UNDONE: gettext_lazy("You have undone the run that showed or hid it."),
    Reason.SECOND_ITEM: gettext_lazy(
        "It was brought back in VK while a newer item for the same product is there."
    ),
}
# These depend on what VK has, or leave no product out of a plan but hide its item.
ONLY_IN_A_PLAN = {
    Reason.COPY,
    Reason.GONE,
    Reason.GROUP_UNKNOWN,
    Reason.KEPT_OUT,
    Reason.LIMIT,
    Reason.MAY_BE_LEFT_OUT,
    Reason.MAY_REPLACE,
    Reason.OUT_OF_STOCK,
    Reason.SUSPENDED,
}
# Reasons that till and rules decide alone, so the catalogue can search for them.
SEARCHABLE = {code: text for code, text in eligibility.REASONS.items() if code not in ONLY_IN_A_PLAN}


def reason_sentence(reason: str) -> str:
    """Return the sentence for a reason code in the reader's language, or the bare code if unknown."""
    if reason in PLAN_REASONS:
        return str(PLAN_REASONS[reason])
    return gettext(eligibility.REASONS.get(reason, reason))


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """Why so many goods are left out. `url` opens the list of exactly these; empty where there is none."""

    sentence: str
    number: int
    url: str


def reason_lines(counts: Mapping[str, int], *, plan_url: str = "") -> list[ReasonLine]:
    """Return why goods are left out, the commonest first.

    What the catalogue cannot search for is listed by the plan that it stands in: `plan_url` opens its
    goods for the reason that is put behind it.
    """
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [ReasonLine(reason_sentence(code), number, _list_of(code, plan_url)) for code, number in ordered]


def _list_of(code: str, plan_url: str) -> str:
    if code in SEARCHABLE:
        return f"{reverse('catalog:list')}?{urlencode({'why': code})}"
    return f"{plan_url}{quote(code)}" if plan_url else ""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why a product is out. `detail` is the word or the limit that decided."""

    reason: str
    detail: str

    @property
    def sentence(self) -> str:
        """The reason in the reader's language."""
        return reason_sentence(self.reason)

    @property
    def is_undecided(self) -> bool:
        """Return True where the merchant's decision is asked for."""
        return self.reason == Reason.UNSURE

    @property
    def short(self) -> str:
        """The reason without the advice, with what decided."""
        short, detail = first_sentence(self.sentence), describe_detail(self.detail)
        return f"{short.removesuffix('.')} ({detail})." if detail else short


class ExclusionEvaluator:
    """The merchant's filters and rules, read once and asked about many products."""

    def __init__(self, user: User, groups: Groups, given: RuleInputs) -> None:
        self.stores, self.rules, self._given = given.store_ids, given.rules, given
        records = self._groups = [mappers.group_record(row, self.stores[row.store_id]) for row in groups.rows]
        self._evaluator = Evaluator(self.rules, given.filters, records, VK_LIMITS)
        self.user = user
        self._tags: Tags = {}
        self._photos = _photo_keys(user, records, self.stores) if _look_at_photos(self.rules) else None

    def read_tags(self, rows: Iterable[Product]) -> None:
        """Read the tags of the products that are asked about, where a rule asks for tags."""
        self._tags = tags_for(self.user, self.rules, rows)

    def take_tags(self, tags: Tags) -> None:
        """Take the tags of the products that are asked about from a caller who has read them."""
        self._tags = tags

    def of(self, row: Product) -> Exclusion | None:
        """Return why this product is out, or None where it is in."""
        photos = self._photos.of(row) if self._photos else ()
        tags = self._tags.get(row.pk, ())
        record = mappers.product_record(row, self.stores[row.store_id], photos, tags=tags)
        found = self._evaluator.exclusion(record)
        return Exclusion(found.reason, found.detail) if found else None

    def corrected(self, rows: Iterable[tuple[Product, Listing]]) -> set[int]:
        """Return the row ids of products that are in, and other ones by now than VK refused."""
        return corrected_goods(self.user, rows, self._given, self._groups)

    def has_decision(self, row: Product) -> bool:
        """Return True if the merchant has decided about the product's name."""
        return self.rules.decisions.find(Scope.NAME, row.name) is not None


def _look_at_photos(rules: Rules) -> bool:
    return any(line.subject is Subject.PHOTO for rule in rules.goods_rules for line in rule.conditions)


def _photo_keys(user: User, groups: Sequence[SourceGroup], stores: Mapping[int, str]) -> mappers.PhotoKeys:
    photos = ProductPhoto.objects.for_user(user).select_related("group").order_by("pk")
    return mappers.PhotoKeys(photos, groups, stores)


def exclusion_evaluator(user: User, *, groups: Groups, given: RuleInputs | None = None) -> ExclusionEvaluator:
    """Return the evaluator of the merchant's rules; a page that has read them gives them."""
    return ExclusionEvaluator(user, groups, given or rule_inputs(user))
