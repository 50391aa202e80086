"""The parts of a compiled script and what each does when it runs.

Chains (`a + b + c`, `a.b.c`) are one node with many links, so a long one takes no deeper stack.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sandbox.vk.errors import VkError
from sandbox.vk.vkscript import values
from sandbox.vk.vkscript.machine import Machine
from sandbox.vk.vkscript.methods import FUNCTIONS, call_method


class Node(Protocol):
    """An expression."""

    def evaluate(self, machine: Machine) -> Any:
        """Return its value."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A text, a number, true, false or null."""

    value: Any

    def evaluate(self, _machine: Machine) -> Any:
        """Return it."""
        return self.value


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable; one that nothing was assigned to is null."""

    name: str

    def evaluate(self, machine: Machine) -> Any:
        """Return its value."""
        return machine.variables.get(self.name)


@dataclass(frozen=True, slots=True)
class Array:
    """`[a, b]`."""

    items: tuple[Node, ...]

    def evaluate(self, machine: Machine) -> list[Any]:
        """Return a new array."""
        machine.spend(len(self.items))
        return [item.evaluate(machine) for item in self.items]


@dataclass(frozen=True, slots=True)
class Object:
    """`{a: 1, "b": 2}`."""

    fields: tuple[tuple[str, Node], ...]

    def evaluate(self, machine: Machine) -> dict[str, Any]:
        """Return a new object."""
        machine.spend(len(self.fields))
        return {name: node.evaluate(machine) for name, node in self.fields}


@dataclass(frozen=True, slots=True)
class Api:
    """`API.section.method(arguments)`."""

    method: str
    arguments: Node

    def evaluate(self, machine: Machine) -> Any:
        """Call the method."""
        machine.spend()
        return machine.call_api(self.method, self.arguments.evaluate(machine))


@dataclass(frozen=True, slots=True)
class Function:
    """`parseInt(value)` or `parseDouble(value)`."""

    name: str
    argument: Node

    def evaluate(self, machine: Machine) -> Any:
        """Return the number."""
        value = self.argument.evaluate(machine)
        machine.spend(values.weight_of(value))
        return FUNCTIONS[self.name](value)


@dataclass(frozen=True, slots=True)
class Unary:
    """`!a` and `-a`, with as many signs as there are before one value."""

    signs: str
    node: Node

    def evaluate(self, machine: Machine) -> Any:
        """Apply the signs, the nearest first."""
        value = self.node.evaluate(machine)
        for sign in reversed(self.signs):
            machine.spend(values.weight_of(value))
            value = not values.is_true(value) if sign == "!" else values.bounded(-values.number_of(value))
        return value


@dataclass(frozen=True, slots=True)
class Chain:
    """Operators of one rank, from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]

    def evaluate(self, machine: Machine) -> Any:
        """Apply them one after another."""
        value = self.first.evaluate(machine)
        for sign, node in self.rest:
            if sign == "&&" and not values.is_true(value):
                return value
            if sign == "||" and values.is_true(value):
                return value
            other = node.evaluate(machine)
            machine.spend()
            value = other if sign in ("&&", "||") else apply(machine, sign, value, other)
        return value


@dataclass(frozen=True, slots=True)
class Conditional:
    """`a ? b : c`."""

    condition: Node
    then: Node
    otherwise: Node

    def evaluate(self, machine: Machine) -> Any:
        """Return the chosen side; the other is not evaluated."""
        machine.spend()
        chosen = self.then if values.is_true(self.condition.evaluate(machine)) else self.otherwise
        return chosen.evaluate(machine)


@dataclass(frozen=True, slots=True)
class Element:
    """The link `.name` or `[key]` of a path."""

    key: Node


@dataclass(frozen=True, slots=True)
class Column:
    """The link `@.name` of a path."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """The link `.method(arguments)` of a path."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """A value and what is taken from it: `a.b[0]@.c.push(1)`."""

    base: Node
    links: tuple[Element | Column | Call, ...]

    def evaluate(self, machine: Machine) -> Any:
        """Follow the links."""
        value = self.base.evaluate(machine)
        for link in self.links:
            machine.spend()
            match link:
                case Element(key):
                    value = element(value, key.evaluate(machine))
                case Column(name):
                    value = column(machine, value, name)
                case Call(name, arguments):
                    given = [node.evaluate(machine) for node in arguments]
                    value = call_method(machine, name, value, given)
        return value


def apply(machine: Machine, sign: str, left: Any, right: Any) -> Any:
    """Return `left sign right`. Raises VkError 13 where the values do not fit."""
    machine.spend(values.weight_of(left, right))
    if sign == "+":
        return add(left, right)
    if sign in COMPARISONS:
        return COMPARISONS[sign](left, right)
    one, two = values.number_of(left), values.number_of(right)
    if sign in ("/", "%") and two == 0:
        raise VkError(13, "division by zero")
    try:
        return values.bounded(ARITHMETIC[sign](one, two))
    except OverflowError:
        raise VkError(13, "number is out of range") from None


def add(left: Any, right: Any) -> Any:
    """Return a sum of numbers, two texts in one, or two arrays in one."""
    if isinstance(left, list) and isinstance(right, list):
        return left + right
    if isinstance(left, str) or isinstance(right, str):
        return values.text_of(left) + values.text_of(right)
    return values.bounded(values.number_of(left) + values.number_of(right))


def element(value: Any, key: Any) -> Any:
    """Return a field, an element or the length; null where there is none. Raises VkError 13."""
    if isinstance(key, (list, dict)):
        raise VkError(13, f"{values.kind_of(key)} is no key")
    if key == "length" and isinstance(value, (list, str)):
        return len(value)
    if isinstance(value, (list, str)):
        at = index(key)
        return value[at] if at is not None and 0 <= at < len(value) else None
    return value.get(values.text_of(key)) if isinstance(value, dict) else None


def column(machine: Machine, rows: Any, name: str) -> Any:
    """Return the field of every object of an array. Raises VkError 13 for what is no array."""
    if rows is None or rows is False:
        return []
    if not isinstance(rows, list):
        raise VkError(13, f"@. requires an array, {values.kind_of(rows)} given")
    machine.spend(len(rows))
    return [row.get(name) if isinstance(row, dict) else None for row in rows]


def index(key: Any) -> int | None:
    """Return a key as the place in an array, or None."""
    if isinstance(key, bool) or not isinstance(key, (int, float, str)):
        return None
    number = values.parsed(key) if isinstance(key, str) else key
    return int(number) if number is not None and number == int(number) else None


def _quotient(one: values.Number, two: values.Number) -> values.Number:
    exact = isinstance(one, int) and isinstance(two, int) and one % two == 0
    return one // two if exact else one / two


def _remainder(one: values.Number, two: values.Number) -> values.Number:
    rest = abs(one) % abs(two)
    return -rest if one < 0 else rest


ARITHMETIC: Final[dict[str, Callable[[values.Number, values.Number], values.Number]]] = {
    "-": operator.sub,
    "*": operator.mul,
    "/": _quotient,
    "%": _remainder,
}
COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": values.are_equal,
    "!=": lambda left, right: not values.are_equal(left, right),
    "===": values.are_identical,
    "!==": lambda left, right: not values.are_identical(left, right),
    "<": values.is_less,
    ">": lambda left, right: values.is_less(right, left),
    "<=": lambda left, right: not values.is_less(right, left),
    ">=": lambda left, right: not values.is_less(left, right),
}
