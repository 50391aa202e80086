"""One hidden item of a rehearsal: made, read, edited, filed into an album and deleted."""

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from connections.clients.error_catalog import VkError
from connections.clients.errors import (
    ActionRequired,
    AuthRevoked,
    ClientError,
    ItemRefused,
    OperatorActionRequired,
    Suspended,
)
from connections.clients.vk import calls
from connections.clients.vk.client import VkClient
from connections.clients.vk.records import VkCategory
from syncing.core.preflight.findings import Findings
from syncing.publishing.vk.preflight.leftovers import Made, remove_album, remove_item
from syncing.publishing.vk.preflight.reading import answer_or_refusal, find_item, raw

PAGE = 200
HIDDEN = 2
PRICE_KOPECKS, OTHER_KOPECKS = 1_234_567, 1_234_589
STOCK = 7
PATIENCE_SECONDS, POLL_SECONDS = 10.0, 0.5
LONG_TEXT = 3_000
# The weight of a quotation mark, as VK counts a title.
QUOTE_WEIGHT, TITLE_WEIGHT = 5, 100
SIGNS = 'Проверка EvoSync & "знаки"'
EMOJI = "Проверка EvoSync 🍵"
LINK = "https://example.com/shop"
TEXT = "Пробный товар EvoSync.\nОн скрыт  и удаляется сам."
# What ends the whole rehearsal of VK, not only one question.
FATAL = (AuthRevoked, OperatorActionRequired, Suspended)


class ShownToShoppersError(Exception):
    """The test item is not hidden, so it must go at once."""


class HiddenItem:
    """Makes the item and asks about it. Every question is one method; a refusal ends that question alone."""

    def __init__(
        self,
        findings: Findings,
        client: VkClient,
        group_id: int,
        *,
        mark: str,
        made: Made,
        pictures: Sequence[bytes],
        sleep: Callable[[float], None],
    ) -> None:
        self._findings, self._client, self._group_id = findings, client, group_id
        self._mark, self._made, self._pictures, self._sleep = mark, made, pictures, sleep
        self._owner = -group_id
        self._categories: list[VkCategory] = []
        self._category_id = 0
        self._photo_ids: list[int] = []
        self._item_id = 0
        # Where the list shows the item; the newest stands first, as a rule.
        self._offset = 0

    def run(self) -> None:
        """Ask everything. Raises the ClientErrors that end the whole rehearsal, and ShownToShoppersError."""
        with self._question("vk:category"):
            self._choose_category()
        with self._question("vk:bulk_upload", "vk:upload_address"):
            self._upload()
        if not (self._category_id and self._photo_ids):
            return
        with self._question("vk:hidden_at_once"):
            self._create()
        if not self._item_id:
            return
        for prefixes, ask in (
            (("vk:list_at_once", "vk:hidden_", "vk:newest"), self._ask_lists),
            (("vk:sku_", "vk:title_kept", "vk:signs", "vk:description_kept", "vk:kopecks"), self._ask_kept),
            (("vk:photo_in_use",), self._ask_photo_in_use),
            (("vk:edit_", "vk:nothing", "vk:own_photo"), self._ask_edits),
            (("vk:emoji", "vk:description_3000", "vk:title_weight", "vk:link"), self._ask_texts),
            (("vk:stock_zero", "vk:section", "vk:sku_cleared"), self._ask_values),
            (("vk:execute_writes",), self._ask_execute),
            (("vk:album",), self._ask_album),
            (("vk:deleted",), self._ask_deletion),
        ):
            with self._question(*prefixes):
                ask()

    @contextmanager
    def _question(self, *prefixes: str) -> Iterator[None]:
        try:
            yield
        except FATAL:
            raise
        except (ClientError, KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            said = f"{error.code} {error.text}" if isinstance(error, ClientError) else type(error).__name__
            for prefix in prefixes:
                self._findings.skip(prefix, f"VK answered {said.strip()}")

    # -- making it -------------------------------------------------------------------------------

    def _choose_category(self) -> None:
        self._categories = self._client.run(calls.get_categories())
        node = self._categories[0]
        while node.children:
            node = node.children[0]
        self._category_id = node.id

    def _upload(self) -> None:
        address = self._client.run(calls.photo_upload_server(self._group_id))
        receipt = self._client.upload_photos(address, self._pictures)
        self._photo_ids = self._client.run(calls.save_photos(receipt))
        number = len(self._photo_ids)
        self._findings.note("vk:bulk_upload", number == len(self._pictures), f"{number} photos")
        try:
            # The second receipt is never saved, so no picture stays.
            self._client.upload_photos(address, self._pictures[:1])
        except ClientError as error:
            self._findings.note("vk:upload_address_lasts", False, error.text)
        else:
            self._findings.note("vk:upload_address_lasts", True)

    def _add(self, photo_id: int) -> Any:
        call = calls.add_item(
            self._group_id,
            title=SIGNS,
            description=f"{TEXT}\n{self._mark}",
            price_kopecks=PRICE_KOPECKS,
            category_id=self._category_id,
            stock=STOCK,
            sku=self._mark,
            photo_id=photo_id,
            hidden=True,
        )
        self._made.expect(answer=True)
        answer = answer_or_refusal(self._client, call)
        if not isinstance(answer, ClientError):
            self._made.item_ids.append(answer)
        self._made.expect(answer=False)
        return answer

    def _create(self) -> None:
        answer = self._add(self._photo_ids[0])
        if isinstance(answer, ClientError):
            self._findings.note("vk:hidden_at_once", None, f"{answer.code} {answer.text}")
            return
        self._item_id = answer
        found, seconds = self._wait_for(self._by_id)
        at_once = found is not None and seconds < POLL_SECONDS
        self._findings.note("vk:by_id_at_once", at_once, _lag(found, seconds))
        if found is None:
            self._findings.note("vk:hidden_at_once", None, "market.getById does not show the item")
            return
        availability = int(found.get("availability") or 0)
        if not self._findings.note("vk:hidden_at_once", availability != 0, f"availability {availability}"):
            raise ShownToShoppersError
        self._findings.note("vk:hidden_is_2", availability == HIDDEN, f"availability {availability}")

    # -- reading it ------------------------------------------------------------------------------

    def _by_id(self) -> Mapping[str, Any] | None:
        answer = self._client.run(
            raw("market.getById", item_ids=f"{self._owner}_{self._item_id}", extended=1)
        )
        return find_item(answer, self._item_id)

    def _listed(self, **params: Any) -> Mapping[str, Any] | None:
        params |= {"owner_id": self._owner, "count": PAGE, "offset": self._offset}
        answer = self._client.run(raw("market.get", **params))
        return find_item(answer, self._item_id)

    def _wait_for(
        self, look: Callable[[], Mapping[str, Any] | None]
    ) -> tuple[Mapping[str, Any] | None, float]:
        """Return what `look` finds within some seconds, and how long that took."""
        waited = 0.0
        while True:
            found = look()
            if found is not None or waited >= PATIENCE_SECONDS:
                return found, waited
            self._sleep(POLL_SECONDS)
            waited += POLL_SECONDS

    def _item(self) -> Mapping[str, Any]:
        """Return the item as a reading by id shows it. Raises KeyError where it does not."""
        found, _seconds = self._wait_for(self._by_id)
        if found is None:
            raise KeyError(self._item_id)
        return found

    def _read_until(self, is_so: Callable[[Mapping[str, Any]], bool]) -> Mapping[str, Any]:
        """Return the item as soon as it is so, for readings may lag; else as it is in the end."""
        found, _seconds = self._wait_for(lambda: item if is_so(item := self._item()) else None)
        return self._item() if found is None else found

    def _find_page(self) -> Mapping[str, Any] | None:
        """Look through the whole list once, and remember the page that shows the item."""
        offset, total = 0, 1
        while offset < total:
            params: dict[str, Any] = {"owner_id": self._owner, "extended": 1, "with_disabled": 1}
            answer = self._client.run(raw("market.get", offset=offset, count=PAGE, **params))
            if (found := find_item(answer, self._item_id)) is not None:
                self._offset = offset
                return found
            total = int(answer["count"])
            offset += PAGE
        return None

    def _ask_lists(self) -> None:
        note = self._findings.note
        found, seconds = self._wait_for(lambda: self._listed(extended=1, with_disabled=1))
        if found is None:
            found = self._find_page()
        note("vk:hidden_listed", found is not None, _lag(found, seconds))
        if found is None:
            return
        note("vk:list_at_once", seconds < POLL_SECONDS, _lag(found, seconds))
        with_variants = self._listed(extended=1, with_disabled=1, need_variants=1)
        note("vk:hidden_listed_with_variants", with_variants is not None)
        note("vk:hidden_left_out", self._listed(extended=1) is None)
        plain = self._listed(with_disabled=1) or {}
        note("vk:sku_without_extended", bool(plain.get("sku")))
        page = self._client.run(raw("market.get", owner_id=self._owner, count=1, with_disabled=1))
        first = page["items"][0]["id"] if page["items"] else None
        note("vk:newest_first", first == self._item_id)

    def _ask_kept(self) -> None:
        note, item = self._findings.note, self._item()
        sku, title, text = (str(item.get(name) or "") for name in ("sku", "title", "description"))
        note("vk:sku_kept", sku == self._mark, f"“{sku}”")
        escaped = any(sign in title for sign in ("&amp;", "&quot;", "&#"))
        note("vk:signs_come_plain", not escaped, f"“{title}”")
        note("vk:title_kept", _plain(title) == SIGNS, f"“{title}”")
        note("vk:description_kept", _plain(text) == f"{TEXT}\n{self._mark}", repr(text[:80]))
        note("vk:kopecks_kept", _amount(item) == PRICE_KOPECKS, f"{_amount(item)} hundredths")
        note("vk:stock_kept", item.get("stock_amount") == STOCK, f"{item.get('stock_amount')} of {STOCK}")
        category = (item.get("category") or {}).get("id")
        note("vk:category_kept", category == self._category_id, f"{category}")

    def _ask_photo_in_use(self) -> None:
        """Try to make a second item with the first one's photo; if VK makes it, it goes at once."""
        answer = self._add(self._photo_ids[0])
        refused = isinstance(answer, ItemRefused)
        seen = str(answer.text) if isinstance(answer, ItemRefused) else "it was taken"
        if not refused:
            remove_item(self._client, self._group_id, answer, self._made)
        self._findings.note("vk:photo_in_use_refused", refused, seen)

    # -- changing it -----------------------------------------------------------------------------

    def _edit(self, **params: Any) -> Any:
        """Return VK's own answer to an edit, or its refusal."""
        call = raw("market.edit", is_read=False, owner_id=self._owner, item_id=self._item_id, **params)
        return answer_or_refusal(self._client, call)

    def _ask_edits(self) -> None:
        note, before = self._findings.note, self._item()
        answer = self._edit(price=f"{OTHER_KOPECKS / 100:.2f}")
        note("vk:edit_answers_1", answer == 1, f"{answer!r}"[:80])

        def is_seen(item: Mapping[str, Any]) -> bool:
            return _amount(item) == OTHER_KOPECKS

        def look() -> Mapping[str, Any] | None:
            item = self._listed(extended=1, with_disabled=1)
            return item if item is not None and is_seen(item) else None

        found, seconds = self._wait_for(look)
        note("vk:edit_seen_at_once", found is not None and seconds < POLL_SECONDS, _lag(found, seconds))
        after = self._read_until(is_seen)
        names = ("title", "description", "sku", "stock_amount", "availability")
        changed = [name for name in names if before.get(name) != after.get(name)]
        if _photos(before) != _photos(after):
            changed.append("photos")
        note("vk:edit_keeps_the_rest", not changed, f"changed: {', '.join(changed)}" if changed else "")
        if int(after.get("availability") or 0) == 0:
            raise ShownToShoppersError
        again = self._edit(price=f"{OTHER_KOPECKS / 100:.2f}")
        note("vk:nothing_to_change", isinstance(again, ItemRefused), _said(again))
        photo = self._edit(main_photo_id=self._photo_ids[0], price=f"{PRICE_KOPECKS / 100:.2f}")
        note("vk:own_photo_taken", not isinstance(photo, ClientError), _said(photo))

    def _takes(self, fact: str, /, *, refused: bool = False, **params: Any) -> bool:
        """Note whether VK takes an edit, or refuses it; return True if it takes it."""
        answer = self._edit(**params)
        is_refused = isinstance(answer, ClientError)
        self._findings.note(fact, is_refused is refused, _said(answer))
        return not is_refused

    def _ask_texts(self) -> None:
        if self._takes("vk:emoji_kept", name=EMOJI):
            shown = self._read_until(lambda item: _plain(str(item.get("title"))) == EMOJI)
            title = str(shown.get("title") or "")
            self._findings.note("vk:emoji_kept", _plain(title) == EMOJI, f"“{title}”")
        filling = "Длинное описание для проверки. " * (LONG_TEXT // 30)
        self._takes("vk:description_3000", description=f"{self._mark}\n{filling}"[:LONG_TEXT])
        quotes = '""'
        letters = TITLE_WEIGHT - len(quotes) * QUOTE_WEIGHT
        self._takes("vk:title_weight_100", name=quotes + "я" * letters)
        self._takes("vk:title_weight_101_refused", refused=True, name=quotes + "я" * (letters + 1))
        self._takes("vk:link_in_title_taken", name="Проверка example.com")
        self._takes("vk:link_in_description_refused", refused=True, description=f"{self._mark}\n{LINK}")
        self._edit(name=SIGNS, description=f"{TEXT}\n{self._mark}")

    def _ask_values(self) -> None:
        note = self._findings.note
        self._edit(stock_amount=0)
        item = self._read_until(lambda item: item.get("stock_amount") == 0)
        note("vk:stock_zero_kept", item.get("stock_amount") == 0, f"{item.get('stock_amount')}")
        branch = next((node for node in self._categories if node.children), None)
        if branch is not None:
            self._takes("vk:section_taken", category_id=branch.id)
        if self._takes("vk:sku_cleared", sku=""):
            sku = str(self._read_until(lambda item: not item.get("sku")).get("sku") or "")
            note("vk:sku_cleared", not sku, f"“{sku}”")
            self._edit(sku=self._mark)

    def _ask_execute(self) -> None:
        call = calls.edit_item(self._group_id, self._item_id, price_kopecks=OTHER_KOPECKS + 1)
        answer = self._client.execute([call])[0]
        item = self._read_until(lambda item: _amount(item) == OTHER_KOPECKS + 1)
        wrote = not isinstance(answer, ClientError) and _amount(item) == OTHER_KOPECKS + 1
        self._findings.note("vk:execute_writes", wrote, _said(answer) or f"{_amount(item)} hundredths")

    # -- its album and its end -------------------------------------------------------------------

    def _ask_album(self) -> None:
        note = self._findings.note
        self._made.expect(answer=True)
        try:
            made = self._client.run(
                raw("market.addAlbum", is_read=False, owner_id=self._owner, title=self._mark, is_hidden=1)
            )
        except (ActionRequired, ItemRefused) as error:
            self._made.expect(answer=False)
            note("vk:album_made", False, _said(error))
            return
        album_id = int(made["market_album_id"])
        self._made.album_ids.append(album_id)
        self._made.expect(answer=False)
        note("vk:album_made", True)
        params = {"owner_id": self._owner, "item_ids": self._item_id, "album_ids": album_id}
        filed = answer_or_refusal(self._client, raw("market.addToAlbum", is_read=False, **params))
        if not note("vk:album_takes_item_ids", not isinstance(filed, ClientError), _said(filed)):
            return
        told, _seconds = self._wait_for(
            lambda: item if album_id in ((item := self._item()).get("albums_ids") or ()) else None
        )
        note("vk:album_told_by_item", told is not None)
        again = answer_or_refusal(self._client, raw("market.addToAlbum", is_read=False, **params))
        twice = isinstance(again, ItemRefused) and again.code == VkError.ITEM_ALREADY_IN_ALBUM
        note("vk:album_twice_is_1404", twice, _said(again))
        remove_album(self._client, self._group_id, album_id, self._made)
        stays, _seconds = self._wait_for(self._by_id)
        note("vk:album_goes_items_stay", stays is not None)

    def _ask_deletion(self) -> None:
        note = self._findings.note
        self._client.run(calls.delete_item(self._group_id, self._item_id))
        listed, _seconds = self._wait_for(
            lambda: {} if self._listed(extended=1, with_disabled=1) is None else None
        )
        note("vk:deleted_unlisted", listed is not None)
        gone, _seconds = self._wait_for(lambda: {} if self._by_id() is None else None)
        found = None if gone is not None else self._by_id()
        seen = "left out" if found is None else f"availability {found.get('availability')}"
        note("vk:deleted_not_by_id", found is None, seen)
        again = self._edit(stock_amount=1)
        unknown = isinstance(again, ItemRefused) and again.code == VkError.ITEM_NOT_FOUND
        note("vk:deleted_edit_is_1403", unknown, _said(again))
        self._made.forget(self._made.item_ids, self._item_id)


def _amount(item: Mapping[str, Any]) -> int | None:
    amount = (item.get("price") or {}).get("amount")
    return None if amount is None else int(amount)


def _photos(item: Mapping[str, Any]) -> list[int]:
    return [int(photo["id"]) for photo in item.get("photos") or ()]


def _plain(text: str) -> str:
    return html.unescape(text)


def _lag(found: object, seconds: float) -> str:
    return f"after {seconds:.1f} s" if found is not None else f"not within {PATIENCE_SECONDS:.0f} s"


def _said(answer: object) -> str:
    return f"{answer.code} {answer.text}".strip() if isinstance(answer, ClientError) else ""
