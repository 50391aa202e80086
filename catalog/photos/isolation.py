"""Opens uploaded photos in a child process with bounded memory and time.

A decoder's header says little of what unpacking takes: a HEIF may hold a thousand tiles, a JPEG a thousand
scans.
"""

import threading

from catalog.choices import PhotoProblem
from catalog.photos.edits import PhotoEdit
from catalog.photos.errors import InvalidPhoto
from catalog.photos.limits import MAX_UPLOAD_BYTES
from evosync.common.children import ChildBroken, ChildRefused, ChildTooCostly, module_command, run_child

# One photo at a time in each process, so that photos that come together do not add up.
_ONE_AT_A_TIME = threading.Lock()
LONGEST_WAIT = 20.0
# One is opened and one may wait. More would take all threads of the process from other visitors.
MOST_TOGETHER = 2
_PLACES = threading.BoundedSemaphore(MOST_TOGETHER)
# By the clock; the child's own limit is in processor time.
LONGEST_RUN = 30.0
COMMAND = module_command("catalog.photos.child")


def normalize_isolated(data: bytes, edit: PhotoEdit | None = None) -> bytes:
    """Return the photo, edited, as a JPEG that VK takes. Raises InvalidPhoto, whatever the file does."""
    if not data:
        raise InvalidPhoto(PhotoProblem.EMPTY)
    if len(data) > MAX_UPLOAD_BYTES:
        raise InvalidPhoto(PhotoProblem.TOO_BIG)
    if not _PLACES.acquire(blocking=False):
        raise InvalidPhoto(PhotoProblem.BUSY)
    try:
        return _when_free(data, edit or PhotoEdit())
    finally:
        _PLACES.release()


def _when_free(data: bytes, edit: PhotoEdit) -> bytes:
    if not _ONE_AT_A_TIME.acquire(timeout=LONGEST_WAIT):
        raise InvalidPhoto(PhotoProblem.BUSY)
    try:
        return _in_child(data, edit)
    finally:
        _ONE_AT_A_TIME.release()


def _in_child(data: bytes, edit: PhotoEdit) -> bytes:
    try:
        return run_child((*COMMAND, edit.to_argument()), data, longest_run=LONGEST_RUN)
    except ChildRefused as refusal:
        raise InvalidPhoto(PhotoProblem(refusal.answer.decode())) from None
    except ChildTooCostly:
        raise InvalidPhoto(PhotoProblem.TOO_COSTLY) from None
    except ChildBroken:
        raise InvalidPhoto(PhotoProblem.BROKEN) from None
