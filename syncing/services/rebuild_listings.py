"""Rebuilds the map from products to VK items when our own copy of it is lost."""

from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from catalog.models import Product
from connections.client_factory import vk_client
from syncing.core.item_builder import visible_article
from syncing.core.records import ProductKey
from syncing.core.sku_stamp import find_stamp, stamp, typed_stamps
from syncing.mappers import desired_to_json, item_record
from syncing.models import Listing
from syncing.services.planning import make_plan, vk_connection


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many items VK has, how many are tied to a product now, and how many were before.

    `unknown` are addresses of items that carry a stamp which nobody here knows: they came and went while
    the database was another one, or another installation of EvoSync serves the same community.
    """

    items: int
    tied: int
    already: int
    unknown: tuple[str, ...] = ()


def rebuild_listings(user: User) -> Rebuilt:
    """Tie every VK item that carries the stamp of one of the merchant's products to that product.

    Also products that left the till count, so that their items can be hidden and not made twice.
    Raises ClientError or CannotSync; writes nothing in VK.
    """
    connection = vk_connection(user)
    group_id = connection.group_id or 0
    planned = make_plan(user, client=vk_client(connection), group_id=group_id, now=timezone.now())
    rows = Product.objects.for_user(user).select_related("store")
    products = {stamp(ProductKey(row.store.evotor_id, row.evotor_id)): row for row in rows.iterator(2000)}
    typed = typed_stamps(visible_article(product) for product in planned.context.products)
    known = set(Listing.objects.for_user(user).in_community(group_id).values_list("stamp", "vk_item_id"))
    tied = already = 0
    strange: dict[str, list[int]] = {}
    with transaction.atomic():
        for item in sorted(planned.shop.items.values(), key=lambda item: (item.date, item.id), reverse=True):
            mark = find_stamp(item.sku, typed=typed)
            if mark is None:
                continue
            if (row := products.get(mark)) is None:
                strange.setdefault(mark, []).append(item.id)
                continue
            tied += 1
            seen = item_record(item)
            if (mark, item.id) in known:
                already += 1
                if seen.hidden:
                    _forget_who_hid(user, group_id, item.id)
                continue
            key = ProductKey(row.store.evotor_id, row.evotor_id)
            desired = planned.plan.desired.get(key)
            if desired is not None and seen.hidden:
                desired = replace(desired, hidden=None)
            Listing.objects.update_or_create(
                user=user,
                vk_group_id=group_id,
                store_evotor_id=key.store_id,
                product_evotor_id=key.product_id,
                defaults={
                    "product": row,
                    "stamp": mark,
                    "vk_item_id": item.id,
                    "state": Listing.State.HIDDEN if seen.hidden else Listing.State.LIVE,
                    "hidden_since": timezone.now() if seen.hidden and desired is None else None,
                    "sent": desired_to_json(desired) if desired else {},
                    "photo_id": seen.photo_ids[0] if seen.photo_ids else None,
                },
            )
    # Another merchant may share the community; their items are on the map too.
    others = Listing.objects.in_community(group_id).filter(stamp__in=list(strange))
    for mark in set(others.values_list("stamp", flat=True)):
        del strange[mark]
    unknown = (Listing(vk_group_id=group_id, vk_item_id=pk).vk_url for ids in strange.values() for pk in ids)
    return Rebuilt(len(planned.shop.items), tied, already, tuple(unknown))


def _forget_who_hid(user: User, group_id: int, item_id: int) -> None:
    """Note that a hidden item may have been hidden by us since the map was saved, not by the merchant."""
    listing = Listing.objects.for_user(user).in_community(group_id).get(vk_item_id=item_id)
    if listing.sent and "hidden" not in listing.merchant_fields:
        listing.sent = {**listing.sent, "hidden": None}
        listing.save(update_fields=["sent"])
