"""The statements of a compiled script.

Running one returns None, or the `Returned` that ends the script.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from sandbox.vk.errors import VkError
from sandbox.vk.vkscript import values
from sandbox.vk.vkscript.machine import Machine
from sandbox.vk.vkscript.nodes import Element, Node, Path, Variable, index


@dataclass(frozen=True, slots=True)
class Returned:
    """What `return` gave."""

    value: Any


class Statement(Protocol):
    """One statement."""

    def run(self, machine: Machine) -> Returned | None:
        """Run it."""


def run_all(statements: Iterable[Statement], machine: Machine) -> Returned | None:
    """Run statements until one returns."""
    for statement in statements:
        machine.spend()
        returned = statement.run(machine)
        if returned is not None:
            return returned
    return None


@dataclass(frozen=True, slots=True)
class Evaluate:
    """An expression for its effect."""

    node: Node

    def run(self, machine: Machine) -> None:
        """Evaluate it."""
        self.node.evaluate(machine)


@dataclass(frozen=True, slots=True)
class Assign:
    """`var a = …`, `a = …`, `a.b = …` or `a[b] = …`."""

    place: Variable | Path
    node: Node

    def run(self, machine: Machine) -> None:
        """Evaluate and assign."""
        value = self.node.evaluate(machine)
        if isinstance(self.place, Variable):
            machine.variables[self.place.name] = value
            return
        holder, key = _holder(self.place, machine)
        if isinstance(holder, dict):
            holder[values.text_of(key)] = value
            return
        at = index(key)
        if not isinstance(holder, list) or at is None or not 0 <= at <= len(holder):
            raise VkError(13, f"cannot assign to this element of {values.kind_of(holder)}")
        holder[at : at + 1] = [value]


@dataclass(frozen=True, slots=True)
class Delete:
    """`delete a.b` or `delete a[b]`."""

    place: Path

    def run(self, machine: Machine) -> None:
        """Remove the field or the element; one that is not there is no fault."""
        holder, key = _holder(self.place, machine)
        if isinstance(holder, dict):
            holder.pop(values.text_of(key), None)
            return
        at = index(key)
        if isinstance(holder, list) and at is not None and 0 <= at < len(holder):
            machine.spend(len(holder))
            del holder[at]


@dataclass(frozen=True, slots=True)
class Return:
    """`return …`."""

    node: Node

    def run(self, machine: Machine) -> Returned:
        """End the script."""
        return Returned(self.node.evaluate(machine))


@dataclass(frozen=True, slots=True)
class If:
    """`if (…) … else …`."""

    condition: Node
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]

    def run(self, machine: Machine) -> Returned | None:
        """Run one side."""
        chosen = self.then if values.is_true(self.condition.evaluate(machine)) else self.otherwise
        return run_all(chosen, machine)


@dataclass(frozen=True, slots=True)
class While:
    """`while (…) …`."""

    condition: Node
    body: tuple[Statement, ...]

    def run(self, machine: Machine) -> Returned | None:
        """Run the body while the condition holds; the machine's steps end a loop that never ends."""
        while values.is_true(self.condition.evaluate(machine)):
            machine.spend()
            returned = run_all(self.body, machine)
            if returned is not None:
                return returned
        return None


def _holder(place: Path, machine: Machine) -> tuple[Any, Any]:
    """Return the array or object that a path ends in, and the key there."""
    last = place.links[-1]
    assert isinstance(last, Element)  # noqa: S101 - the parser makes no other place
    key = last.key.evaluate(machine)
    if isinstance(key, (list, dict)):
        raise VkError(13, f"{values.kind_of(key)} is no key")
    return Path(place.base, place.links[:-1]).evaluate(machine), key
