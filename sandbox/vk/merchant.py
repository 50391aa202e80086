"""What the merchant does in VK by hand, without EvoSync."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sandbox.vk.records import Album, Community, Item, Order, OrderLine, Photo, Token

if TYPE_CHECKING:
    from sandbox.vk.records import Limits

HAND_PHOTO = 800


class MerchantActions:
    """Actions of VK's own pages on the first community, or on the one an item is in."""

    lock: threading.RLock
    clock: Callable[[], float]
    limits: "Limits"
    communities: dict[int, Community]
    tokens: dict[str, Token]
    group_id: int
    user_id: int
    token: str
    next_item_id: Callable[[], int]
    next_number: Callable[[], int]
    add_photo: Callable[..., Photo]
    add_item: Callable[[Community, Item], None]

    def create_item(
        self,
        title: str,
        *,
        price_kopecks: int = 10_000,
        description: str = "Сделано руками в самом VK",
        sku: str = "",
        stock: int = -1,
        category_id: int = 40105,
        group_id: int | None = None,
    ) -> Item:
        """Make an item by hand, with a photo of its own."""
        with self.lock:
            community = self.communities[group_id or self.group_id]
            photo = self.add_photo(community, self.user_id, HAND_PHOTO, HAND_PHOTO, sha=f"hand-{title}")
            now = int(self.clock())
            item = Item(
                self.next_item_id(),
                -community.id,
                title,
                description,
                category_id,
                price_kopecks,
                photo.id,
                sku=sku,
                stock=stock,
                date=now,
                updated=now,
                hand_made=True,
            )
            self.add_item(community, item)
            return item

    def rename_item(self, item_id: int, title: str) -> None:
        """Give an item another name."""
        with self._changed(item_id) as item:
            item.title = title

    def describe_item(self, item_id: int, description: str) -> None:
        """Give an item another description."""
        with self._changed(item_id) as item:
            item.description = description

    def change_price(self, item_id: int, price_kopecks: int) -> None:
        """Give an item another price, in kopecks."""
        with self._changed(item_id) as item:
            item.price_kopecks = price_kopecks

    def change_stock(self, item_id: int, stock: int) -> None:
        """Give an item another stock; -1 is unlimited."""
        with self._changed(item_id) as item:
            item.stock = stock

    def hide_item(self, item_id: int) -> None:
        """Take an item off sale."""
        with self._changed(item_id) as item:
            item.hidden = True

    def show_item(self, item_id: int) -> None:
        """Put a hidden item on sale again."""
        with self._changed(item_id) as item:
            item.hidden = False

    def change_photo(self, item_id: int) -> Photo:
        """Give an item another picture and return it."""
        with self._changed(item_id) as item:
            community = self.communities[-item.owner_id]
            photo = self.add_photo(community, self.user_id, HAND_PHOTO, HAND_PHOTO, sha=f"hand-{item_id}")
            photo.item_id = item_id
            item.main_photo_id = photo.id
            return photo

    def add_more_photos(self, item_id: int, count: int = 1) -> list[Photo]:
        """Put further pictures behind an item's own and return them."""
        with self._changed(item_id) as item:
            community = self.communities[-item.owner_id]
            made = [
                self.add_photo(
                    community, self.user_id, HAND_PHOTO, HAND_PHOTO, sha=f"more-{item_id}-{number}"
                )
                for number in range(count)
            ]
            for photo in made:
                photo.item_id = item_id
            item.photo_ids = [*item.photo_ids, *(photo.id for photo in made)]
            return made

    def delete_item(self, item_id: int) -> None:
        """Delete an item; it can be restored for a while."""
        with self._changed(item_id) as item:
            item.deleted_at = self.clock()
            self.communities[-item.owner_id].order.remove(item_id)

    def create_album(self, title: str, *, group_id: int | None = None) -> Album:
        """Make a collection."""
        with self.lock:
            community = self.communities[group_id or self.group_id]
            community.album_count += 1
            album = Album(community.album_count, -community.id, title, updated_time=int(self.clock()))
            community.albums[album.id] = album
            return album

    def rename_album(self, album_id: int, title: str) -> None:
        """Give a collection of the first community another name."""
        with self.lock:
            self.communities[self.group_id].albums[album_id].title = title

    def delete_album(self, album_id: int, *, group_id: int | None = None) -> None:
        """Delete a collection; its items stay."""
        with self.lock:
            community = self.communities[group_id or self.group_id]
            album = community.albums.pop(album_id)
            for item_id in album.item_ids:
                community.items[item_id].album_ids.remove(album_id)

    def place_order(
        self,
        quantities: Mapping[int, int],
        *,
        user_id: int | None = None,
        group_id: int | None = None,
        comment: str = "",
        by_vk_pay: bool = False,
    ) -> Order:
        """Order items as a buyer does: `quantities` maps an item to its pieces."""
        with self.lock:
            community = self.communities[group_id or self.group_id]
            lines = [
                OrderLine(int(item_id), quantity, community.items[int(item_id)].price_kopecks)
                for item_id, quantity in quantities.items()
            ]
            order = Order(
                self.next_number(),
                community.id,
                user_id or self.user_id,
                int(self.clock()),
                lines,
                comment=comment,
                by_vk_pay=by_vk_pay,
            )
            community.orders[order.id] = order
            return order

    def set_market_type(self, kind: str, *, group_id: int | None = None) -> None:
        """Choose the "basic" or the "advanced" shop in the community's settings."""
        with self.lock:
            self.communities[group_id or self.group_id].market_type = kind

    def switch_market(self, *, on: bool, group_id: int | None = None) -> None:
        """Turn the community's Products section on or off."""
        with self.lock:
            self.communities[group_id or self.group_id].market_enabled = on

    def set_role(self, level: int, *, user_id: int | None = None, group_id: int | None = None) -> None:
        """Set a user's admin level in a community; 0 takes the role away."""
        with self.lock:
            roles = self.communities[group_id or self.group_id].roles
            if level:
                roles[user_id or self.user_id] = level
            else:
                roles.pop(user_id or self.user_id, None)

    def revoke_token(self, value: str | None = None) -> None:
        """Take the access back in VK's settings; calls answer 5."""
        with self.lock:
            self.tokens[value or self.token].revoked = True

    def expire_token(self, value: str | None = None) -> None:
        """End a token's life now; calls answer 5 "access_token has expired"."""
        with self.lock:
            self.tokens[value or self.token].expires_at = self.clock()

    @contextmanager
    def _changed(self, item_id: int) -> Iterator[Item]:
        with self.lock:
            shops = [one for one in self.communities.values() if item_id in one.items]
            if not shops:
                raise KeyError(item_id)
            item = shops[0].items[item_id]
            item.updated = int(self.clock())
            yield item
