"""What a rehearsal has made in VK: remembered, found again by its mark, and taken away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from connections.clients.error_catalog import VkError
from connections.clients.errors import ClientError
from connections.clients.vk import calls
from connections.clients.vk.client import VkClient
from syncing.core.preflight.marks import has_mark
from syncing.publishing.vk.preflight.reading import answer_or_refusal, find_item, raw

PAGE, ALBUM_PAGE = 200, 100
REMOVED = 1


@dataclass(slots=True)
class Made:
    """What a rehearsal has made in VK and has to take away again. `saved` is told of each change.

    `is_unsure` while the answer to a create is not there: VK may have made an item that nobody names.
    """

    saved: Callable[["Made"], None] = field(default=lambda made: None, repr=False)
    item_ids: list[int] = field(default_factory=list)
    album_ids: list[int] = field(default_factory=list)
    is_unsure: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to take away."""
        return not (self.item_ids or self.album_ids or self.is_unsure)

    def expect(self, *, answer: bool) -> None:
        """Note before a create that its answer is to come, and after it that it is there."""
        self.is_unsure = answer
        self.saved(self)

    def replace(self, found: "Made") -> None:
        """Remember what was found in the community in place of what was believed to be there."""
        self.item_ids, self.album_ids, self.is_unsure = list(found.item_ids), list(found.album_ids), False
        self.saved(self)

    def forget(self, ids: list[int], number: int) -> None:
        """Note that it is gone."""
        ids.remove(number)
        self.saved(self)


def find_leftovers(client: VkClient, group_id: int, made: Made) -> Made:
    """Return the items and albums with a mark that stand in the community, and those that are remembered.

    What is remembered counts only if it still carries a mark.
    """
    found = Made(made.saved)
    offset, total = 0, 1
    while offset < total:
        page = client.run(raw("market.get", owner_id=-group_id, count=PAGE, offset=offset, with_disabled=1))
        total = int(page["count"])
        found.item_ids += [int(item["id"]) for item in page["items"] if _is_ours(item)]
        if not page["items"]:
            break
        offset += PAGE
    unseen = [number for number in made.item_ids if number not in found.item_ids]
    for number in unseen:
        answer = client.run(raw("market.getById", item_ids=f"-{group_id}_{number}", extended=1))
        item = find_item(answer, number)
        if item is not None and _is_ours(item) and item.get("availability") != REMOVED:
            found.item_ids.append(number)
    offset = 0
    while albums := client.run(calls.get_albums(group_id, offset)):
        found.album_ids += [album.id for album in albums if has_mark(album.title)]
        offset += ALBUM_PAGE
    return found


def remove_leftovers(client: VkClient, group_id: int, made: Made) -> list[str]:
    """Take away what is listed; return what could not be."""
    left = []
    for number in list(made.album_ids):
        try:
            remove_album(client, group_id, number, made)
        except ClientError as error:
            left.append(f"the album {number} ({error.code})")
    for number in list(made.item_ids):
        try:
            remove_item(client, group_id, number, made)
        except ClientError as error:
            left.append(f"the item {number} ({error.code})")
    return left


def remove_item(client: VkClient, group_id: int, item_id: int, made: Made) -> None:
    """Delete an item of ours; that it is gone already is no error."""
    answer = answer_or_refusal(client, calls.delete_item(group_id, item_id))
    if isinstance(answer, ClientError) and answer.code != VkError.ITEM_NOT_FOUND:
        raise answer
    made.forget(made.item_ids, item_id)


def remove_album(client: VkClient, group_id: int, album_id: int, made: Made) -> None:
    """Delete an album of ours; that it is gone already is no error."""
    answer = answer_or_refusal(client, calls.delete_album(group_id, album_id))
    if isinstance(answer, ClientError) and answer.code != VkError.ALBUM_NOT_FOUND:
        raise answer
    made.forget(made.album_ids, album_id)


def _is_ours(item: Mapping[str, Any]) -> bool:
    return has_mark(*(str(item.get(name) or "") for name in ("sku", "description")))
