"""The methods that arrays and strings have in VKScript, and the two functions that read numbers."""

import re
from collections.abc import Callable
from typing import Any, Final

from sandbox.vk.errors import VkError
from sandbox.vk.vkscript.machine import Machine
from sandbox.vk.vkscript.values import (
    Number,
    are_identical,
    bounded,
    kind_of,
    number_of,
    parsed,
    text_of,
    weight_of,
)

INTEGER: Final = re.compile(r"\s*([+-]?\d{1,18})")
DOUBLE: Final = re.compile(r"\s*([+-]?\d{1,18}(?:\.\d{1,18})?)")


def call_method(machine: Machine, name: str, subject: Any, values: list[Any]) -> Any:
    """Return what a method of a value answers. Raises VkError 13 where the value does not have it."""
    machine.spend(len(values) + weight_of(*values))
    if isinstance(subject, list) and name in ARRAY_METHODS:
        machine.spend(len(subject) if name in WALKING else 0)
        return ARRAY_METHODS[name](subject, values)
    if isinstance(subject, str) and name in STRING_METHODS:
        machine.spend(len(subject))
        return STRING_METHODS[name](subject, values)
    wanted = "an array" if name in ARRAY_METHODS else "a string"
    raise VkError(13, f"Method {name} requires {wanted}, {kind_of(subject)} given")


def _push(array: list[Any], values: list[Any]) -> int:
    array.extend(values)
    return len(array)


def _pop(array: list[Any], _values: list[Any]) -> Any:
    return array.pop() if array else None


def _shift(array: list[Any], _values: list[Any]) -> Any:
    return array.pop(0) if array else None


def _unshift(array: list[Any], values: list[Any]) -> int:
    array[:0] = values
    return len(array)


def _slice(whole: Any, values: list[Any]) -> Any:
    start = _whole(values, 0, 0)
    return whole[start : _whole(values, 1, len(whole))]


def _splice(array: list[Any], values: list[Any]) -> list[Any]:
    start = slice(_whole(values, 0, 0), None).indices(len(array))[0]
    end = min(len(array), start + max(0, _whole(values, 1, len(array))))
    removed = array[start:end]
    array[start:end] = values[2:]
    return removed


def _index_in_array(array: list[Any], values: list[Any]) -> int:
    wanted = values[0] if values else None
    return next((at for at, item in enumerate(array) if are_identical(item, wanted)), -1)


def _index_in_string(text: str, values: list[Any]) -> int:
    return text.find(text_of(values[0] if values else None))


def _substr(text: str, values: list[Any]) -> str:
    start = slice(_whole(values, 0, 0), None).indices(len(text))[0]
    return text[start : start + max(0, _whole(values, 1, len(text)))]


def _split(text: str, values: list[Any]) -> list[Any]:
    separator = text_of(values[0]) if values else None
    if separator is None:
        return [text]
    return list(text.split(separator)) if separator else list(text)


def _whole(values: list[Any], at: int, default: int) -> int:
    return int(number_of(values[at])) if at < len(values) and values[at] is not None else default


def parse_int(value: Any) -> int:
    """Return the whole number that a value begins with, 0 where it does not."""
    if isinstance(value, str):
        found = INTEGER.match(value)
        return int(found[1]) if found else 0
    return int(number_of(value))


def parse_double(value: Any) -> Number:
    """Return the number that a value begins with, 0 where it does not."""
    if isinstance(value, str):
        found = DOUBLE.match(value)
        return (parsed(found[1]) or 0) if found else 0
    return bounded(number_of(value))


ARRAY_METHODS: Final[dict[str, Callable[[list[Any], list[Any]], Any]]] = {
    "push": _push,
    "pop": _pop,
    "shift": _shift,
    "unshift": _unshift,
    "slice": _slice,
    "splice": _splice,
    "indexOf": _index_in_array,
}
# These look at or move every element.
WALKING: Final = frozenset(ARRAY_METHODS) - {"push", "pop"}
STRING_METHODS: Final[dict[str, Callable[[str, list[Any]], Any]]] = {
    "slice": _slice,
    "substr": _substr,
    "split": _split,
    "indexOf": _index_in_string,
}
METHODS: Final = frozenset(ARRAY_METHODS) | frozenset(STRING_METHODS)
FUNCTIONS: Final[dict[str, Callable[[Any], Any]]] = {"parseInt": parse_int, "parseDouble": parse_double}
