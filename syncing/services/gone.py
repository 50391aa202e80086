"""What the till had before, as it was last known: to know it again under other ids."""

from collections.abc import Collection

from accounts.models import User
from catalog.models import Product, ProductGroup, Store
from syncing import mappers
from syncing.core import records


def gone_products(
    user: User | int, stores: Collection[Store], *, may_be_missing: bool = True
) -> dict[records.ProductKey, records.SourceProduct]:
    """Return the last record of products that left the till. `stores` are all of the merchant's.

    A caller who knows that none is missing from a listed store says so.
    """
    ids = {store.pk: store.evotor_id for store in stores}
    unlisted = [store.pk for store in stores if store.missing_since is not None]
    if not (unlisted or may_be_missing):
        return {}
    rows = Product.objects.for_user(user)
    rows = rows.missing() | rows.in_stores(unlisted)
    seen = {store.pk: store.goods_seen_at for store in stores}
    found = (
        mappers.product_record(row, ids[row.store_id], store_seen_at=seen[row.store_id])
        for row in rows.iterator(chunk_size=2000)
    )
    return {record.key: record for record in found}


def gone_groups(user: User | int, stores: Collection[Store]) -> tuple[records.SourceGroup, ...]:
    """Return the last record of groups that left the till."""
    ids = {store.pk: store.evotor_id for store in stores}
    rows = ProductGroup.objects.for_user(user).missing()
    return tuple(mappers.group_record(row, ids[row.store_id]) for row in rows)
