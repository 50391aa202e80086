"""Keys of an embedded installation: made once, kept in var/, readable by their owner only.

A production installation (MariaDB or Redis) never uses these; there the environment must name them.
"""

import os
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path


def embedded_key(path: Path) -> str:
    """Return the 256-bit key in this file, making it on first use."""
    path.parent.mkdir(exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    key = urlsafe_b64encode(secrets.token_bytes(32)).decode()
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    return key
