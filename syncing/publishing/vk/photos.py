"""Gets each new item its own picture: drawn or read, uploaded in parallel, saved five at a time.

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
from syncing.publishing.vk.methods import VkChannel

# VK takes up to five files in one upload and one save.
FILES_AT_ONCE = 5
UPLOADS_IN_PARALLEL = 4
ATTEMPTS = 3


@dataclass(slots=True)
class PhotoUploader:
    """Turns product keys into VK photo ids.

    `saved` is told each id as soon as VK has given it. One upload address serves a whole run; after a
    failure another one is asked for.
    """

    channel: VkChannel
    saved: Callable[[Sequence[tuple[ProductKey, int]]], None]
    beat: Callable[[], None]
    # The products that VK has saved a picture of.
    pictured: set[ProductKey] = field(default_factory=set, init=False)
    _address: str = field(default="", init=False)
    _pool: ThreadPoolExecutor | None = field(default=None, init=False)
    # Uploads that were begun before they are needed, by their products.
    _ahead: dict[tuple[ProductKey, ...], "Future[str]"] = field(default_factory=dict, init=False)

    def ensure_uploaded(
        self, keys: Sequence[ProductKey], *, next_keys: Sequence[ProductKey] = ()
    ) -> Mapping[ProductKey, ClientError]:
        """Give every product a saved picture; return the refusals of those that got none.

        The uploads for `next_keys` begin; nothing is saved in VK for them. They are to be asked for in
        the next call, and `close` ends what is not. Raises ClientError where the whole connection is
        suspended.
        """
        refused: dict[ProductKey, ClientError] = {}
        batches = list(chunks(keys, FILES_AT_ONCE))
        if batches and not self._address:
            self._address = self.channel.client.run(calls.photo_upload_server(self.channel.group_id))
        uploads = [self._begun(batch) for batch in batches]
        if self._address:
            self._ahead |= {tuple(batch): self._begin(batch) for batch in chunks(next_keys, FILES_AT_ONCE)}
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

    def _begun(self, keys: Sequence[ProductKey]) -> "Future[str]":
        mark = tuple(keys)
        return self._ahead.pop(mark) if mark in self._ahead else self._begin(keys)

    def _begin(self, keys: Sequence[ProductKey]) -> "Future[str]":
        self._pool = self._pool or ThreadPoolExecutor(UPLOADS_IN_PARALLEL)
        return self._pool.submit(self._upload, self._address, keys)

    def _upload(self, address: str, keys: Sequence[ProductKey]) -> str:
        return self.channel.client.upload_photos(address, [self.channel.picture(key) for key in keys])

    def _save(self, keys: Sequence[ProductKey], upload: "Future[str]") -> Mapping[ProductKey, ClientError]:
        """Save one upload; where it fails as a whole, go on with single pictures."""
        try:
            self._save_once(keys, upload.result())
        except RateLimited:
            # It says nothing of the pictures; asking for each alone would be faster still.
            raise
        except (Transient, ItemRefused) as error:
            return self._one_by_one(keys, error)
        return {}

    def _save_once(self, keys: Sequence[ProductKey], body: str) -> None:
        photo_ids = self.channel.client.run(calls.save_photos(body))
        if len(photo_ids) != len(keys):
            # VK does not say which of the files it dropped.
            raise Transient(
                Service.VK, VkError.PHOTOS_MISSING, f"{len(photo_ids)} of {len(keys)} pictures were saved"
            )
        self.pictured.update(keys)
        self.saved(list(zip(keys, photo_ids, strict=True)))

    def _one_by_one(self, keys: Sequence[ProductKey], first: ClientError) -> Mapping[ProductKey, ClientError]:
        refused: dict[ProductKey, ClientError] = {}
        for key in keys:
            error: ClientError | None = first
            for _ in range(ATTEMPTS):
                self.beat()
                try:
                    self._address = self.channel.client.run(calls.photo_upload_server(self.channel.group_id))
                    self._save_once([key], self._upload(self._address, [key]))
                except RateLimited:
                    raise
                except (Transient, ItemRefused) as again:
                    error = again
                else:
                    error = None
                    break
            if error:
                refused[key] = error
        if len(refused) == len(keys) > 1 and isinstance(first, Transient):
            raise first
        return refused
