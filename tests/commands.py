"""Runs several commands of manage.py in one process, since starting one costs more than most commands do.

`python -m tests.commands '[["create_merchant", "anna@example.com"], ["sync", "anna@example.com"]]'`
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def together(*commands: Sequence[str]) -> list[str]:
    """Return the program that runs these commands and ends with the code of the first that fails."""
    return [sys.executable, "-m", "tests.commands", json.dumps(commands)]


def main() -> None:
    """Run the commands one after the other, all with this process's environment and input."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evosync.settings")
    from django.core.management import execute_from_command_line

    for command in json.loads(sys.argv[1]):
        execute_from_command_line(["manage.py", *command])


if __name__ == "__main__":
    main()
