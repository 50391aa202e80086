"""Counts the mutants of the core that its tests kill: `make mutate`."""

import argparse
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import sqrt
from time import monotonic

import hypothesis
import pytest
from mutmut.configuration import config

from bench.mutation import mutants
from bench.mutation.session import ENDLESS, KILLED, NOT_REACHED, SURVIVED, Session

RESULTS = mutants.CACHE / "results.json"
STATES = (KILLED, ENDLESS, SURVIVED, NOT_REACHED)
# Nothing of Django: no settings, no conftest above the core's, no plugin that would look for either.
PLUGINS = ("django", "xdist", "socket", "timeout", "cacheprovider", "logging")
ARGUMENTS = ["-qq", "-s", "-c", os.devnull, "--rootdir", str(mutants.ROOT)]
ARGUMENTS += ["--confcutdir", "tests/unit/core", *(f"-pno:{name}" for name in PLUGINS)]


@dataclass(slots=True)
class Run:
    """One run: which mutants it takes, and what has come of them."""

    options: argparse.Namespace
    before: dict[str, str]
    results: dict[str, str] = field(default_factory=dict)
    population: int = 0
    total: int = 0
    started_at: float = field(default_factory=monotonic)

    def choose(self, names: list[str]) -> Iterable[str]:
        """Return the mutants to try: of some modules, not killed before, or a sample."""
        short = {name: name.removeprefix(f"{mutants.PACKAGE}.") for name in names}
        chosen = [name for name in names if short[name].startswith(tuple(self.options.only or [""]))]
        if self.options.only:
            chosen.sort(
                key=lambda name: [short[name].startswith(only) for only in self.options.only], reverse=True
            )
        if self.options.again:
            chosen = [name for name in chosen if self.before.get(name) not in {KILLED, ENDLESS}]
        self.population = len(chosen)
        if self.options.sample and self.options.sample < len(chosen):
            chosen = random.Random(self.options.seed).sample(chosen, self.options.sample)
        self.total = len(chosen)
        print(f"{len(names)} mutants, {len(chosen)} to try", flush=True)
        return chosen

    def tell(self, name: str, state: str) -> None:
        """Note what has come of one mutant."""
        self.results[name] = state
        if len(self.results) % 100 == 0:
            rate = len(self.results) / (monotonic() - self.started_at)
            print(
                f"{len(self.results)}/{self.total} {_share(Counter(self.results.values()))} {rate:.0f}/s",
                flush=True,
            )
            self.keep()

    def keep(self) -> None:
        """Write the results down, with those of earlier runs whose modules have not changed."""
        everything = {**self.before, **self.results}
        kept = {name: [state, mutants.digest(name.rpartition(".")[0])] for name, state in everything.items()}
        RESULTS.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")


def _earlier() -> dict[str, str]:
    """Return earlier results of modules that are as they were."""
    if not RESULTS.exists():
        return {}
    kept = json.loads(RESULTS.read_text(encoding="utf-8"))
    return {name: state for name, (state, digest) in kept.items() if _is_current(name, digest)}


def _is_current(name: str, digest: str) -> bool:
    module = name.rpartition(".")[0]
    return mutants.path_of(module).exists() and mutants.digest(module) == digest


def _share(states: Counter[str]) -> str:
    return f"{100 * (states[KILLED] + states[ENDLESS]) / max(1, states.total()):.1f} %"


def report(results: dict[str, str]) -> str:
    """Return a table in Markdown: each module, then the whole."""
    modules: dict[str, Counter[str]] = {}
    for name, state in results.items():
        module = name.rpartition(".")[0].removeprefix(f"{mutants.PACKAGE}.")
        modules.setdefault(module, Counter())[state] += 1
    lines = [
        "| Module | Mutants | Killed | Endless | Survived | Not reached | Noticed |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for module, states in [*sorted(modules.items()), ("all", sum(modules.values(), Counter()))]:
        cells = [module, states.total(), *(states[state] for state in STATES), _share(states)]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def _margin(results: dict[str, str], of: int) -> str:
    """Return the half width of the 95 % interval of a sample's share, in percent."""
    size = len(results)
    share = sum(state in {KILLED, ENDLESS} for state in results.values()) / size
    return f"± {196 * sqrt(share * (1 - share) / size * (1 - size / of)):.1f} %"


def _show(results: dict[str, str], only: list[str]) -> None:
    for name, state in sorted(results.items()):
        short = name.removeprefix(f"{mutants.PACKAGE}.")
        if state in {SURVIVED, NOT_REACHED} and short.startswith(tuple(only or [""])):
            print(f"{short} ({state})\n{mutants.changes(name)}")


def main() -> int:
    """Try the mutants and print the table; with --show, print what survived the last run."""
    parser = argparse.ArgumentParser(prog="python -m bench.mutation", description=__doc__)
    parser.add_argument("only", nargs="*", help="beginnings of module names, such as pricing or goods_rules")
    parser.add_argument("--sample", type=int, help="as many mutants, drawn at random")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", action="store_true", help="only those that no test has killed so far")
    parser.add_argument("--seconds", type=float, default=0.5, help="CPU time of the tests for one mutant")
    parser.add_argument(
        "--show", action="store_true", help="print the survivors of the last run, and run nothing"
    )
    options = parser.parse_args()
    if options.show:
        _show(_earlier(), options.only)
        return 0
    os.chdir(mutants.ROOT)
    mutants.import_mutated()
    hypothesis.settings.load_profile("mutation")
    run = Run(options, _earlier())
    session = Session(run.choose, run.tell, seconds=options.seconds)
    selection = [*config().pytest_add_cli_args, *config().pytest_add_cli_args_test_selection]
    code = pytest.main([*ARGUMENTS, *selection], plugins=[session])
    if not run.results:
        return int(code) or 1
    run.keep()
    print(report(run.results if options.sample else {**run.before, **run.results}))
    if options.sample:
        print(f"A sample of {len(run.results)}: {_margin(run.results, run.population)}")
    print(f"{monotonic() - run.started_at:.0f} s")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
