"""Keeps files as private objects of an S3-compatible storage, in the place of a folder on disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 5, 30, 3


class StorageUnavailable(OSError):
    """The storage did not answer, or refused."""


@contextmanager
def _as_of_a_disk() -> Iterator[None]:
    """Let a failure of the storage look like one of a disk, which all callers know."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise StorageUnavailable(str(error)) from error


def client_config(*, addressing_style: str) -> Config:
    """Return how the storage is spoken to; many do not know the checksums that newer clients add."""
    return Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
        signature_version="s3v4",
        s3={"addressing_style": addressing_style},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


class PrivateObjects(S3Storage):  # type: ignore[misc]  # django-storages has no types
    """A storage whose objects only we can read: they have no public address and none is given out.

    A missing object raises FileNotFoundError, every other failure StorageUnavailable.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return a name that no other file gets, without asking: two who ask at once would get the same."""
        path = PurePosixPath(name)
        ending = f"-{uuid4().hex[:12]}{path.suffix}"
        whole = str(path.with_name(path.stem + ending))
        extra = max(0, len(whole) - (max_length or len(whole)))
        return str(path.with_name(path.stem[: len(path.stem) - extra] + ending))

    def url(self, *_args: Any, **_kwargs: Any) -> str:
        """Refuse: our pages show files to those who may see them."""
        raise ValueError("These files have no address of their own.")

    def exists(self, name: str) -> bool:
        """Return True if there is such an object."""
        with _as_of_a_disk():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        """Return an object's bytes."""
        with _as_of_a_disk():
            return int(super().size(name))

    def delete(self, name: str) -> None:
        """Delete an object; one that is not there is no failure."""
        with _as_of_a_disk():
            super().delete(name)

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        """Return an object that has been read whole, so that no failure comes later."""
        with _as_of_a_disk():
            found: File[bytes] = super()._open(name, mode)
            found.open(mode)
            found.seek(0)
            return found

    def _save(self, name: str, content: File[bytes]) -> str:
        with _as_of_a_disk():
            return str(super()._save(name, content))
