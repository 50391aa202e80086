"""Opens uploaded photos in a child process with bounded memory and time.

A decoder's header says little of what unpacking takes: a HEIF may hold a thousand tiles, a JPEG a thousand
scans. The child also has none of our secrets, and where it crashes the site goes on.
"""

import logging
import os
import subprocess
import sys
import threading

from django.conf import settings

from catalog.choices import PhotoProblem
from catalog.photos.child import REFUSED
from catalog.photos.edits import PhotoEdit
from catalog.photos.errors import InvalidPhoto
from catalog.photos.limits import MAX_UPLOAD_BYTES

logger = logging.getLogger(__name__)

# One photo at a time in each process, so that photos that come together do not add up.
_ONE_AT_A_TIME = threading.Lock()
LONGEST_WAIT = 20.0
# One is opened and one may wait. More would take all threads of the process from other visitors.
MOST_TOGETHER = 2
_PLACES = threading.BoundedSemaphore(MOST_TOGETHER)
# By the clock; the child's own limit is in processor time.
LONGEST_RUN = 30.0
COMMAND = (sys.executable, "-E", "-s", "-m", "catalog.photos.child")


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
        done = subprocess.run(  # noqa: S603 - our own module
            (*COMMAND, edit.to_argument()),
            input=data,
            capture_output=True,
            cwd=settings.BASE_DIR,
            env=_environment(),
            timeout=LONGEST_RUN,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InvalidPhoto(PhotoProblem.TOO_COSTLY) from None
    if done.returncode == 0 and done.stdout:
        return done.stdout
    if done.returncode == REFUSED:
        raise InvalidPhoto(PhotoProblem(done.stdout.decode()))
    if done.returncode < 0:
        # The kernel ended it, or a decoder did so when it got no more memory.
        raise InvalidPhoto(PhotoProblem.TOO_COSTLY)
    logger.error(
        "the photo's process ended with %s: %s",
        done.returncode,
        done.stderr[-500:].decode("utf-8", "replace"),
    )
    raise InvalidPhoto(PhotoProblem.BROKEN)


def _environment() -> dict[str, str]:
    """Return what the child needs to start: where its libraries are, and none of our secrets."""
    kept = {
        name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ
    }
    return kept | {"MALLOC_ARENA_MAX": "1", "PYTHONIOENCODING": "utf-8"}
