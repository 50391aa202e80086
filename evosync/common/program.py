"""What is kept for as long as the program that made it is the same."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings


@cache
def program_digest(*folders: str) -> str:
    """Return a digest of the program's files in these folders: another release has another one."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((Path(settings.BASE_DIR) / folder).rglob("*.py")):
            digest.update(f"{path.name}:".encode() + path.read_bytes())
    return digest.hexdigest()
