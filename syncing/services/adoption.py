"""Adopt items that the merchant made in VK by hand, so that no product stands there twice.

Only the merchant decides it; until then no run touches such an item.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product
from syncing.choices import JobCode
from syncing.core import duplicates
from syncing.core.diff import MERCHANT_FIELDS
from syncing.core.duplicates import Duplicate
from syncing.core.records import TAKEN_OVER, DesiredItem, ProductKey
from syncing.core.sku_stamp import stamp
from syncing.models import Listing, SyncJob
from syncing.services.accounts import vk_connection
from syncing.services.errors import CannotSync
from syncing.services.planning import Planned, plan_now
from syncing.shop_mappers import desired_to_json

# What the merchant wrote and photographed stays as it is.
MERCHANT_OWNED = sorted([*MERCHANT_FIELDS, "photo_key"])
UNKNOWN = -1


def find_duplicates(user: User) -> list[Duplicate]:
    """Return hand-made items that show products of the till. Raises ClientError or CannotSync."""
    return duplicates_in_plan(user, plan_now(user))


def duplicates_in_plan(user: User, planned: Planned) -> list[Duplicate]:
    """Return the hand-made items that show goods which this plan would make a second time."""
    found = duplicates.find_duplicates(planned.context, planned.plan)
    if not found:
        return []
    # Another merchant may share the community, and what was sent but not confirmed may be there already.
    rows = Listing.objects.in_community(vk_connection(user).group_id or 0)
    taken = rows.known_items([one.item.item_id for one in found])
    doubtful = {row.stamp for row in rows.for_user(user).being_created() if row.is_in_doubt}
    return [one for one in found if one.item.item_id not in taken and stamp(one.product.key) not in doubtful]


def adopt(user: User, item_ids: Collection[int]) -> int:
    """Tie these items to the products that they show; return how many it were.

    Price, stock and sight are the till's from the next run on; title, description, category and
    pictures stay the merchant's. Items that show no product any more are left alone. Nothing is
    written in VK now. Raises ClientError, and CannotSync while a run is writing.
    """
    before = last_work(user)
    return adopt_from(user, plan_now(user), item_ids, before=before)


def last_work(user: User) -> datetime | None:
    """Return when a run of the merchant's last gave a sign of life, None where none ever did."""
    found: datetime | None = SyncJob.objects.for_user(user).aggregate(at=Max("heartbeat_at"))["at"]
    return found


def adopt_from(user: User, planned: Planned, item_ids: Collection[int], *, before: datetime | None) -> int:
    """Adopt as `adopt` does, by a plan that was made just now; `before` is the `last_work` before it.

    A run that has worked since may have made the goods that the plan does not find in VK.
    """
    group_id = vk_connection(user).group_id or 0
    chosen = [one for one in duplicates_in_plan(user, planned) if one.item.item_id in item_ids]
    with transaction.atomic():
        # A run that waits cannot begin before this is written.
        jobs = SyncJob.objects.for_user(user).active().select_for_update()
        is_running = any(job.status == SyncJob.Status.RUNNING for job in jobs)
        if is_running or last_work(user) != before:
            raise CannotSync(
                JobCode.RUNNING,
                _("A run is going on, so nothing was taken over. Try again when it has ended."),
            )
        ids = [one.product.key.product_id for one in chosen]
        rows = Product.objects.for_user(user).with_evotor_ids(ids)
        products = {ProductKey(store, product): pk for pk, store, product in rows}
        for one in chosen:
            _tie(user, group_id, one, products.get(one.product.key))
    return len(chosen)


def _tie(user: User, group_id: int, one: Duplicate, product_id: int | None) -> None:
    key, item = one.product.key, one.item
    shown = DesiredItem(
        title=item.title,
        description=item.description,
        price_kopecks=UNKNOWN if item.price_kopecks is None else item.price_kopecks,
        stock=UNKNOWN if item.stock is None else item.stock,
        category_id=item.category_id or 0,
        sku=item.sku,
        photo_key="",
        till_kopecks=TAKEN_OVER,
    )
    Listing.objects.update_or_create(
        user=user,
        vk_group_id=group_id,
        store_evotor_id=key.store_id,
        product_evotor_id=key.product_id,
        defaults={
            "product_id": product_id,
            "stamp": stamp(key),
            "vk_item_id": item.item_id,
            "state": Listing.State.LIVE,
            "sent": desired_to_json(shown),
            "photo_id": item.photo_ids[0] if item.photo_ids else None,
            "photo_key": "",
            "merchant_fields": MERCHANT_OWNED,
            "own_values": None,
            "hidden_since": None,
            "last_error": "",
            "last_error_text": "",
            "refused": None,
        },
    )
