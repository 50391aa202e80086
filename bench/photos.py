"""Measures what opening a merchant's photo takes: memory of the child process, and its processor time.

`python -m bench.photos`. Memory has a budget; seconds depend on the machine and are printed for interest.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from bench.table import Row, at_most, broken

MOST_MEGABYTES = 300
PHOTOS: tuple[tuple[str, tuple[int, int], dict[str, Any]], ...] = (
    ("JPEG", (4000, 3000), {"quality": 85}),
    ("JPEG", (8000, 5000), {"quality": 85}),
    ("PNG", (4000, 3000), {"compress_level": 1}),
    ("WEBP", (4000, 3000), {"quality": 60, "method": 0}),
    ("AVIF", (4000, 3000), {"quality": 50, "speed": 10}),
    ("HEIF", (4000, 3000), {"quality": 30, "enc_params": {"preset": "ultrafast"}}),
)


def main() -> list[str]:
    """Open one photo of each format; print the figures and return the broken budgets."""
    return broken(rows_of())


def rows_of(photos: Sequence[tuple[str, tuple[int, int], dict[str, Any]]] = PHOTOS) -> list[Row]:
    """Open one photo of each format; print the figures and return the table's rows."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    rows = []
    for kind, size, options in photos:
        megabytes, seconds, length = _measured(_photo(kind, size, options))
        name = f"{kind} of {size[0] * size[1] // 1_000_000} megapixels"
        print(
            f"photo: {name}: {megabytes:.0f} MB at most, {seconds:.2f} s of a processor, {length // 1024} KB"
        )
        rows.append(at_most("pictures", f"{name}, memory", round(megabytes), MOST_MEGABYTES, " MB"))
    return rows


def _photo(kind: str, size: tuple[int, int], options: dict[str, Any]) -> bytes:
    import pillow_heif
    from PIL import Image

    pillow_heif.register_heif_opener()
    grain = Image.effect_noise((size[0] // 8, size[1] // 8), 60).resize(size)
    stream = BytesIO()
    Image.merge("RGB", (grain, grain, grain)).save(stream, kind, **options)
    return stream.getvalue()


def _measured(data: bytes) -> tuple[float, float, int]:
    """Return the child's megabytes at the peak, its seconds, and the length of the JPEG.

    A process between us and the child asks: the kernel counts for a child what its parent had.
    """
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        command = [sys.executable, "-c", f"from bench.photos import one; one({file.name!r})"]
        answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    megabytes, seconds, length = answer.split()
    return float(megabytes), float(seconds), int(length)


def one(path: str) -> None:
    """Open one photo as the site does and print what it took."""
    import django

    django.setup()
    from catalog.photos.isolation import normalize_isolated

    data = Path(path).read_bytes()
    length = len(normalize_isolated(data))
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(child.ru_maxrss / 1024, child.ru_utime + child.ru_stime, length)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
