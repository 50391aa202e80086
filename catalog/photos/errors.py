"""Why a photo is refused."""

from collections.abc import Iterator
from contextlib import contextmanager

from catalog.choices import PhotoProblem


class InvalidPhoto(Exception):
    """A file that cannot become a product's photo, or one photo too many; `code` says why."""

    def __init__(self, code: PhotoProblem) -> None:
        super().__init__(code.value)
        self.code = code


@contextmanager
def refusing_without_storage() -> Iterator[None]:
    """Refuse what somebody sends while files can be neither read nor written: a full disk, a storage away.

    For pages alone: a worker that puts photos back must know such a failure from a photo that is refused.
    """
    try:
        yield
    except OSError as error:
        raise InvalidPhoto(PhotoProblem.STORAGE_AWAY) from error
