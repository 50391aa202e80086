"""Gets each item its own pictures: drawn or read, uploaded in parallel, saved five at a time.

What is needed next is drawn and uploaded while VK answers for what is needed now, so that VK's requests
per second, which only the saves count against, are used without a pause.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from connections.clients.error_catalog import VkError
from connections.clients.errors import ClientError, ItemRefused, RateLimited, Transient
from connections.clients.service import Service
from connections.clients.vk import calls
from evosync.common.batching import chunks
from syncing.core.records import ProductKey
from syncing.publishing.vk.methods import Picture, VkChannel

# VK takes up to five files in one upload and one save.
FILES_AT_ONCE = 5
UPLOADS_IN_PARALLEL = 4
ATTEMPTS = 3


@dataclass(slots=True)
class PhotoUploader:
    """Turns pictures into VK photo ids.

    `saved` is told each id as soon as VK has given it. One upload address serves a whole run; after a
    failure another one is asked for.
    """

    channel: VkChannel
    saved: Callable[[Sequence[tuple[Picture, int]]], None]
    beat: Callable[[], None]
    # What VK has saved.
    pictured: set[Picture] = field(default_factory=set, init=False)
    _address: str = field(default="", init=False)
    _pool: ThreadPoolExecutor | None = field(default=None, init=False)
    # Uploads that were begun before they are needed, by their pictures.
    _ahead: dict[tuple[Picture, ...], "Future[str]"] = field(default_factory=dict, init=False)

    def ensure_uploaded(
        self, pictures: Sequence[Picture], *, following: Sequence[Picture] = ()
    ) -> Mapping[ProductKey, ClientError]:
        """Have every picture saved in VK; return the refusals by product.

        The uploads of the `following` ones begin; nothing is saved in VK for them. They are asked for in
        the next call, and `close` ends what is not. Raises ClientError where the whole connection is
        suspended.
        """
        refused: dict[ProductKey, ClientError] = {}
        batches = list(chunks(pictures, FILES_AT_ONCE))
        if batches and not self._address:
            self._address = self.channel.client.run(calls.photo_upload_server(self.channel.group_id))
        uploads = [self._begun(batch) for batch in batches]
        if self._address:
            self._ahead |= {tuple(batch): self._begin(batch) for batch in chunks(following, FILES_AT_ONCE)}
        try:
            for batch, upload in zip(batches, uploads, strict=True):
                self.beat()
                refused |= self._save(batch, upload)
        finally:
            for upload in uploads:
                upload.cancel()
        return refused

    def close(self) -> None:
        """End the uploads that nobody asked for."""
        self._ahead.clear()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _begun(self, pictures: Sequence[Picture]) -> "Future[str]":
        mark = tuple(pictures)
        return self._ahead.pop(mark) if mark in self._ahead else self._begin(pictures)

    def _begin(self, pictures: Sequence[Picture]) -> "Future[str]":
        self._pool = self._pool or ThreadPoolExecutor(UPLOADS_IN_PARALLEL)
        return self._pool.submit(self._upload, self._address, pictures)

    def _upload(self, address: str, pictures: Sequence[Picture]) -> str:
        return self.channel.client.upload_photos(address, [self.channel.picture(one) for one in pictures])

    def _save(self, pictures: Sequence[Picture], upload: "Future[str]") -> Mapping[ProductKey, ClientError]:
        """Save one upload; where it fails as a whole, go on with single pictures."""
        try:
            self._save_once(pictures, upload.result())
        except RateLimited:
            # It says nothing of the pictures; asking for each alone would be faster still.
            raise
        except (Transient, ItemRefused) as error:
            return self._one_by_one(pictures, error)
        return {}

    def _save_once(self, pictures: Sequence[Picture], body: str) -> None:
        photo_ids = self.channel.client.run(calls.save_photos(body))
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
            error: ClientError | None = first
            for _ in range(ATTEMPTS):
                self.beat()
                try:
                    self._address = self.channel.client.run(calls.photo_upload_server(self.channel.group_id))
                    self._save_once([picture], self._upload(self._address, [picture]))
                except RateLimited:
                    raise
                except (Transient, ItemRefused) as again:
                    error = again
                else:
                    error = None
                    break
            if error:
                refused[picture] = error
        if len(refused) == len(pictures) > 1 and isinstance(first, Transient):
            raise first
        return {picture.key: error for picture, error in refused.items()}
