"""The child process that opens one uploaded photo: `python -m catalog.photos.child`.

The file comes on stdin, how to turn and crop it as the one argument. The JPEG goes to stdout; a refusal's
code goes there instead, with the exit code REFUSED. No Django, no settings and no secrets are here.
"""

import contextlib
import sys

from catalog.photos.edits import PhotoEdit
from catalog.photos.errors import InvalidPhoto
from catalog.photos.limits import CHILD_MEMORY_BYTES, CHILD_SECONDS, MAX_UPLOAD_BYTES
from catalog.photos.normalize import normalize_photo

REFUSED = 3


def limit_resources() -> None:
    """Let the kernel end this process where it takes more memory or processor time than a photo may."""
    try:
        import resource  # missing on Windows
    except ImportError:
        return
    for name, limit in (
        (resource.RLIMIT_DATA, CHILD_MEMORY_BYTES),
        (resource.RLIMIT_CPU, CHILD_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        # macOS knows fewer limits.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(name, (limit, limit))


def main() -> int:
    """Read, normalize, write; return the exit code."""
    limit_resources()
    try:
        edit = PhotoEdit.from_argument(sys.argv[1]) if sys.argv[1:] else PhotoEdit()
        done = normalize_photo(sys.stdin.buffer.read(MAX_UPLOAD_BYTES + 1), edit)
    except InvalidPhoto as refusal:
        sys.stdout.write(refusal.code)
        return REFUSED
    sys.stdout.buffer.write(done)
    return 0


if __name__ == "__main__":
    sys.exit(main())
