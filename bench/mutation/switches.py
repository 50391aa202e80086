"""One switch for each mutated function: it calls the original until a mutant is turned on.

mutmut's own switch asks the environment at every call, which doubles the time of a test run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from mutmut.mutation.trampoline_templates import mangle_function_name

Function = Callable[..., Any]
# mutmut's generated code names this type.
MutantDict = dict[str, Any]


@dataclass(slots=True)
class Switch:
    """A function and its mutants by name; `active` is what a call runs."""

    original: Function
    mutants: MutantDict
    active: Function


SWITCHES: dict[str, Switch] = {}


def wrap_in_trampoline(
    mutants: MutantDict, *, is_classmethod: bool = False
) -> Callable[[Function], Function]:
    """Return a decorator that puts a function behind a switch; the generated code calls it."""

    def decorate(function: Function) -> Function:
        switch = Switch(original=function, mutants=mutants, active=function)
        SWITCHES[_mangled(function)] = switch

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            return switch.active(*args, **kwargs)

        return call

    return decorate


def _mangled(function: Function) -> str:
    class_name, _, name = function.__qualname__.rpartition(".")
    return f"{function.__module__}.{mangle_function_name(name=name, class_name=class_name or None)}"


def turn_on(mutant: str) -> None:
    """Let the mutant run instead of its function, in this process and for good."""
    switch = SWITCHES[function_of(mutant)]
    switch.active = _plain(switch.mutants[mutant.rpartition(".")[2]])


def function_of(mutant: str) -> str:
    """Return the mangled name of the function that the mutant replaces."""
    return mutant.rpartition("__mutmut_")[0]


def _plain(mutant: Any) -> Function:
    """Return the function inside a property or bound class method: the decorator stays around the switch."""
    inside: Function = mutant
    for attribute in ("fget", "func", "__func__"):
        inside = getattr(inside, attribute, inside)
    return inside


def record_calls(reached: set[str]) -> None:
    """Let every function add its mangled name to `reached` when it is called."""
    for name, switch in SWITCHES.items():
        switch.active = _recording(name, switch.original, reached)


def _recording(name: str, original: Function, reached: set[str]) -> Function:
    def call(*args: Any, **kwargs: Any) -> Any:
        reached.add(name)
        return original(*args, **kwargs)

    return call
