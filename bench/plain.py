"""A plain synchroniser to compare with: it does what a first sync does, one method a request.

It knows no batches, keeps nothing of its own and judges no goods: it reads the till, reads the shop, uploads
a picture, makes an item and puts it into its album, product by product. Later runs change the prices and
stocks that differ.
"""

from dataclasses import dataclass

from bench.standins import MadeShop
from connections.clients.errors import ItemRefused
from connections.clients.evotor.client import EvotorClient
from connections.clients.evotor.records import EvotorProduct
from connections.clients.vk import calls
from connections.clients.vk.client import VkClient
from connections.clients.vk.records import VkMarketItem

PAGE = 200
SHORTEST, LONGEST = 4, 100


@dataclass(slots=True)
class PlainSynchroniser:
    """Makes a VK shop equal to a till. `picture` is shown for every product."""

    evotor: EvotorClient
    vk: VkClient
    shop: MadeShop
    picture: bytes

    def run(self) -> int:
        """Carry all of it out; return how many items VK has afterwards."""
        store = self.shop.store_id
        names = {group.id: group.name for page in self.evotor.iter_groups(store) for group in page}
        products = [product for page in self.evotor.iter_products(store) for product in page]
        there = self._read_shop()
        category = self.vk.run(calls.get_categories())[0].id if len(there) < len(products) else 0
        address = self.vk.run(calls.photo_upload_server(self.shop.group_id)) if category else ""
        albums: dict[str, int] = {}
        made = len(there)
        for product in products:
            sku = product.id[-20:]
            if sku in there:
                self._update(there[sku], product)
                continue
            item_id = self._create(product, sku, category, address)
            if item_id is None:
                continue
            made += 1
            if (name := names.get(product.parent_id or "")) is not None:
                if name not in albums:
                    albums[name] = self.vk.run(calls.add_album(self.shop.group_id, name))
                self.vk.run(calls.add_to_album(self.shop.group_id, [item_id], albums[name]))
        return made

    def _read_shop(self) -> dict[str, VkMarketItem]:
        found: dict[str, VkMarketItem] = {}
        offset = 0
        while True:
            page = self.vk.run(calls.get_items(self.shop.group_id, offset, PAGE))
            found |= {item.sku: item for item in page.items}
            offset += PAGE
            if offset >= page.count:
                return found

    def _create(self, product: EvotorProduct, sku: str, category: int, address: str) -> int | None:
        photo_id = self.vk.run(calls.save_photos(self.vk.upload_photos(address, [self.picture])))[0]
        title = (product.name or "")[:LONGEST].ljust(SHORTEST, ".")
        try:
            return self.vk.run(
                calls.add_item(
                    self.shop.group_id,
                    title=title,
                    description=f"{title}. Цена и наличие из кассы.",
                    price_kopecks=_kopecks(product),
                    category_id=category,
                    stock=_stock(product),
                    sku=sku,
                    photo_id=photo_id,
                )
            )
        except ItemRefused:
            return None

    def _update(self, item: VkMarketItem, product: EvotorProduct) -> None:
        changes = {}
        if item.price_kopecks != _kopecks(product):
            changes["price_kopecks"] = _kopecks(product)
        if item.stock != _stock(product):
            changes["stock"] = _stock(product)
        if changes:
            self.vk.run(calls.edit_item(self.shop.group_id, item.id, **changes))


def _kopecks(product: EvotorProduct) -> int:
    return max(1, round(float(product.price or 0)) * 100)


def _stock(product: EvotorProduct) -> int:
    return max(0, int(product.quantity or 0))
