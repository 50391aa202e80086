"""`python -m bench.soak [DAYS [FIRST]]` simulates so many merchant-days, with merchants from FIRST on.

Exits with 1 where a forbidden or a second item was ever visible, or where a shop is not right after a day
without faults.
"""

import sys

from bench.refresh import throw_away_database
from bench.soak.simulation import simulate

if __name__ == "__main__":
    with throw_away_database():
        found = simulate(*map(int, sys.argv[1:3]))
    for line in found[:50]:
        sys.stdout.write(f"BROKEN: {line}\n")
    sys.exit(1 if found else 0)
