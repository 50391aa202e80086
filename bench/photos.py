"""Measures what opening a merchant's photo takes, and what drawing a picture of goods without one takes.

`python -m bench.photos`. A photo's memory and a drawn picture's bytes have budgets; seconds depend on the
machine and are printed for interest.
"""

import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from statistics import mean
from typing import Any

from bench.standins import shared_catalogue
from bench.table import Row, at_most, broken, printed

MOST_MEGABYTES = 300
MOST_KILOBYTES, MOST_MILLISECONDS = 45, 8
# Names of the lengths that shops have, for where the real shop's file is not there.
WORDS = ("Шоколад", "«Алёнка»", "молочный", "с карамелью", "и орехом", "в упаковке", "подарочной", "100 г")
# `QUICK=1` draws each sixth of the shop's goods.
QUICK_STEP = 6
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
    return broken(rows_of() + rows_of_drawn())


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


def rows_of_drawn(step: int = 1) -> list[Row]:
    """Draw the pictures of the real shop's goods, each `step`th, in every style; return the table's rows."""
    from catalog.photos.placeholders import placeholder
    from syncing.core.choices import CardStyle

    goods = _goods()[::step]
    rows = []
    for style in CardStyle:
        placeholder("", "", style)
        began = time.process_time()
        kilobytes = [len(placeholder(name, group, style)) / 1000 for name, group in goods]
        taken = 1000 * (time.process_time() - began) / len(goods)
        what = f"drawn picture, style {style.value}"
        rows += [
            printed("pictures", f"{what}, processor time", f"{taken:.1f} ms", f"≤ {MOST_MILLISECONDS} ms"),
            at_most("pictures", f"{what}, mean", round(mean(kilobytes), 1), MOST_KILOBYTES, " KB"),
            at_most("pictures", f"{what}, largest of {len(goods)}", max(kilobytes), MOST_KILOBYTES, " KB"),
        ]
    for row in rows:
        print(f"{row.what}: {row.measured}")
    return rows


def _goods() -> list[tuple[str, str]]:
    """Return names and groups of the real shop where its file is there, else made ones."""
    path = shared_catalogue()
    if path is None:
        return [(" ".join(WORDS[: 1 + number % len(WORDS)]), f"Группа {number % 5}") for number in range(200)]
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["name"], row["group"]) for row in csv.DictReader(file)]


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
