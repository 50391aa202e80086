"""How VK's answers are read: the whole, the value of one call, and the results of a script's calls."""

from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import msgspec

from connections.clients.error_catalog import VkError
from connections.clients.errors import ClientError, Transient
from connections.clients.http import loads, read_decimal
from connections.clients.service import Service
from connections.clients.vk.errors import error_for
from connections.clients.vk.records import Call

T = TypeVar("T")

# What a script shows in place of an answer that was an error.
FALSE = b"false"


class _Answer(msgspec.Struct, frozen=True):
    """VK's answer; what a method returned is still text."""

    response: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    error: Any = msgspec.UNSET
    execute_errors: Any = None


_decode_answer = msgspec.json.Decoder(_Answer, float_hook=read_decimal).decode
_split = msgspec.json.Decoder(list[msgspec.Raw]).decode


def read_unparsed(body: bytes) -> dict[str, Any] | None:
    """Return an answer in which the text of `response` is kept for the call's own reader, else None."""
    try:
        body.decode()
        answer = _decode_answer(body)
    except (UnicodeDecodeError, msgspec.MsgspecError, ArithmeticError, RecursionError):
        return None
    found = {"response": answer.response, "error": answer.error, "execute_errors": answer.execute_errors}
    return {name: value for name, value in found.items() if value is not msgspec.UNSET}


def _values(response: Any) -> Any:
    """Return what each call of a script answered, its text where that is still unread."""
    if not isinstance(response, msgspec.Raw):
        return response
    try:
        return [
            False if bytes(memoryview(value)[: len(FALSE) + 1]) == FALSE else value
            for value in _split(response)
        ]
    except (msgspec.MsgspecError, RecursionError):
        return loads(bytes(response))


def pair_results(calls: Sequence[Call[T]], answer: Mapping[str, Any]) -> list[T | ClientError]:
    """Give each `false` its error."""
    values = _values(answer["response"])
    errors = answer.get("execute_errors") or []
    errors = errors if isinstance(errors, list) else [errors]
    if not isinstance(values, list) or len(values) != len(calls):
        if errors:
            raise error_for(errors[0], "execute")
        raise Transient(
            Service.VK,
            VkError.BAD_JSON,
            "VK answered other calls than ours",
            method="execute",
            may_have_run=True,
        )
    queue = deque(errors)
    is_one_each = len(errors) == sum(value is False for value in values)
    results: list[T | ClientError] = []
    for call, value in zip(calls, values, strict=True):
        if value is False:
            found = queue.popleft() if is_one_each else _next_of(call.method, queue)
            error = error_for(found, call.method)
            results.append(call.parse(1) if is_tolerated(call, error) else error)
            continue
        try:
            results.append(parse_value(call, value))
        except ClientError as broken:
            results.append(broken)
    return results


def _next_of(method: str, errors: deque[Any]) -> Any:
    """Return a method's next error, of more or fewer than there are refused calls; unknown where it has none.

    VK lists errors in the order of the calls and names the method of each.
    """
    for error in errors:
        if isinstance(error, dict) and error.get("method", method) == method:
            errors.remove(error)
            return error
    return {"error_code": 1}


def is_tolerated(call: Call[Any], error: ClientError) -> bool:
    """Return True if the call counts as done in spite of the error."""
    return any(error.code == code and words in error.text for code, words in call.tolerated_errors)


def parse_value(call: Call[T], value: Any) -> T:
    """Return what a call makes of its answer, text or read. Raises Transient where its shape is unknown."""
    try:
        if isinstance(value, msgspec.Raw):
            if call.parse_text is not None:
                with suppress(msgspec.MsgspecError, ArithmeticError, RecursionError):
                    return call.parse_text(value)
            value = loads(bytes(value))
        return call.parse(value)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError, RecursionError):
        raise Transient(
            Service.VK,
            VkError.BAD_JSON,
            "VK's answer has an unknown shape",
            method=call.method,
            may_have_run=not call.is_read,
        ) from None
