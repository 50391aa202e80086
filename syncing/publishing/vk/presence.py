"""Asks VK for a yes or no about items that its readings do not show."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from connections.clients.error_catalog import VkError
from connections.clients.vk import calls
from connections.clients.vk.client import VkClient
from connections.clients.vk.records import Call
from syncing.publishing.batch_runner import Answer, BatchItem, BatchRunner, is_error


@dataclass(frozen=True, slots=True)
class PresenceCheck:
    """Says of items that no reading shows whether VK has them all the same.

    A list and a reading by id may both lag behind, and an item that only seems to be gone would be made
    twice. An edit that writes the sku that is there already changes nothing, and its answer is not a
    reading's. `beat` is called before each request and may raise; `sleep` waits seconds.
    """

    client: VkClient
    group_id: int
    beat: Callable[[], None]
    sleep: Callable[[float], None]

    def still_there(self, skus: Mapping[int, str | None]) -> frozenset[int]:
        """Return all of these items but those that VK proves to be gone. Raises ClientError."""
        gone: set[int] = set()

        def record(answers: Sequence[Answer[int]]) -> None:
            gone.update(
                answer.item.subject for answer in answers if is_error(answer.value, VkError.ITEM_NOT_FOUND)
            )

        # Many that are gone are no refusal of a kind.
        runner = BatchRunner(self.client, self.beat, self.sleep, excused=lambda answer: True)
        items = [BatchItem(item_id, self._touch(item_id, sku)) for item_id, sku in sorted(skus.items())]
        runner.run(items, record=record)
        return frozenset(skus.keys() - gone)

    def _touch(self, item_id: int, sku: str | None) -> Call[object]:
        same = {} if sku is None else {"sku": sku}
        return cast("Call[object]", calls.edit_item(self.group_id, item_id, **same))
