"""Reads a whole VK shop: its items, albums and, where asked, categories.

Every run opens with this reading, so drift, adoption and recovery cost nothing extra.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from connections.clients.error_catalog import VkError
from connections.clients.errors import ClientError, Transient
from connections.clients.vk import calls as vk_calls
from connections.clients.vk.client import VkClient
from connections.clients.vk.records import Call, VkAlbum, VkCategory, VkItemPage, VkMarketItem

PAGE = 200
ALBUM_PAGE = 100
PAGES_AT_ONCE = 5
IDS_AT_ONCE = 100
CALLS_AT_ONCE = 25
READINGS = 3
# VK refuses an answer of more than about 5 MB with this code.
TOO_BIG = VkError.SCRIPT_FAILED
REMOVED = 1


@dataclass(slots=True)
class ShopSnapshot:
    """A VK shop as it was read; items by id."""

    items: dict[int, VkMarketItem] = field(default_factory=dict)
    albums: list[VkAlbum] = field(default_factory=list)
    categories: list[VkCategory] = field(default_factory=list)


def read_shop(
    client: VkClient, group_id: int, *, expected: Iterable[int], with_categories: bool
) -> ShopSnapshot:
    """Return the whole shop.

    `expected` are item ids that must be accounted for: those that the listing does not show are
    asked for by id, because a listing that changes while it is read can miss items. For the same
    reason it is read again until two readings agree, where VK counts more items than it lists.
    Raises ClientError.
    """
    reader = _Reader(client, group_id)
    shop = reader.read(with_categories=with_categories)
    for _ in range(READINGS - 1):
        if len(shop.items) >= reader.counted:
            break
        before = shop.items.keys()
        shop = reader.read(with_categories=with_categories)
        if shop.items.keys() == before:
            # VK's count is off for good (it may count what it never lists).
            break
    else:
        if len(shop.items) < reader.counted:
            raise Transient("vk", VkError.UNSTEADY_LIST, "The list of goods changes while it is read.")
    reader.ask_for_missing(shop, expected)
    return shop


@dataclass(slots=True)
class _Reader:
    client: VkClient
    group_id: int
    pages: int = PAGES_AT_ONCE
    counted: int = 0

    def read(self, *, with_categories: bool) -> ShopSnapshot:
        """Read all pages once, several an `execute`, with the albums in the first request."""
        shop, offset = ShopSnapshot(), 0
        extras: list[Call[object]] = [cast("Call[object]", vk_calls.get_albums(self.group_id))]
        if with_categories:
            extras.append(cast("Call[object]", vk_calls.get_categories()))
        while True:
            answers, read = self._read_pages(offset, extras)
            for page in answers[:read]:
                self._take(shop, cast(VkItemPage, page))
            if extras:
                shop.albums = list(cast("Sequence[VkAlbum]", answers[read]))
                if with_categories:
                    shop.categories = list(cast("Sequence[VkCategory]", answers[read + 1]))
                extras = []
            offset += PAGE * read
            if offset >= self.counted or not cast(VkItemPage, answers[read - 1]).items:
                break
        self._read_more_albums(shop)
        return shop

    def _take(self, shop: ShopSnapshot, page: VkItemPage) -> None:
        # What is listed is there: VK lists no removed items, but may call a hidden one "removed".
        self.counted = page.count
        shop.items |= {item.id: item for item in page.items}

    def _read_pages(self, offset: int, extras: Sequence[Call[object]]) -> tuple[list[object], int]:
        """Return the answers, and how many of them are pages; halves the number when VK finds it too big."""
        while True:
            calls = [
                cast("Call[object]", vk_calls.get_items(self.group_id, offset + PAGE * number))
                for number in range(self.pages)
            ]
            try:
                return _execute(self.client, [*calls, *extras]), self.pages
            except ClientError as error:
                if error.code != TOO_BIG or self.pages == 1:
                    raise
                self.pages //= 2

    def _read_more_albums(self, shop: ShopSnapshot) -> None:
        """VK has at most a hundred albums in a shop unless the limit was raised: then read on."""
        last = len(shop.albums)
        while last == ALBUM_PAGE:
            more = self.client.run(vk_calls.get_albums(self.group_id, len(shop.albums)))
            shop.albums += more
            last = len(more)

    def ask_for_missing(self, shop: ShopSnapshot, expected: Iterable[int]) -> None:
        """Ask by id for items that the listing did not show; what VK does not know is gone."""
        missing = sorted(set(expected) - shop.items.keys())
        calls = [
            cast(
                "Call[object]", vk_calls.get_items_by_id(self.group_id, missing[start : start + IDS_AT_ONCE])
            )
            for start in range(0, len(missing), IDS_AT_ONCE)
        ]
        for start in range(0, len(calls), CALLS_AT_ONCE):
            for page in _execute(self.client, calls[start : start + CALLS_AT_ONCE]):
                self._take_by_id(shop, cast(VkItemPage, page))

    @staticmethod
    def _take_by_id(shop: ShopSnapshot, page: VkItemPage) -> None:
        shop.items |= {item.id: item for item in page.items if item.availability != REMOVED}


def _execute(client: VkClient, calls: Sequence[Call[object]]) -> list[object]:
    """Run reads; one that fails fails them all, since half a reading proves nothing."""
    answers = client.execute(calls)
    for answer in answers:
        if isinstance(answer, ClientError):
            raise answer
    return list(answers)
