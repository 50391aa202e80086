"""Which features that have rows of their own a merchant uses: what nobody uses is not asked for."""

from typing import NamedTuple

from django.db.models import Exists, QuerySet

from accounts.models import User
from catalog.models import Product, ProductGroup, ProductPhoto
from evosync.common.kept_statements import rows_of
from syncing.models import (
    Album,
    GoodsRule,
    HeldPrice,
    RestrictedDecision,
    SyncConfig,
    SyncFilter,
    UndoneChange,
)


class Used(NamedTuple):
    """Of what there are rows: all may be there where nobody has looked."""

    photos: bool = True
    goods_rules: bool = True
    decisions: bool = True
    filters: bool = True
    undone: bool = True
    held_prices: bool = True
    albums: bool = True
    gone_products: bool = True
    gone_groups: bool = True


ALL = Used()


def used_by(user: User) -> Used:
    """Return what the merchant uses now, in one statement; all where they have no rules yet.

    What appears a moment later is for the next plan, as if it came after this one.
    """
    found = rows_of(_used, user.pk)
    return Used(*map(bool, found[0])) if found else ALL


def _used(user_id: int) -> QuerySet[SyncConfig, tuple[bool, ...]]:
    tables = (
        ProductPhoto.objects.filter(user=user_id),
        GoodsRule.objects.filter(user=user_id),
        RestrictedDecision.objects.filter(user=user_id),
        SyncFilter.objects.filter(sync_config__user=user_id),
        UndoneChange.objects.filter(user=user_id),
        HeldPrice.objects.filter(user=user_id),
        Album.objects.filter(user=user_id),
        Product.objects.filter(user=user_id).missing(),
        ProductGroup.objects.filter(user=user_id).missing(),
    )
    return SyncConfig.objects.filter(user=user_id).values_list(*map(Exists, tables))
