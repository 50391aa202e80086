"""Gets each item its own pictures: drawn or read, uploaded and saved five at a time, several at once.

What is needed next is drawn, uploaded and saved while VK answers for what is needed now, so that VK's
requests per second, which only the saves count against, are used without a pause.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from connections.clients.error_catalog import VkError
from connections.clients.errors import (
    AuthRevoked,
    ClientError,
    ItemRefused,
    RateLimited,
    Suspended,
    Transient,
)
from connections.clients.service import Service
from connections.clients.vk import calls
from evosync.common.batching import chunks
from syncing.core.records import ProductKey
from syncing.publishing.vk.methods import Picture, VkChannel

# VK takes up to five files in one upload and one save.
FILES_AT_ONCE = 5
# Only uploads hold pictures in memory: so many times five.
UPLOADS_IN_PARALLEL = 8
# Each thread that draws keeps some megabytes for the next picture, and one alone draws a hundred a second.
DRAWN_IN_PARALLEL = 2
# A save that VK takes a second for keeps as many others waiting as a second has requests.
SAVES_IN_PARALLEL = 5
# So many on their way let no further ones begin that are not needed yet.
ENOUGH_ON_THEIR_WAY = 75
ATTEMPTS = 3

Saved = Callable[[Sequence[tuple[Picture, int]]], None]


@dataclass(slots=True, eq=False)
class _Batch:
    """Pictures on their way to VK. `save` is None where they were not saved because another save failed."""

    pictures: Sequence[Picture]
    upload: "Future[str]"
    save: "Future[list[int] | None]"


class _Pools:
    """The threads that a phase of a run draws, uploads and saves in."""

    def __init__(self) -> None:
        self.drawing = ThreadPoolExecutor(DRAWN_IN_PARALLEL, "drawing of pictures")
        self.uploads = ThreadPoolExecutor(UPLOADS_IN_PARALLEL, "upload of pictures")
        self.saves = ThreadPoolExecutor(SAVES_IN_PARALLEL, "save of pictures")

    def shutdown(self) -> None:
        """End what has not begun and wait for the rest; what is uploaded now still needs its drawings."""
        for pool in (self.uploads, self.saves, self.drawing):
            pool.shutdown(cancel_futures=True)


@dataclass(slots=True)
class PhotoUploader:
    """Turns pictures into VK photo ids.

    `saved` is told the ids that VK has given, in the thread that asks for them. One upload address serves
    a whole run; after a failure another one is asked for. As a context it ends what is still on its way.
    """

    channel: VkChannel
    saved: Saved
    beat: Callable[[], None]
    # What VK has saved.
    pictured: set[Picture] = field(default_factory=set, init=False)
    _address: str = field(default="", init=False)
    _pools: _Pools = field(default_factory=_Pools, init=False)
    # What was begun and not asked for yet, in the order in which it was begun.
    _begun: dict[Picture, _Batch] = field(default_factory=dict, init=False)
    # Set by a save that failed: no other is sent before somebody has looked at it.
    _is_held: threading.Event = field(default_factory=threading.Event, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End what is on its way. What VK has saved is kept, except where the process itself is to end."""
        self._stop()
        try:
            if kind is None or issubclass(kind, Exception):
                self._keep_finished()
        finally:
            self._begun.clear()

    @property
    def may_go_ahead(self) -> bool:
        """Whether pictures that are not needed yet may begin: VK has said where to send them, in bounds."""
        return bool(self._address) and len(self._begun) < ENOUGH_ON_THEIR_WAY

    def begin(self, pictures: Sequence[Picture]) -> None:
        """Let these pictures be uploaded and saved; `ensure_uploaded` asks for them. Raises ClientError."""
        new = [one for one in pictures if one not in self._begun]
        if new and not self._address:
            self._address = self.channel.client.run(calls.photo_upload_server(self.channel.group_id))
        for batch in chunks(new, FILES_AT_ONCE):
            self._begin(batch)

    def ensure_uploaded(self, pictures: Sequence[Picture]) -> Mapping[ProductKey, ClientError]:
        """Have every picture saved in VK; return the refusals by product.

        Raises ClientError where the whole connection is suspended.
        """
        refused: dict[ProductKey, ClientError] = {}
        rest = deque(chunks((one for one in pictures if one not in self._begun), FILES_AT_ONCE))
        for picture in pictures:
            while rest and (picture in rest[0] or len(self._begun) < ENOUGH_ON_THEIR_WAY):
                self.begin(rest.popleft())
            if (batch := self._begun.get(picture)) is not None:
                self.beat()
                self._wait_for(batch)
            if (batch := self._begun.get(picture)) is not None:
                refused |= self._result(batch)
        return refused

    def keep_saved(self) -> None:
        """Keep what VK has saved meanwhile. Raises what says that no request may be sent any more."""
        self._keep_finished()
        for batch in self._batches():
            error = batch.save.exception() if batch.save.done() and not batch.save.cancelled() else None
            if error is not None and not _waits_for_its_turn(error):
                raise error

    def _batches(self) -> list[_Batch]:
        return list(dict.fromkeys(self._begun.values()))

    def _forget(self, batch: _Batch) -> None:
        for picture in batch.pictures:
            self._begun.pop(picture, None)

    def _begin(self, pictures: Sequence[Picture]) -> None:
        pools = self._pools
        upload = pools.uploads.submit(copy_context().run, self._upload, self._address, pictures)
        save = pools.saves.submit(copy_context().run, self._save_unless_held, upload)
        batch = _Batch(pictures, upload, save)
        self._begun |= dict.fromkeys(pictures, batch)

    def _upload(self, address: str, pictures: Sequence[Picture]) -> str:
        drawing = self._pools.drawing
        drawn = [drawing.submit(copy_context().run, self.channel.picture, one) for one in pictures]
        return self.channel.client.upload_photos(address, [one.result() for one in drawn])

    def _save_unless_held(self, upload: "Future[str]") -> list[int] | None:
        body = upload.result()
        if self._is_held.is_set():
            return None
        try:
            return self.channel.client.run(calls.save_photos(body))
        except BaseException:
            self._is_held.set()
            raise

    def _wait_for(self, batch: _Batch) -> None:
        """Wait until VK has saved the batch or has not; keep at once what it saves meanwhile."""
        while not batch.save.done():
            pending = [one.save for one in self._batches() if not one.save.done()]
            # Listed first, so that none ends unseen between the two.
            self._keep_finished()
            wait(pending, return_when=FIRST_COMPLETED)

    def _result(self, batch: _Batch) -> Mapping[ProductKey, ClientError]:
        """Keep one batch; where it has failed as a whole, go on with single pictures."""
        try:
            photo_ids = batch.save.result()
            if photo_ids is None:
                photo_ids = self.channel.client.run(calls.save_photos(batch.upload.result()))
            self._keep(batch.pictures, photo_ids)
        except RateLimited:
            # It says nothing of the pictures; asking for each alone would be faster still.
            raise
        except (Transient, ItemRefused) as error:
            refused = self._one_by_one(batch.pictures, error)
            self._is_held.clear()
            return refused
        finally:
            self._forget(batch)
        return {}

    def _keep_finished(self) -> None:
        """Keep all that VK has saved by now, in one piece."""
        pictures: list[Picture] = []
        photo_ids: list[int] = []
        kept: list[_Batch] = []
        for batch in self._batches():
            is_saved = batch.save.done() and not batch.save.cancelled() and batch.save.exception() is None
            ids = batch.save.result() if is_saved else None
            if ids is not None and len(ids) == len(batch.pictures):
                pictures += batch.pictures
                photo_ids += ids
                kept.append(batch)
        if kept:
            self._keep(pictures, photo_ids)
        for batch in kept:
            self._forget(batch)

    def _keep(self, pictures: Sequence[Picture], photo_ids: Sequence[int]) -> None:
        if len(photo_ids) != len(pictures):
            # VK does not say which of the files it dropped.
            raise Transient(
                Service.VK, VkError.PHOTOS_MISSING, f"{len(photo_ids)} of {len(pictures)} pictures were saved"
            )
        self.pictured.update(pictures)
        self.saved(list(zip(pictures, photo_ids, strict=True)))

    def _one_by_one(
        self, pictures: Sequence[Picture], first: ClientError
    ) -> Mapping[ProductKey, ClientError]:
        refused: dict[Picture, ClientError] = {}
        for picture in pictures:
            error = self._alone(picture, first)
            if error:
                refused[picture] = error
        if len(refused) == len(pictures) > 1 and isinstance(first, Transient):
            raise first
        return {picture.key: error for picture, error in refused.items()}

    def _alone(self, picture: Picture, error: ClientError) -> ClientError | None:
        """Upload and save one picture; return the last error where no try helps."""
        try:
            jpeg = self.channel.picture(picture)
        except ItemRefused as unreadable:
            return unreadable
        for _ in range(ATTEMPTS):
            self.beat()
            try:
                self._address = self.channel.client.run(calls.photo_upload_server(self.channel.group_id))
                body = self.channel.client.upload_photos(self._address, [jpeg])
                self._keep([picture], self.channel.client.run(calls.save_photos(body)))
            except RateLimited:
                raise
            except (Transient, ItemRefused) as again:
                error = again
            else:
                return None
        return error

    def _stop(self) -> None:
        self._is_held.set()
        for batch in self._batches():
            batch.save.cancel()
            batch.upload.cancel()
        self._pools.shutdown()
        self._pools = _Pools()
        self._is_held.clear()


def _waits_for_its_turn(error: BaseException) -> bool:
    """Return True for a failure that says nothing of what comes before these pictures."""
    if isinstance(error, Suspended):
        return error.only_method
    return isinstance(error, ClientError) and not isinstance(error, AuthRevoked)
