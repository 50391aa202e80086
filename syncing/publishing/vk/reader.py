"""Reads a whole VK shop: its items, albums and, where asked, categories.

Every run opens with this reading, so drift, adoption and recovery cost nothing extra.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

from connections.clients.error_catalog import VkError
from connections.clients.errors import ClientError, InvalidRequest, ItemRefused, Transient
from connections.clients.service import Service
from connections.clients.vk import calls as vk_calls
from connections.clients.vk.client import VkClient
from connections.clients.vk.limits import BATCH
from connections.clients.vk.records import Call, VkAlbum, VkCategory, VkItemPage, VkMarketItem
from evosync.common.batching import chunks

PAGE = 200
ALBUM_PAGE = 100
PAGES_AT_ONCE = 5
IDS_AT_ONCE = 100
READINGS = 3
# VK refuses an answer of more than about 5 MB with this code.
TOO_BIG = VkError.SCRIPT_FAILED
# Why a run is not complete where the shop holds items that cannot be read.
UNREADABLE = VkError.ITEM_TOO_LARGE
REMOVED = 1
# More items than these that cannot be read even alone are VK's trouble and not theirs.
MOST_UNREADABLE = 10


@dataclass(slots=True)
class ShopSnapshot:
    """A VK shop as it was read; items by id.

    `unlisted` are the expected items that neither the list nor the reading by id showed; `present` are
    those of them that VK turned out to have all the same. `unreadable` are too large to be read even alone;
    `unknown_unreadable` counts the items that the list could not show for that reason.
    """

    items: dict[int, VkMarketItem] = field(default_factory=dict)
    albums: list[VkAlbum] = field(default_factory=list)
    categories: list[VkCategory] = field(default_factory=list)
    unlisted: frozenset[int] = frozenset()
    present: frozenset[int] = frozenset()
    unreadable: frozenset[int] = frozenset()
    unknown_unreadable: int = 0


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
        if _is_whole(shop, reader):
            break
        before = shop.items.keys()
        shop = reader.read(with_categories=with_categories)
        if shop.items.keys() == before:
            # VK's count is off for good (it may count what it never lists).
            break
    else:
        if not _is_whole(shop, reader):
            raise Transient(Service.VK, VkError.UNSTEADY_LIST, "The list of goods changes while it is read.")
    reader.ask_for_missing(shop, expected)
    return shop


def find_missing(client: VkClient, group_id: int, item_ids: Iterable[int]) -> frozenset[int]:
    """Return those of these items that VK does not show by id. Raises ClientError."""
    shop = ShopSnapshot()
    _Reader(client, group_id).ask_for_missing(shop, item_ids)
    return shop.unlisted


def _is_whole(shop: ShopSnapshot, reader: "_Reader") -> bool:
    return len(shop.items) + shop.unknown_unreadable >= reader.counted


@dataclass(slots=True)
class PageSize:
    """How many items a request asks for: halved where VK finds the answer too big, grown back where it fits.

    After a growth that was too much, twice as many requests have to fit before the next one: in a shop
    whose items are all large the failures stay a few, however many pages it has.
    """

    items: int = PAGE * PAGES_AT_ONCE
    _needed: int = 1
    _fitting: int = 0
    _grew: bool = False

    def halve(self) -> None:
        """Ask for half as much from now on."""
        if self._grew:
            self._needed *= 2
        self.items = max(1, self.items // 2)
        self._fitting, self._grew = 0, False

    def fits(self) -> None:
        """Note that an answer came; ask for twice as much after enough of them."""
        self._fitting += 1
        self._grew = self.items < PAGE * PAGES_AT_ONCE and self._fitting >= self._needed
        if self._grew:
            self.items, self._fitting = min(self.items * 2, PAGE * PAGES_AT_ONCE), 0

    def passed_a_large_item(self) -> None:
        """Note that the one item that was too big lies behind: the next ones are as good as any."""
        self._needed, self._fitting = 1, 0
        self.items, self._grew = 2, False


@dataclass(slots=True)
class _Reader:
    client: VkClient
    group_id: int
    size: PageSize = field(default_factory=PageSize)
    counted: int = 0
    _given_up: int = 0
    # How many items were asked for since the last one that was not known yet.
    _idle: int = 0

    def read(self, *, with_categories: bool) -> ShopSnapshot:
        """Read all pages once, several an `execute`, with the albums in the first request."""
        shop, offset, self._idle = ShopSnapshot(), 0, 0
        extras: list[Call[object]] = [cast("Call[object]", vk_calls.get_albums(self.group_id))]
        if with_categories:
            extras.append(cast("Call[object]", vk_calls.get_categories()))
        while True:
            pages, more, asked = self._read_pages(offset, extras)
            known = len(shop.items)
            for page in pages:
                self._take(shop, page)
            self._idle = 0 if len(shop.items) > known else self._idle + asked
            if extras:
                shop.albums = list(cast("Sequence[VkAlbum]", more[0]))
                if with_categories:
                    shop.categories = list(cast("Sequence[VkCategory]", more[1]))
                extras = []
            offset += asked
            shop.unknown_unreadable += not pages
            if self._is_read(shop, pages, offset, asked):
                break
        self._read_more_albums(shop)
        self._ask_for_albums(shop)
        return shop

    def _is_read(self, shop: ShopSnapshot, pages: Sequence[VkItemPage], offset: int, asked: int) -> bool:
        """Return True if the list ends before this offset, whatever count VK gives.

        A count that is too small ends no list whose last page is full, and one that is too large goes on with
        nothing but what was read.
        """
        if not pages:
            return bool(self.counted) and offset >= self.counted
        if not pages[-1].items or self._idle >= PAGE * PAGES_AT_ONCE:
            return True
        listed = len(shop.items) + shop.unknown_unreadable
        is_full = len(pages[-1].items) == (asked - 1) % PAGE + 1
        return offset >= self.counted and not (is_full and listed > self.counted)

    def _take(self, shop: ShopSnapshot, page: VkItemPage) -> None:
        # What is listed is there: VK lists no removed items, but may call a hidden one "removed".
        self.counted = page.count
        shop.items |= {item.id: item for item in page.items}

    def _read_pages(
        self, offset: int, extras: Sequence[Call[object]]
    ) -> tuple[list[VkItemPage], list[object], int]:
        """Return pages from this offset on, the answers to `extras`, and how many items were asked for.

        Asks for less where VK finds its own answer too big. No page at all: the one item at this offset
        cannot be read. Raises ClientError.
        """
        while True:
            calls = _page_calls(self.group_id, offset, self.size.items)
            try:
                answers = _execute(self.client, [*calls, *extras])
            except ClientError as error:
                if error.code != TOO_BIG:
                    raise
                if extras and self.size.items <= PAGE:
                    # It may be these that are too big. A call of its own has no script's limit.
                    more = [self.client.run(call) for call in extras]
                    pages, _, asked = self._read_pages(offset, ())
                    return pages, more, asked
                if self.size.items == 1:
                    pages = self._read_alone(offset)
                    self.size.passed_a_large_item()
                    return pages, [], 1
                self.size.halve()
                continue
            asked = self.size.items
            self.size.fits()
            return [cast(VkItemPage, page) for page in answers[: len(calls)]], answers[len(calls) :], asked

    def _read_alone(self, offset: int) -> list[VkItemPage]:
        """Read one item without `execute`, whose answers are limited; return nothing if it is too big."""
        try:
            return [self.client.run(vk_calls.get_items(self.group_id, offset, 1))]
        except ClientError as error:
            if error.code != TOO_BIG:
                raise
            self._give_up(error)
            return []

    def _give_up(self, error: ClientError) -> None:
        """Go on without an item. Raises the error where there are so many that it is not the items' fault."""
        self._given_up += 1
        if self._given_up > MOST_UNREADABLE:
            raise error

    def _read_more_albums(self, shop: ShopSnapshot) -> None:
        """VK has at most a hundred albums in a shop unless the limit was raised: then read on."""
        last = len(shop.albums)
        while last == ALBUM_PAGE:
            more = self.client.run(vk_calls.get_albums(self.group_id, len(shop.albums)))
            known = {album.id for album in shop.albums}
            new = [album for album in more if album.id not in known]
            shop.albums += new
            last = len(more) if new else 0

    def _ask_for_albums(self, shop: ShopSnapshot) -> None:
        """Ask by id for albums that items stand in and the list does not show: they would be made again.

        Where VK does not answer that, the list counts alone, and the run goes on.
        """
        stated = {album_id for item in shop.items.values() for album_id in item.album_ids or ()}
        missing = sorted(stated - {album.id for album in shop.albums})
        for ids in chunks(missing, IDS_AT_ONCE):
            with suppress(ItemRefused, InvalidRequest):
                shop.albums += self.client.run(vk_calls.get_albums_by_id(self.group_id, ids))

    def ask_for_missing(self, shop: ShopSnapshot, expected: Iterable[int]) -> None:
        """Ask by id for items that the listing did not show."""
        missing = sorted(set(expected) - shop.items.keys())
        unreadable: set[int] = set()
        for ids in chunks(missing, IDS_AT_ONCE * BATCH):
            unreadable |= self._read_by_id(shop, ids)
        shop.unreadable = frozenset(unreadable)
        shop.unlisted = frozenset(missing) - shop.items.keys() - shop.unreadable

    def _read_by_id(self, shop: ShopSnapshot, ids: Sequence[int]) -> set[int]:
        """Read items by id, fewer at once where the answer is too big; return those that cannot be read."""
        calls = [
            cast("Call[object]", vk_calls.get_items_by_id(self.group_id, some))
            for some in chunks(ids, IDS_AT_ONCE)
        ]
        try:
            pages = _execute(self.client, calls)
        except ClientError as error:
            if error.code != TOO_BIG:
                raise
            if len(ids) > 1:
                half = len(ids) // 2
                return self._read_by_id(shop, ids[:half]) | self._read_by_id(shop, ids[half:])
            try:
                pages = [self.client.run(vk_calls.get_items_by_id(self.group_id, ids))]
            except ClientError as alone:
                if alone.code != TOO_BIG:
                    raise
                self._give_up(alone)
                return set(ids)
        for page in pages:
            self._take_by_id(shop, cast(VkItemPage, page))
        return set()

    @staticmethod
    def _take_by_id(shop: ShopSnapshot, page: VkItemPage) -> None:
        shop.items |= {item.id: item for item in page.items if item.availability != REMOVED}


def _page_calls(group_id: int, offset: int, items: int) -> list[Call[object]]:
    """Return the calls that list this many items, some pages or a part of one."""
    return [
        cast("Call[object]", vk_calls.get_items(group_id, start, min(PAGE, offset + items - start)))
        for start in range(offset, offset + items, PAGE)
    ]


def _execute(client: VkClient, calls: Sequence[Call[object]]) -> list[object]:
    """Run reads; one that fails fails them all, since half a reading proves nothing."""
    answers = client.execute(calls)
    for answer in answers:
        if isinstance(answer, ClientError):
            raise answer
    return list(answers)
