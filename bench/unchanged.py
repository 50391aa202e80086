"""What a run that finds nothing to do costs, and where: `python -m bench.unchanged [SIZE] [RUNS]`.

On a throw-away database of the kind that DATABASE_URL names, with the stand-ins in a process of their own.
`--processes 2` runs as many workers at once, each with its own merchant and database, and prints how many
runs a second the processors can do.
"""

import cProfile
import os
import pstats
import re
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from statistics import median
from urllib.parse import urlsplit, urlunsplit

from bench.growth import GOAL_RUNS_A_SECOND, Cost, made_merchant, run_once
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
    parser.add_argument("--processes", type=int, default=1)
    given = parser.parse_args(arguments)
    if given.processes > 1:
        _print_rate(given)
    else:
        _measure(given)


def _measure(given: Namespace) -> None:
    with throw_away_database(), StandIns() as box:
        user, _ = made_merchant(box, given.size)
        for _ in range(2):
            run_once(user, box)
        costs = [run_once(user, box) for _ in range(given.runs)]
        print(_line(given.size, costs))
        if given.profile:
            profiler = cProfile.Profile()
            profiler.enable()
            for _ in range(given.runs):
                run_once(user, box)
            profiler.disable()
            pstats.Stats(profiler).sort_stats(given.by).print_stats(SHOWN)


def _line(size: int, costs: Sequence[Cost]) -> str:
    seconds = sorted(cost.seconds for cost in costs)
    return (
        f"unchanged run of {size}: {1000 * seconds[0]:.0f} ms at least, "
        f"{1000 * median(seconds):.0f} ms median of {len(costs)}; {costs[-1].queries} queries, "
        f"{costs[-1].rows} written rows, {costs[-1].requests} requests to VK"
    )


def _print_rate(given: Namespace) -> None:
    """Run several workers at once; print what each took and what that many processors can do in a second.

    Processor time is that of the workers: the database's and the stand-ins' is not theirs.
    """
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.unchanged", str(given.size), str(given.runs)],
            env=os.environ | _own_database(number),
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(given.processes)
    ]
    lines = [worker.communicate()[0].strip() for worker in workers]
    print("\n".join(lines))
    medians = [int(found.group(1)) for line in lines if (found := re.search(r"(\d+) ms median", line))]
    if len(medians) < given.processes:
        sys.exit("a worker has failed")
    rate = sum(1000 / one for one in medians)
    print(f"{given.processes} workers: {rate:.1f} unchanged runs a second (goal {GOAL_RUNS_A_SECOND})")


def _own_database(number: int) -> dict[str, str]:
    """Return the environment of a worker whose database no other one has; SQLite's is in memory."""
    url = urlsplit(os.environ.get("DATABASE_URL", ""))
    if not url.netloc:
        return {}
    return {"DATABASE_URL": urlunsplit(url._replace(path=f"{url.path}_{number}"))}


if __name__ == "__main__":
    main(sys.argv[1:])
