"""What a result was computed from, in a few questions, so that pages know whether it is up to date.

The goods themselves are not read: a store notes when a reading has changed them.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, F, Max, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from catalog.models import ProductPhoto, Store
from connections.models import VkConnection
from syncing import mappers
from syncing.choices import ComputationKind
from syncing.core import records
from syncing.models import HeldPrice, SyncFilter, SyncJob, UndoneChange
from syncing.services.categories import known_categories
from syncing.services.held_prices import plan_that_holds_prices
from syncing.services.settings import rules_of
from syncing.services.tags import tags_for

UNDONE = ("pk", "product", "kept", "instead_of")
# A result in another form is out of date by that alone.
FORMAT = 2


@dataclass(frozen=True, slots=True)
class ShopState:
    """The chosen community, 0 for none, and a digest of runs that did something, held and undone ones."""

    community: int
    digest: str


@dataclass(frozen=True, slots=True)
class RuleInputs:
    """What decides about a merchant's goods besides the goods, read once for a page."""

    rules: records.Rules
    filters: Sequence[records.Filter]
    stores: Sequence[Store]
    # None where nobody has read it yet.
    shop: ShopState | None = None

    @property
    def store_ids(self) -> dict[int, str]:
        """Evotor's ids of the stores by their rows'."""
        return {row.pk: row.evotor_id for row in self.stores}


def rule_inputs(user: User) -> RuleInputs:
    """Return the merchant's rules, filters and stores as they are now."""
    return RuleInputs(
        rules=mappers.rules_record(rules_of(user)),
        filters=[
            mappers.filter_record(row)
            for row in SyncFilter.objects.filter(sync_config__user=user).order_by("pk")
        ],
        stores=list(Store.objects.for_user(user).order_by("pk")),
    )


def shop_state(user: User) -> ShopState:
    """Return the merchant's community and what is known of it, in one question."""
    jobs = SyncJob.objects.for_user(user)
    undone = UndoneChange.objects.filter(user=OuterRef("pk")).order_by().values("user")
    vk = VkConnection.objects.filter(user=OuterRef("pk"))
    community, *known = (
        User.objects.filter(pk=user.pk)
        .values_list(
            Coalesce(Subquery(vk.values("group_id")[:1]), 0),
            Subquery(vk.values("connected_at")[:1]),
            _newest(jobs.finished().with_items()),
            _newest(jobs.awaiting_approval()),
            # A run that changes what is kept has a number of its own.
            Subquery(undone.annotate(number=Count("pk")).values("number")),
            Subquery(undone.annotate(sum=Sum("pk")).values("sum")),
            Subquery(undone.annotate(newest=Max("undone_at")).values("newest")),
        )
        .get()
    )
    return ShopState(community, hashlib.sha256(repr((community, known)).encode()).hexdigest()[:16])


def _newest(jobs: QuerySet[SyncJob]) -> Subquery:
    return Subquery(jobs.order_by("-pk").values("pk")[:1])


def choices_of(given: RuleInputs) -> str:
    """Return a digest of what the merchant has chosen: rules, decisions and filters."""
    rules = replace(given.rules, guessed_by_group={})
    return hashlib.sha256(repr((rules, given.filters)).encode()).hexdigest()[:16]


def inputs_of(user: User, kind: str, given: RuleInputs | None = None) -> str:
    """Return a digest of the rules, choices and states that a result of this kind depends on.

    A caller who has read the rules already gives them.
    """
    digest = hashlib.sha256(repr((FORMAT, str(kind))).encode())
    for part in _parts(user, kind, given or rule_inputs(user)):
        digest.update(repr(part).encode())
    return digest.hexdigest()


def _parts(user: User, kind: str, given: RuleInputs) -> Iterator[object]:
    yield given.rules
    yield given.filters
    yield [
        (row.pk, row.name, row.changed_at, row.complete_walk_at is None, row.missing_since, row.problem)
        for row in given.stores
    ]
    photos = ProductPhoto.objects.for_user(user)
    # An edited photo keeps its row, and another order keeps them all.
    placed = Sum(F("pk") * F("position"))
    yield photos.aggregate(
        number=Count("pk"), newest=Max("pk"), sum=Sum("pk"), placed=placed, edited=Max("edited_at")
    )
    if tags := tags_for(user, given.rules):
        yield sorted(tags.items())
    if kind == ComputationKind.CATALOG:
        yield bool(known_categories())
        yield (given.shop or shop_state(user)).digest
    else:
        yield list(UndoneChange.objects.for_user(user).order_by("pk").values_list(*UNDONE))
        yield list(
            HeldPrice.objects.for_user(user)
            .order_by("pk")
            .values_list("product", "verdict", "old_kopecks", "new_kopecks")
        )
    if kind == ComputationKind.FEED:
        held = plan_that_holds_prices(user)
        yield held and held.pk
    if kind in {ComputationKind.PREVIEW, ComputationKind.COUNTS}:
        yield VkConnection.objects.for_user(user).values_list("group_id", "connected_at").first()
        yield SyncJob.objects.for_user(user).finished().newest().values_list("pk", flat=True).first()
