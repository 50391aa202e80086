"""Attacks a production set-up that it starts, and prints what was sent and what got through.

`python -m tests.attacks [NAME …]` runs all attacks or those that are named; the exit code is 1 where
something got through. A new kind of attack is a module with `run(town)` and a line in ATTACKS.
"""

import argparse
import importlib
import sys
import time

from tests.attacks import town as towns
from tests.attacks.outcome import Outcome

# In this order: the ones that leave traces in limits and logs come last.
ATTACKS = ("addresses", "forms", "names", "webhooks", "pictures", "texts", "bodies", "codes", "logins")
MOST_SHOWN = 5


def show(outcome: Outcome, seconds: float) -> None:
    """Print one line, and the first of what got through."""
    counts = f"{outcome.sent:6} sent {len(outcome.through):5} through {seconds:6.1f} s"
    print(f"{outcome.name:30} {counts}  {outcome.note}")
    for line in outcome.through[:MOST_SHOWN]:
        print(f"    THROUGH: {line}")
    if len(outcome.through) > MOST_SHOWN:
        print(f"    and {len(outcome.through) - MOST_SHOWN} more")
    sys.stdout.flush()


def main() -> int:
    """Run the attacks and return the exit code."""
    parser = argparse.ArgumentParser(prog="tests.attacks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*ATTACKS, []], help="all, where none is named")
    chosen = parser.parse_args().names or ATTACKS
    began = time.monotonic()
    outcomes: list[Outcome] = []
    with towns.running() as town:
        print(f"started in {time.monotonic() - began:.0f} s")
        for name in chosen:
            started = time.monotonic()
            for outcome in importlib.import_module(f"tests.attacks.{name}").run(town):
                show(outcome, time.monotonic() - started)
                outcomes.append(outcome)
                started = time.monotonic()
    through = sum(len(outcome.through) for outcome in outcomes)
    sent = sum(outcome.sent for outcome in outcomes)
    print(f"{sent} sent, {through} through, {time.monotonic() - began:.0f} s")
    return 1 if through else 0


if __name__ == "__main__":
    sys.exit(main())
