"""What a run that finds nothing to do costs, and where: `python -m bench.unchanged [SIZE] [RUNS]`.

On a throw-away database of the kind that DATABASE_URL names, with the stand-ins in a process of their own.
"""

import cProfile
import pstats
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from statistics import median

from bench.growth import made_merchant, run_once
from bench.refresh import throw_away_database
from bench.standins import REAL_SHOP, StandIns

SHOWN = 45


def main(arguments: Sequence[str]) -> None:
    """Print the least and the median of several runs, with a profile where asked for."""
    parser = ArgumentParser()
    parser.add_argument("size", nargs="?", type=int, default=REAL_SHOP)
    parser.add_argument("runs", nargs="?", type=int, default=20)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--by", default="tottime")
    given = parser.parse_args(arguments)
    with throw_away_database(), StandIns() as box:
        user, _ = made_merchant(box, given.size)
        for _ in range(2):
            run_once(user, box)
        costs = [run_once(user, box) for _ in range(given.runs)]
        seconds = sorted(cost.seconds for cost in costs)
        print(
            f"unchanged run of {given.size}: {1000 * seconds[0]:.0f} ms at least, "
            f"{1000 * median(seconds):.0f} ms median of {given.runs}; {costs[-1].queries} queries, "
            f"{costs[-1].rows} written rows, {costs[-1].requests} requests to VK"
        )
        if given.profile:
            profiler = cProfile.Profile()
            profiler.enable()
            for _ in range(given.runs):
                run_once(user, box)
            profiler.disable()
            pstats.Stats(profiler).sort_stats(given.by).print_stats(SHOWN)


if __name__ == "__main__":
    main(sys.argv[1:])
