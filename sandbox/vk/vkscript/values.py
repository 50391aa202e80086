"""What VKScript's values are and how they behave: null, booleans, numbers, strings, arrays, objects.

They follow JavaScript, of which VK calls its language a subset: arrays and objects are references,
`null` counts as zero, a text with a number in it counts as that number.
"""

import math
from collections.abc import Collection
from typing import Any, Final

from sandbox.vk.errors import VkError

INTEGER_MAX: Final = 2**63 - 1
NUMBER_LENGTH_MAX: Final = 40
# Deeper values are no answer of VK's; a value that holds itself is endlessly deep.
DEPTH_MAX: Final = 100
Number = int | float


def number_of(value: Any) -> Number:
    """Return a value as a number. Raises VkError 13 where it is none."""
    match value:
        case None:
            return 0
        case bool():
            return int(value)
        case int() | float():
            return value
        case str():
            found = parsed(value)
            if found is not None:
                return found
    raise VkError(13, f"{kind_of(value)} is not a number")


def parsed(text: str) -> Number | None:
    """Return the number that a text spells, 0 for an empty one, or None."""
    text = text.strip()
    if not text:
        return 0
    if len(text) > NUMBER_LENGTH_MAX or not text.isascii() or "_" in text:
        return None
    try:
        return bounded(int(text))
    except ValueError:
        pass
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def bounded(value: Number) -> Number:
    """Return a result in the range of VK's numbers. Raises VkError 13 beyond that of a double."""
    if isinstance(value, int) and abs(value) > INTEGER_MAX:
        value = float(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise VkError(13, "number is out of range")
    return value


def is_true(value: Any) -> bool:
    """Return True if a condition with this value holds. Empty arrays and objects are true."""
    return True if isinstance(value, (list, dict)) else bool(value)


def are_equal(left: Any, right: Any) -> bool:
    """Return `left == right`: arrays and objects by identity, texts and numbers by their number."""
    if left is None or right is None:
        return left is right
    if isinstance(left, (list, dict)) or isinstance(right, (list, dict)):
        return left is right
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    one = parsed(left) if isinstance(left, str) else left
    two = parsed(right) if isinstance(right, str) else right
    return one is not None and two is not None and one == two


def are_identical(left: Any, right: Any) -> bool:
    """Return `left === right`: equal and of one kind."""
    return kind_of(left) == kind_of(right) and are_equal(left, right)


def is_less(left: Any, right: Any) -> bool:
    """Return `left < right`. Raises VkError 13 where they have no order."""
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    return number_of(left) < number_of(right)


def text_of(value: Any) -> str:
    """Return a value as `+` writes it into a text. Raises VkError 13 for arrays in arrays and objects."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) <= INTEGER_MAX:
            return str(int(value))
        case str() | int() | float():
            return str(value)
        case list():
            if any(isinstance(item, (list, dict)) for item in value):
                raise VkError(13, "array is too deep for a text")
            return ",".join("" if item is None else text_of(item) for item in value)
    raise VkError(13, "object cannot become a text")


def kind_of(value: Any) -> str:
    """Return the name of a value's kind, for messages."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


def size_of(value: Any, most: int) -> int:
    """Return roughly how long a value is as JSON. Raises VkError 13 for more than `most`, or too deep.

    Counted before anything is written: parts may be shared, and a value may hold itself.
    """
    size = 0
    waiting: list[tuple[Collection[Any], int]] = [([value], -1)]
    while waiting:
        parts, depth = waiting.pop()
        if parts and depth >= DEPTH_MAX:
            raise VkError(13, "value is too deep")
        for part in parts:
            if isinstance(part, str):
                size += len(part) + 2
            elif isinstance(part, dict):
                size += 1 + sum(map(len, part)) + 3 * len(part)
                waiting.append((part.values(), depth + 1))
            elif isinstance(part, list):
                size += 1 + len(part)
                waiting.append((part, depth + 1))
            else:
                size += 1
        if size > most:
            raise VkError(13, "response size is too big")
    return size


def weight_of(*parts: Any) -> int:
    """Return how many characters and elements a step has to look through."""
    return sum(len(part) for part in parts if isinstance(part, (str, list)))
