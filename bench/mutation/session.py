"""Runs the chosen tests against each mutant in a fork of one process that has already collected them."""

import gc
import json
import os
import resource
import signal
import sys
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import _lru_cache_wrapper
from time import process_time
from typing import Any

import hypothesis
import pytest
from _pytest.runner import runtestprotocol

from bench.mutation import mutants, switches

# CPU seconds beyond what the tests took without a mutant, before it counts as one that never ends.
PATIENCE_SECONDS = 2.0
PATIENCE_TIMES = 5
# A test that calls no more functions of the core than this is about them.
DIRECT = 10
MEMORY_BYTES = 3 << 30

KILLED, ENDLESS, SURVIVED, NOT_REACHED = "killed", "endless", "survived", "not reached"

hypothesis.settings.register_profile(
    "mutation",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=50,
    phases=[
        hypothesis.Phase.explicit,
        hypothesis.Phase.generate,
    ],  # a failure is enough, it need not be small
    suppress_health_check=list(hypothesis.HealthCheck),
)


@dataclass(slots=True)
class Coverage:
    """Which tests call a function, and how many CPU seconds each takes."""

    seconds: dict[str, float] = field(default_factory=dict)
    tests: dict[str, list[str]] = field(default_factory=dict)
    breadth: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        self.breadth = Counter(name for names in self.tests.values() for name in names)


class Session:
    """A plugin of pytest: instead of running the tests once, runs them for each mutant."""

    def __init__(
        self,
        choose: Callable[[list[str]], Iterable[str]],
        tell: Callable[[str, str], None],
        *,
        seconds: float,
    ) -> None:
        self._choose = choose
        self._tell = tell
        self._seconds = seconds
        self._items: dict[str, pytest.Item] = {}
        self._kills: dict[str, Counter[str]] = defaultdict(Counter)

    @pytest.fixture
    def shared_folder(self) -> None:
        """Leave out the tests that need files from outside the repository."""
        pytest.skip("not part of the repository")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Find out what each test calls, then try the mutants."""
        if session.testsfailed:
            raise session.Interrupted("the tests could not be collected")
        self._items = {item.nodeid: item for item in session.items}
        coverage = Coverage(**json.loads(_in_child(self._measure) or "{}"))
        gc.collect()
        gc.freeze()  # so that a fork copies no memory only to count references
        for mutant in self._choose(_all_mutants()):
            self._tell(mutant, self._try(mutant, coverage))
        return True

    def _measure(self) -> str:
        reached: set[str] = set()
        caches = _caches()
        switches.record_calls(reached)
        seconds: dict[str, float] = {}
        tests: dict[str, list[str]] = defaultdict(list)
        for name, item in self._items.items():
            for cache in caches:
                cache.cache_clear()
            reached.clear()
            start = process_time()
            outcomes = [report.outcome for report in runtestprotocol(item, log=False, nextitem=None)]
            if "failed" in outcomes:
                raise RuntimeError(f"{name} fails without a mutant")
            if "skipped" not in outcomes:
                seconds[name] = process_time() - start
                for function in reached:
                    tests[function].append(name)
        return json.dumps({"seconds": seconds, "tests": tests})

    def _try(self, mutant: str, coverage: Coverage) -> str:
        function = switches.function_of(mutant)
        kills = self._kills[function]
        tests = self._affordable(in_turn(coverage, function, kills), coverage)
        if not tests:
            return NOT_REACHED
        limit = PATIENCE_SECONDS + PATIENCE_TIMES * sum(coverage.seconds[name] for name in tests)
        answer = _in_child(lambda: self._first_failure(mutant, tests), seconds=limit)
        if answer:
            kills[answer] += 1
        return {None: ENDLESS, "": SURVIVED}.get(answer, KILLED)

    def _affordable(self, tests: Iterable[str], coverage: Coverage) -> list[str]:
        """Return the tests that fit into the time for one mutant, the first ones first; one at least."""
        chosen: list[str] = []
        spent = 0.0
        for name in tests:
            if not chosen or spent + coverage.seconds[name] <= self._seconds:
                spent += coverage.seconds[name]
                chosen.append(name)
        return chosen

    def _first_failure(self, mutant: str, tests: list[str]) -> str:
        switches.turn_on(mutant)
        for name in tests:
            if not self._passes(self._items[name]):
                return name
        return ""

    def _passes(self, item: pytest.Item) -> bool:
        """Run one test without pytest's report, whose traceback takes longer than most tests."""
        setup = item.session._setupstate  # noqa: SLF001 - what pytest's own runner does
        if hasattr(item, "_initrequest"):
            item._initrequest()  # noqa: SLF001
        try:
            setup.setup(item)
            item.runtest()
            setup.teardown_exact(None)
        except pytest.skip.Exception:
            return True
        except BaseException:  # noqa: BLE001 - any error is a noticed fault; pytest's own are no Exception
            return False
        return True


def in_turn(coverage: Coverage, function: str, kills: Counter[str]) -> list[str]:
    """Return the tests that call the function, in the order in which they are likely to notice a fault.

    First those that killed most of its mutants, then those of files that are named like its module, then
    those that call little else, then one case of each test.
    """
    cases: Counter[str] = Counter()
    ranks: dict[str, tuple[bool, bool, int]] = {}
    tests = sorted(coverage.tests.get(function, []), key=coverage.seconds.__getitem__)
    for name in tests:
        test = name.partition("[")[0]
        ranks[name] = not _is_about(name, function), coverage.breadth[name] > DIRECT, cases[test]
        cases[test] += 1
    return sorted(tests, key=lambda name: (-kills[name], ranks[name]))


def _is_about(test: str, function: str) -> bool:
    """Return True if the test's file begins like the function's module, as test_plan_results for planner."""
    stem = test.partition("::")[0].rpartition("/")[2].removeprefix("test_")[:4]
    return stem in {part[:4] for part in function.split(".")[2:-1]}


def _all_mutants() -> list[str]:
    return [
        f"{function.rpartition('.')[0]}.{name}"
        for function, switch in switches.SWITCHES.items()
        for name in switch.mutants
        if not name.endswith("_orig")
    ]


def _caches() -> list[Any]:
    """Return the core's caches: an answer kept from one test would hide what the next one calls."""
    return [
        value
        for name, module in sys.modules.items()
        if name.startswith(mutants.PACKAGE)
        for value in vars(module).values()
        if isinstance(value, _lru_cache_wrapper)
    ]


def _in_child(work: Callable[[], str], seconds: float = 600.0) -> str | None:
    """Return the answer of a fork that ends afterwards; None where its CPU time or memory ran out."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            signal.setitimer(signal.ITIMER_PROF, seconds)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
            with os.fdopen(writer, "w") as pipe:
                pipe.write(work())
            os._exit(0)
        except BaseException:  # noqa: BLE001 - the fork must not go on as a second parent
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and status:
        raise RuntimeError("a fork failed in itself, not in a test")
    return answer if status == 0 else None
