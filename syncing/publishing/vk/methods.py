"""How a step of a plan becomes a call of VK's API, and what VK's refusals of it mean."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from connections.clients.error_catalog import VkError
from connections.clients.errors import ClientError, ItemRefused, Transient
from connections.clients.service import Service
from connections.clients.vk import calls
from connections.clients.vk.client import VkClient
from connections.clients.vk.records import Call
from syncing.core.records import Action, DesiredItem, ProductKey
from syncing.publishing.batch_runner import is_error
from syncing.publishing.vk.reader import ShopSnapshot, find_missing, read_shop

# What VK may give a limit of its own.
ADD, EDIT, DELETE, RESTORE = "market.add", "market.edit", "market.delete", "market.restore"
PHOTO_METHODS = ("market.getProductPhotoUploadServer", "market.saveProductPhotoBulk")
ALBUM_METHODS = tuple(
    f"market.{name}" for name in ("addAlbum", "editAlbum", "deleteAlbum", "addToAlbum", "removeFromAlbum")
)
# Why a method is suspended where the row that said so is gone.
SUSPENSION_CODE = VkError.DAILY_LIMIT_REACHED
EDITED = (
    *("title", "description", "price_kopecks", "old_price_kopecks"),
    *("stock", "sku", "category_id", "hidden"),
)
# VK names this parameter where it has lost a picture, or given it to another item.
PHOTO_PARAMETER = "photo"


class Picture(NamedTuple):
    """One picture of a product's item: the main one, or one behind it."""

    key: ProductKey
    photo_key: str
    is_main: bool = True


@dataclass(frozen=True, slots=True)
class VkChannel:
    """The VK community that a plan is carried out in.

    `picture` returns one picture's JPEG bytes. `sleep` waits seconds; after `settle_seconds` VK's lists
    usually show what was written.
    """

    client: VkClient
    group_id: int
    picture: Callable[[Picture], bytes]
    sleep: Callable[[float], None]
    settle_seconds: float

    def read(self) -> ShopSnapshot:
        """Return the shop as VK lists it now. Raises ClientError."""
        return read_shop(self.client, self.group_id, expected=(), with_categories=False)

    def find_missing(self, item_ids: Sequence[int]) -> frozenset[int]:
        """Return those of these items that VK does not show by id. Raises ClientError."""
        return find_missing(self.client, self.group_id, item_ids)

    def add(self, desired: DesiredItem, *, photo_id: int, more_photo_ids: Sequence[int]) -> Call[object]:
        """Return the call that makes an item."""
        return calls.add_item(
            self.group_id,
            title=desired.title,
            description=desired.description,
            price_kopecks=desired.price_kopecks,
            category_id=desired.category_id,
            stock=desired.stock,
            sku=desired.sku,
            photo_id=photo_id,
            more_photo_ids=more_photo_ids,
            hidden=bool(desired.hidden),
            old_price_kopecks=desired.old_price_kopecks,
        )

    def edit(self, action: Action, *, photo_id: int | None, more_photo_ids: Sequence[int]) -> Call[object]:
        """Return the call that writes an action's changes; the ids are used where the pictures change."""
        changes: dict[str, Any] = {name: new for name, (_, new) in action.changes.items() if name in EDITED}
        if "photo_key" in action.changes:
            changes["photo_id"] = photo_id
        if "more_photos" in action.changes:
            changes["more_photo_ids"] = more_photo_ids
        return calls.edit_item(self.group_id, _item_id(action), **changes)

    def hide(self, action: Action) -> Call[object]:
        """Return the call that hides an action's item."""
        return calls.edit_item(self.group_id, _item_id(action), hidden=True)

    def delete(self, action: Action) -> Call[object]:
        """Return the call that removes an action's item."""
        return calls.delete_item(self.group_id, _item_id(action))

    def restore(self, item_id: int) -> Call[object]:
        """Return the call that brings a removed item back."""
        return calls.restore_item(self.group_id, item_id)

    def unconfirmed_item(self, method: str = ADD) -> ClientError:
        """Return the error of an item of which VK says both: that it is there, and that it is not."""
        return Transient(Service.VK, VkError.UNSTEADY_LIST, method=method)

    def add_album(self, title: str) -> Call[object]:
        """Return the call that makes an album."""
        return calls.add_album(self.group_id, title)

    def rename_album(self, album_id: int, title: str) -> Call[object]:
        """Return the call that gives an album another title."""
        return calls.edit_album(self.group_id, album_id, title)

    def delete_album(self, album_id: int) -> Call[object]:
        """Return the call that removes an album, whose items stay."""
        return calls.delete_album(self.group_id, album_id)

    def add_to_album(self, item_ids: Sequence[int], album_id: int) -> Call[object]:
        """Return the call that puts items into an album."""
        return calls.add_to_album(self.group_id, list(item_ids), album_id)

    def remove_from_album(self, item_id: int, album_id: int) -> Call[object]:
        """Return the call that takes an item out of an album."""
        return calls.remove_from_album(self.group_id, item_id, album_id)


def is_item_gone(value: object) -> bool:
    """Return True if VK refuses a call because it no longer has the item."""
    return is_error(value, VkError.ITEM_NOT_FOUND)


def is_gone_for_good(value: object) -> bool:
    """Return True if VK no longer brings a removed item back: it is too late, or VK does not know it."""
    return is_item_gone(value) or is_error(value, VkError.ITEM_NOT_RESTORABLE) or value is False


def is_album_gone(value: object) -> bool:
    """Return True if VK refuses a call because it no longer has the album."""
    return is_error(value, VkError.ALBUM_NOT_FOUND)


def is_album_full(value: object) -> bool:
    """Return True if VK refuses a call because the album holds as many items as it can."""
    return is_error(value, VkError.TOO_MANY_ITEMS_IN_ALBUM)


def is_photo_lost(value: object) -> bool:
    """Return True if VK refuses an item because of its picture."""
    return isinstance(value, ItemRefused) and PHOTO_PARAMETER in value.tail


def _item_id(action: Action) -> int:
    if action.item_id is None:
        raise ValueError(f"{action.kind} without a VK item")
    return action.item_id
