#!/usr/bin/env python
"""Runs Django's and EvoSync's management commands."""

import os
import sys
from pathlib import Path
from urllib.parse import quote


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evosync.settings")
    if sys.argv[1:2] == ["demo"]:
        # The demo begins with an empty database, so it must never be the merchant's own.
        os.environ.setdefault("DEBUG", "1")
        folder = Path(
            os.environ.get("DEMO_DIR") or Path(__file__).resolve().parent / "var" / "demo"
        ).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["DATABASE_URL"] = f"sqlite:///{quote(str(folder))}/db.sqlite3"
        os.environ["REDIS_URL"] = ""
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
