"""Checks a VK call's parameters as the public schema declares them.

Every value arrives as text (the wire form); inside `execute` the JSON values are put into the wire
form first, so both ways in obey the same rules. Unknown names are ignored, as VK does, and noted.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from sandbox.vk.errors import bad

# Sent with any call; not a parameter of a method.
COMMON_NAMES: Final = frozenset(
    {
        "access_token",
        "v",
        "lang",
        "test_mode",
        "captcha_sid",
        "captcha_key",
        "success_token",
        "confirm",
        "func_v",
    }
)
TRUE_WORDS: Final = frozenset({"1", "true", "True"})
FALSE_WORDS: Final = frozenset({"0", "false", "False", ""})
INTEGER: Final = re.compile(r"-?\d{1,19}")


@dataclass(frozen=True, slots=True)
class Param:
    """One declared parameter. `low` and `high` bound a number's value, a text's length, a list's size."""

    name: str
    kind: str
    required: bool = False
    low: int | None = None
    high: int | None = None
    default: Any = None


@dataclass(slots=True)
class Params:
    """Checked values by name. `given` are the names that the caller really sent."""

    values: dict[str, Any]
    given: frozenset[str]
    unknown: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def __contains__(self, name: str) -> bool:
        return name in self.given


def check_params(declared: Sequence[Param], sent: Mapping[str, str]) -> Params:
    """Return the values in their types. Raises VkError 100 that names the first bad parameter."""
    values: dict[str, Any] = {}
    given: set[str] = set()
    for param in declared:
        if param.name in sent:
            values[param.name] = _READERS[param.kind](param, sent[param.name])
            given.add(param.name)
        elif param.required:
            raise bad(f"{param.name} is undefined")
        else:
            values[param.name] = param.default
    names = {param.name for param in declared} | COMMON_NAMES
    return Params(values, frozenset(given), [name for name in sent if name not in names])


def to_wire(value: object) -> str | None:
    """Return a script's value as the text that a client would send; None leaves the parameter out."""
    match value:
        case None:
            return None
        case bool():
            return "1" if value else "0"
        case str():
            return value
        case list():
            return ",".join(to_wire(item) or "" for item in value)
        case dict():
            return json.dumps(value, ensure_ascii=False, default=str)
        case _:
            return str(value)


def _bounded(param: Param, value: int | Decimal) -> None:
    if param.low is not None and value < param.low:
        raise bad(f"{param.name} should be greater or equal to {param.low}")
    if param.high is not None and value > param.high:
        raise bad(f"{param.name} should be less or equal to {param.high}")


def _integer(param: Param, text: str) -> int:
    if not INTEGER.fullmatch(text.strip()):
        raise bad(f"{param.name} not integer")
    value = int(text)
    _bounded(param, value)
    return value


def _number(param: Param, text: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise bad(f"{param.name} should be number") from None
    if not value.is_finite():
        raise bad(f"{param.name} should be number")
    _bounded(param, value)
    return value


def _boolean(param: Param, text: str) -> bool:
    if text not in TRUE_WORDS | FALSE_WORDS:
        raise bad(f"{param.name} should be boolean")
    return text in TRUE_WORDS


def _text(param: Param, text: str) -> str:
    length = len(text)
    if param.low is not None and length < param.low:
        raise bad(f"{param.name} should be at least {param.low} letters length")
    if param.high is not None and length > param.high:
        raise bad(f"{param.name} should be at most {param.high} letters length")
    return text


def _texts(param: Param, text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if param.high is not None and len(parts) > param.high:
        raise bad(f"{param.name} should have at most {param.high} elements")
    return parts


def _integers(param: Param, text: str) -> list[int]:
    parts = _texts(param, text)
    if not all(INTEGER.fullmatch(part) and int(part) >= 0 for part in parts):
        raise bad(f"{param.name} should be a list of positive integers")
    return [int(part) for part in parts]


_READERS: Final = {
    "int": _integer,
    "number": _number,
    "bool": _boolean,
    "text": _text,
    "ints": _integers,
    "texts": _texts,
}


def day(params: Params, name: str) -> float | None:
    """Return when a parameter's day begins, None where it was not given. Raises VkError 100."""
    if not params[name]:
        return None
    try:
        return datetime.strptime(params[name], "%Y-%m-%d").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise bad(f"{name} is invalid") from None
