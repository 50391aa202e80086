"""The child process that opens one uploaded photo: `python -m catalog.photos.child`.

The file comes on stdin, how to turn and crop it as the one argument. The JPEG goes to stdout; a refusal's
code goes there instead, with the exit code REFUSED. No Django, no settings and no secrets are here.
"""

import sys

from catalog.photos.edits import PhotoEdit
from catalog.photos.errors import InvalidPhoto
from catalog.photos.limits import CHILD_MEMORY_BYTES, CHILD_SECONDS, MAX_UPLOAD_BYTES
from catalog.photos.normalize import normalize_photo
from evosync.common.child_limits import REFUSED, limit_resources


def main() -> int:
    """Read, normalize, write; return the exit code."""
    limit_resources(memory_bytes=CHILD_MEMORY_BYTES, seconds=CHILD_SECONDS)
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
