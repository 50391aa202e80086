"""Why a product is left out under the merchant's present rules, said without asking VK."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy

from accounts.models import User
from catalog.models import Product
from syncing import mappers
from syncing.core import eligibility
from syncing.core.choices import Reason
from syncing.core.filters import FilterSet
from syncing.core.group_tree import GroupTree
from syncing.models import SyncConfig
from syncing.services.labels import describe_detail, first_sentence
from syncing.services.settings import config_for
from syncing.web.presenters.groups import Groups

# Reasons that only a whole plan knows.
PLAN_REASONS: Mapping[str, object] = {
    Reason.GONE: gettext_lazy("The till no longer has it."),
    Reason.MERGED: gettext_lazy("It is shown on the card of the same goods in another store."),
    Reason.OUT_OF_STOCK: gettext_lazy("It is sold out, and by your rules such goods are hidden."),
    Reason.DUPLICATE: gettext_lazy(
        "It was brought back in VK while a newer item for the same product is there."
    ),
}
# Reasons that depend on one product alone, so the catalogue can search for them.
SEARCHABLE = {
    code: text for code, text in eligibility.REASONS.items() if code not in (Reason.LIMIT, Reason.SUSPENDED)
}


def reason_sentence(reason: str) -> str:
    """Return the sentence for a reason code in the reader's language, or the bare code if unknown."""
    if reason in PLAN_REASONS:
        return str(PLAN_REASONS[reason])
    return gettext(eligibility.REASONS.get(reason, reason))


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
        return f"{short} ({detail})" if detail else short


class ExclusionEvaluator:
    """The merchant's filters and rules, read once and asked about many products."""

    def __init__(self, config: SyncConfig, groups: Groups, stores: dict[int, str]) -> None:
        records = [mappers.group_record(row, stores[row.store_id]) for row in groups.rows]
        self._stores = stores
        self._tree = GroupTree(records)
        self._rules = mappers.rules_record(config)
        self._filters = FilterSet(
            tuple(mappers.filter_record(row) for row in config.filters.all()),
            tuple(records),
        )

    def of(self, row: Product) -> Exclusion | None:
        """Return why this product is out, or None where it is in."""
        product = mappers.product_record(row, self._stores[row.store_id])
        if reason := self._filters.excluded_by(product):
            return Exclusion(reason, "")
        path = self._tree.path(product.key.store_id, product.group_id)
        refusal = eligibility.exclusion_reason(
            product, tuple(group.name for group in path), self._rules, mappers.VK_LIMITS
        )
        return Exclusion(*refusal) if refusal else None


def exclusion_evaluator(user: User, *, groups: Groups, stores: dict[int, str]) -> ExclusionEvaluator:
    """Return the evaluator of the merchant's rules; `stores` maps a store's row id to its Evotor id."""
    return ExclusionEvaluator(config_for(user), groups, stores)
