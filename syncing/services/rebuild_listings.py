"""Rebuilds the map from products to VK items when our own copy of it is lost."""

from dataclasses import dataclass, replace

from django.db import transaction

from accounts.models import User
from catalog.models import Product
from connections.client_factory import vk_client
from connections.clients.vk.records import VkMarketItem
from evosync.common import clock
from syncing.core.item_builder import visible_article
from syncing.core.records import ChannelItem, ProductKey
from syncing.core.sku_stamp import find_stamp, stamp, typed_stamps
from syncing.models import Listing
from syncing.services.accounts import vk_connection
from syncing.services.planning import Planned, make_plan
from syncing.shop_mappers import desired_to_json, item_record


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
    planned = make_plan(user, client=vk_client(connection), group_id=group_id, now=clock.now())
    items = planned.shop.items.values()
    rebuild = _Rebuild(user, group_id, planned)
    with transaction.atomic():
        # Of several items with one stamp the oldest comes last and stays on the map.
        for item in sorted(items, key=lambda item: (item.date, item.id), reverse=True):
            rebuild.tie(item)
    return Rebuilt(len(items), rebuild.tied, rebuild.already, rebuild.unknown())


class _Rebuild:
    """The map of one community while it is made again."""

    def __init__(self, user: User, group_id: int, planned: Planned) -> None:
        self.user, self.group_id, self.desired = user, group_id, planned.plan.desired
        rows = Product.objects.for_user(user).select_related("store")
        self.products = {
            stamp(ProductKey(row.store.evotor_id, row.evotor_id)): row for row in rows.iterator(2000)
        }
        self.typed = typed_stamps(visible_article(product) for product in planned.context.products)
        found = Listing.objects.for_user(user).in_community(group_id)
        # An item that has followed its goods bears their old stamp until the next edit.
        stamps = dict(found.values_list("vk_item_id", "stamp"))
        self.known = stamps.keys()
        # A product whose item VK has keeps it: a second one is hidden by runs, and is not to be shown again.
        self.taken = {mark for item_id, mark in stamps.items() if item_id in planned.shop.items}
        self.tied = self.already = 0
        # Items with a stamp that none of the merchant's products has.
        self.strange: dict[str, list[int]] = {}

    def tie(self, item: VkMarketItem) -> None:
        """Put an item on the map, if it carries a stamp of ours."""
        mark = find_stamp(item.sku, typed=self.typed)
        if mark is None:
            return
        if (row := self.products.get(mark)) is None:
            self.strange.setdefault(mark, []).append(item.id)
            return
        seen = item_record(item)
        if item.id not in self.known and mark in self.taken:
            return
        self.tied += 1
        if item.id not in self.known:
            self._add(row, mark, seen)
            return
        self.already += 1
        if seen.hidden:
            _forget_who_hid(self.user, self.group_id, item.id)

    def _add(self, row: Product, mark: str, seen: ChannelItem) -> None:
        key = ProductKey(row.store.evotor_id, row.evotor_id)
        desired = self.desired.get(key)
        if desired is not None and seen.hidden:
            desired = replace(desired, hidden=None)
        Listing.objects.update_or_create(
            user=self.user,
            vk_group_id=self.group_id,
            store_evotor_id=key.store_id,
            product_evotor_id=key.product_id,
            defaults={
                "product": row,
                "stamp": mark,
                "vk_item_id": seen.item_id,
                "state": Listing.State.HIDDEN if seen.hidden else Listing.State.LIVE,
                "hidden_since": clock.now() if seen.hidden and desired is None else None,
                "sent": desired_to_json(desired) if desired else {},
                "photo_id": seen.photo_ids[0] if seen.photo_ids else None,
            },
        )

    def unknown(self) -> tuple[str, ...]:
        """Return the addresses of items whose stamp nobody here knows."""
        # Another merchant may share the community; their items are on the map too.
        others = Listing.objects.in_community(self.group_id).filter(stamp__in=list(self.strange))
        theirs = set(others.values_list("stamp", flat=True))
        ids = (pk for mark, pks in self.strange.items() if mark not in theirs for pk in pks)
        return tuple(Listing(vk_group_id=self.group_id, vk_item_id=pk).vk_url for pk in ids)


def _forget_who_hid(user: User, group_id: int, item_id: int) -> None:
    """Note that a hidden item may have been hidden by us since the map was saved, not by the merchant."""
    listing = Listing.objects.for_user(user).in_community(group_id).get(vk_item_id=item_id)
    if listing.sent and "hidden" not in listing.merchant_fields:
        listing.sent = {**listing.sent, "hidden": None}
        listing.save(update_fields=["sent"])
