"""`make mutate` turns on one fault at a time."""

from collections import Counter
from functools import cached_property, lru_cache

import pytest

from bench.mutation import switches
from bench.mutation.__main__ import report
from bench.mutation.session import ENDLESS, KILLED, NOT_REACHED, SURVIVED, Coverage, in_turn


@pytest.fixture(autouse=True)
def own_switches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switches, "SWITCHES", {})


def one() -> int:
    return 1


def two() -> int:
    return 2


def test_a_function_stays_itself_until_a_mutant_is_turned_on() -> None:
    call = switches.wrap_in_trampoline({"x_one__mutmut_1": two})(one)
    assert (call(), call.__name__) == (1, "one")
    switches.turn_on(f"{one.__module__}.x_one__mutmut_1")
    assert call() == 2


@pytest.mark.parametrize(
    "mutant", [lru_cache(two), property(lambda self: 2), cached_property(lambda self: 2)]
)
def test_a_mutant_of_a_decorated_function_is_turned_on_without_its_decorator(mutant: object) -> None:
    call = switches.wrap_in_trampoline({"x_one__mutmut_1": mutant})(one)
    switches.turn_on(f"{one.__module__}.x_one__mutmut_1")
    arguments = () if hasattr(mutant, "cache_info") else (None,)
    assert call(*arguments) == 2


def test_a_test_is_known_by_the_functions_that_it_calls() -> None:
    reached: set[str] = set()
    call = switches.wrap_in_trampoline({})(one)
    switches.record_calls(reached)
    assert call() == 1
    assert reached == {f"{one.__module__}.x_one"}


def test_tests_that_kill_come_first_then_those_about_the_function_then_a_case_of_each() -> None:
    wide = {f"other{number}": ["wide", "killer"] for number in range(20)}
    seconds = {"killer": 3.0, "slow": 2.0, "quick[1]": 0.1, "quick[2]": 0.2, "wide": 0.01}
    coverage = Coverage(seconds, {"f": list(seconds), **wide})
    assert in_turn(coverage, "f", Counter({"killer": 1})) == [
        "killer",
        "quick[1]",
        "slow",
        "quick[2]",
        "wide",
    ]


def test_the_table_counts_what_was_noticed_by_module_and_in_all() -> None:
    results = {
        "syncing.core.pricing.x_a__mutmut_1": KILLED,
        "syncing.core.pricing.x_a__mutmut_2": ENDLESS,
        "syncing.core.pricing.x_a__mutmut_3": SURVIVED,
        "syncing.core.albums.x_b__mutmut_1": NOT_REACHED,
    }
    assert report(results).splitlines()[2:] == [
        "| albums | 1 | 0 | 0 | 0 | 1 | 0.0 % |",
        "| pricing | 3 | 1 | 1 | 1 | 0 | 66.7 % |",
        "| all | 4 | 1 | 1 | 1 | 1 | 50.0 % |",
    ]


def test_tests_in_a_file_named_like_the_module_come_before_those_that_merely_call_it() -> None:
    named, other = "tests/unit/core/test_plan_results.py::test_it", "tests/unit/core/test_albums.py::test_it"
    function = "syncing.core.planner.x_f"
    coverage = Coverage({other: 0.1, named: 0.2}, {function: [other, named]})
    assert in_turn(coverage, function, Counter()) == [named, other]
