"""Sends calls to VK in `execute` batches, and knows what to do when an answer is lost."""

import random
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from connections.clients.error_catalog import Limit, lookup
from connections.clients.errors import (
    ActionRequired,
    AuthRevoked,
    ClientError,
    InvalidRequest,
    ItemRefused,
    RateLimited,
    Suspended,
    Transient,
)
from connections.clients.vk.client import VkClient
from connections.clients.vk.encoding import script_bytes
from connections.clients.vk.limits import BATCH, SCRIPT_BYTES
from connections.clients.vk.records import Call
from syncing.publishing.errors import PhaseRefused

K = TypeVar("K")

ATTEMPTS_PER_CALL = 3
FAILURES_IN_A_ROW = 8
POISON_IN_A_ROW = 3
# So many refusals with one code and no success are the shop's trouble, not the items'.
REFUSED_IN_A_ROW = 10


@dataclass(slots=True, eq=False)
class BatchItem(Generic[K]):
    """One call and whom it is for."""

    subject: K
    call: Call[object]
    attempts: int = 0
    # VK refused a script that held this call alone: it goes without one.
    without_script: bool = False


@dataclass(slots=True)
class Answer(Generic[K]):
    """What came of an item: VK's value or VK's refusal."""

    item: BatchItem[K]
    value: object


Look = Callable[[Sequence[BatchItem[K]]], Mapping[BatchItem[K], object]]


@dataclass(slots=True)
class BatchRunner:
    """Runs items through `execute`.

    The batch shrinks by half when VK objects and grows back. `beat` is called before each request
    and may raise to end the run. `sleep` waits seconds; `settle_seconds` pass before looking
    whether a call with a lost answer took effect.
    """

    client: VkClient
    beat: Callable[[], None]
    sleep: Callable[[float], None]
    settle_seconds: float = 2.0
    size: int = BATCH
    # Says of a refusal that it tells nothing of how the others will fare.
    excused: Callable[[Answer[Any]], bool] = lambda answer: False
    _failures: int = field(default=0, init=False)
    _poison: int = field(default=0, init=False)

    def run(
        self,
        items: Iterable[BatchItem[K]],
        *,
        record: Callable[[Sequence[Answer[K]]], None],
        look: Look[K] | None = None,
    ) -> None:
        """Carry out all items; `record` is told each batch's answers at once.

        Without `look`, calls must be safe to repeat. With it, a call whose answer was lost is
        looked for first: `look` returns the items that took effect, with their values.
        Raises ClientError where the whole connection is suspended, PhaseRefused where VK refuses
        every call for one reason. Steps not recorded by then were not carried out, as far as we know.
        """
        queue = deque(items)
        refused: list[ClientError] = []
        while queue:
            batch = self._take(queue)
            self.beat()
            try:
                values = self._send(batch)
            except ClientError as error:
                queue.extendleft(reversed(self._after_failure(batch, error, record, look)))
                continue
            self._poison = 0
            # Calls that came too fast are not given up one by one.
            too_fast = any(isinstance(value, RateLimited) for value in values)
            self._failures = self._failures + 1 if too_fast else 0
            self.size = min(BATCH, self.size * 2)
            again = self._after_answers(batch, values, record, look, refused)
            queue.extendleft(reversed(again))

    def _take(self, queue: deque[BatchItem[K]]) -> list[BatchItem[K]]:
        """Take the next batch off the queue: as many calls, and as much text, as VK takes at once."""
        batch = [queue.popleft()]
        room = SCRIPT_BYTES - script_bytes(batch[0].call)
        while queue and len(batch) < self.size and not batch[0].without_script:
            room -= script_bytes(queue[0].call)
            if room < 0 or queue[0].without_script:
                break
            batch.append(queue.popleft())
        return batch

    def _send(self, batch: Sequence[BatchItem[K]]) -> Sequence[object]:
        first = batch[0]
        if not first.without_script and (len(batch) > 1 or script_bytes(first.call) <= SCRIPT_BYTES):
            return self.client.execute([item.call for item in batch])
        try:
            return [self.client.run(first.call)]
        except ItemRefused as refusal:
            return [refusal]

    def _after_failure(
        self,
        batch: list[BatchItem[K]],
        error: ClientError,
        record: Callable[[Sequence[Answer[K]]], None],
        look: Look[K] | None,
    ) -> list[BatchItem[K]]:
        """Return the items to send again after a whole request failed."""
        too_large = lookup(error.code).limit is Limit.BATCH
        if not isinstance(error, Transient) and not too_large:
            raise error
        self._failures += 1
        if self._failures > FAILURES_IN_A_ROW:
            raise error
        left = self._look_for(batch, record, look) if getattr(error, "may_have_run", False) else batch
        if len(left) < len(batch):
            self._failures = 0
        # That calls come too fast says nothing of the calls.
        if not isinstance(error, RateLimited):
            self.size = max(1, self.size // 2)
            if len(batch) == 1 and left:
                left[0].without_script = too_large
                left = self._suspect(left[0], error, record)
        if left:
            self._rest()
        return left

    def _look_for(
        self,
        batch: list[BatchItem[K]],
        record: Callable[[Sequence[Answer[K]]], None],
        look: Look[K] | None,
    ) -> list[BatchItem[K]]:
        """Return those of the batch that did not take effect, after recording those that did."""
        if look is None:
            return batch
        self.sleep(self.settle_seconds)
        found = look(batch)
        if found:
            record([Answer(item, value) for item, value in found.items()])
        return [item for item in batch if item not in found]

    def _suspect(
        self, item: BatchItem[K], error: ClientError, record: Callable[[Sequence[Answer[K]]], None]
    ) -> list[BatchItem[K]]:
        """Give up a call that fails alone again and again, so that the others can go on."""
        item.attempts += 1
        if item.attempts < ATTEMPTS_PER_CALL:
            return [item]
        self._poison += 1
        self._failures = 0
        record([Answer(item, error)])
        if self._poison >= POISON_IN_A_ROW:
            raise error
        return []

    def _after_answers(
        self,
        batch: list[BatchItem[K]],
        values: Sequence[object],
        record: Callable[[Sequence[Answer[K]]], None],
        look: Look[K] | None,
        refused: list[ClientError],
    ) -> list[BatchItem[K]]:
        """Record what VK answered call by call; return the calls to send again."""
        settled: list[Answer[K]] = []
        unknown: list[BatchItem[K]] = []
        again: list[BatchItem[K]] = []
        stop: ClientError | None = None
        for item, value in zip(batch, values, strict=True):
            if isinstance(value, Suspended | AuthRevoked | ActionRequired | InvalidRequest):
                stop = value
            elif isinstance(value, RateLimited):
                again.append(item)
                stop = value if self._failures > FAILURES_IN_A_ROW else stop
            elif isinstance(value, Transient) and item.attempts < ATTEMPTS_PER_CALL:
                item.attempts += 1
                (unknown if value.may_have_run else again).append(item)
            else:
                settled.append(Answer(item, value))
        if settled:
            record(settled)
        if stop:
            raise stop
        _watch_refusals([answer for answer in settled if not self.excused(answer)], refused)
        if unknown:
            again += self._look_for(unknown, record, look)
        if again:
            self._rest()
        return again

    def _rest(self) -> None:
        """Wait before calls are sent again, longer after each failed try."""
        self.sleep(min(30.0, 0.5 * 2**self._failures) * random.uniform(0.5, 1.0))  # noqa: S311 - jitter


def is_error(value: object, code: str) -> bool:
    """Return True if a value is VK's refusal with this code."""
    return isinstance(value, ClientError) and value.code == code


def _watch_refusals(settled: Sequence[Answer[K]], refused: list[ClientError]) -> None:
    """Raise PhaseRefused once a row of refusals, all alike, shows that the others would fare the same."""
    for answer in settled:
        error = answer.value
        if not isinstance(error, ClientError):
            refused.clear()
            return
        if refused and (refused[-1].code, _tail(refused[-1])) != (error.code, _tail(error)):
            refused.clear()
        refused.append(error)
    if len(refused) >= REFUSED_IN_A_ROW:
        raise PhaseRefused(refused[-1])


def _tail(error: ClientError) -> str:
    return error.tail if isinstance(error, ItemRefused) else ""
