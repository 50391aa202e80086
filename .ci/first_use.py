#!/usr/bin/env python3
"""Does what a newcomer does, and measures it: clone, `make demo ONCE=1`, until the first item is in VK.

    .ci/first_use.py SOURCE FOLDER

SOURCE is what `git clone` takes; FOLDER does not exist yet. Needs only the standard library, since it
starts before anything is installed. The last line has the figures: seconds from the clone to the first
item that the sandbox's VK has confirmed, and megabytes that were fetched and that lie on the disk then.
"""

import argparse
import contextlib
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FIRST_ITEM = "SELECT 1 FROM syncing_listing WHERE vk_item_id IS NOT NULL LIMIT 1"
FETCHED = re.compile(r"Downloading \S+ \(([\d.]+) ([kMG]?)B\)")
UNIT = {"": 1e-6, "k": 1e-3, "M": 1.0, "G": 1e3}


def has_item(database: Path) -> bool:
    """Return True if the demo's database holds an item that VK has confirmed."""
    if not database.exists():
        return False
    try:
        with contextlib.closing(
            sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
        ) as connection:
            return connection.execute(FIRST_ITEM).fetchone() is not None
    except sqlite3.Error:  # the demo is still making its tables
        return False


def megabytes(folder: Path) -> float:
    """Return what a folder takes on the disk."""
    return sum(file.lstat().st_blocks * 512 for file in folder.rglob("*")) / 1e6


def main(source: str, folder: Path) -> int:
    """Run the demo in a new clone, print the figures and return its exit code."""
    started = time.monotonic()
    subprocess.run(
        ["git", "-c", "advice.detachedHead=false", "clone", "--quiet", source, str(folder)], check=True
    )
    cloned = megabytes(folder)
    first = on_disk = None
    with tempfile.NamedTemporaryFile("r") as log:
        environment = {**os.environ, "PIP_LOG": log.name, "PIP_NO_CACHE_DIR": "1", "PIP_PROGRESS_BAR": "off"}
        demo = subprocess.Popen(["make", "demo", "ONCE=1"], cwd=folder, env=environment)
        while demo.poll() is None:
            if first is None and has_item(folder / "var" / "demo" / "db.sqlite3"):
                first, on_disk = time.monotonic() - started, megabytes(folder)
            time.sleep(0.1)
        fetched = sum(float(size) * UNIT[unit] for size, unit in FETCHED.findall(log.read()))
    if demo.returncode or first is None or on_disk is None:
        print(f"make demo ONCE=1 ended with {demo.returncode}" + ("" if first else ", without an item in VK"))
        return demo.returncode or 1
    print(
        f"From the clone to the first item in the sandbox's VK: {first:.0f} s, "
        f"{cloned + fetched:.0f} MB fetched ({cloned:.0f} of them the clone), {on_disk:.0f} MB on the disk. "
        f"The whole demo: {time.monotonic() - started:.0f} s."
    )
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    sys.exit(main(options.source, options.folder))
