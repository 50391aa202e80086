"""How calls are written: their values, and several calls as one script for `execute`."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connections.clients.vk.records import Call


def write_script(calls: Sequence[Call[Any]]) -> str:
    """Return the script that makes these calls and returns their answers in order."""
    return "return [" + ",".join(_script(call) for call in calls) + "];"


def script_bytes(call: Call[Any]) -> int:
    """Return how much a call adds to the text of an `execute`."""
    return len(_script(call).encode()) + 1


def _script(call: Call[Any]) -> str:
    arguments = json.dumps(encode(call.params), ensure_ascii=False, separators=(",", ":"))
    # U+2028 and U+2029 end a line in script languages, though not in JSON.
    arguments = arguments.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"API.{call.method}({arguments})"


def encode(params: Mapping[str, Any]) -> dict[str, Any]:
    """Write values as VK reads them: lists comma-joined, booleans 1 and 0, None left out."""
    encoded: dict[str, Any] = {}
    for name, value in params.items():
        if isinstance(value, bool):
            encoded[name] = int(value)
        elif isinstance(value, Iterable) and not isinstance(value, str):
            encoded[name] = ",".join(str(part) for part in value)
        elif value is not None:
            encoded[name] = value
    return encoded
