"""Faults on demand: each fires on the nth matching call and changes that call alone.

Kinds that both stand-ins know: `http` (an HTML page with `status`; `executed=True` lets the call
take effect first), `delay` and `drip` (`seconds`; the call has taken effect), `cut` (half of the
body), `bad_json` (200 with text that is no JSON), `truncated` (valid HTTP, half of the JSON), `huge` (the
answer behind 40 MB of spaces), `bomb` (so it is, compressed), `not_gzip` (said to be compressed, and is not),
`reset_before` and `reset_after` (the connection breaks before or after the effect), `action`
(`do()` runs just before the call is answered).

VK only: `error` (any `code` and `subcode`, with the `text` as its tail), `captcha` (14, or 3300 by `code`).
Where `method` names a method that also runs inside `execute`, the inner calls count too; `inner=True` or
`inner=False` narrows it. A `reset_*` that fires on an inner call breaks the script at that very call.

Evotor only: `error` (any `status` with a JSON body), `empty_page` (no items, but a next cursor),
`repeat_cursor` (the same cursor again), `shift` (the page repeats the last item of the page before
instead of its own last one, so that one is doubled and one is lost), `blank` (a list without items and
without a cursor), `omit` (every record lacks the fields that `text` names, by commas), `broken` (the
first record of the page has no id).
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

COMMON: Final = frozenset(
    {
        "http",
        "delay",
        "drip",
        "cut",
        "bad_json",
        "truncated",
        "huge",
        "bomb",
        "not_gzip",
        "reset_before",
        "reset_after",
        "action",
        "error",
    }
)
VK_KINDS: Final = COMMON | {"captcha"}
EVOTOR_KINDS: Final = COMMON | {"empty_page", "repeat_cursor", "shift", "blank", "omit", "broken"}
# Kinds that answer one call of a script; the others can only break a whole HTTP request.
INNER_KINDS: Final = frozenset({"error", "captcha", "reset_before", "reset_after", "action"})


@dataclass(slots=True)
class Fault:
    """One fault: fires on matching calls `nth` to `nth + times - 1`; `times=0` means for ever."""

    kind: str
    method: str | None = None
    nth: int = 1
    times: int = 1
    inner: bool | None = None
    status: int = 502
    code: int = 10
    text: str = ""
    subcode: int = 0
    seconds: float = 1.0
    executed: bool = False
    do: Callable[[], object] | None = None
    seen: int = 0

    def matches(self, method: str, *, inner: bool) -> bool:
        """Return True if a call counts for this fault."""
        if self.inner is None:
            may_be_inner = self.method is not None and self.kind in INNER_KINDS
        else:
            may_be_inner = self.inner
        if inner and not may_be_inner:
            return False
        if not inner and self.inner is True:
            return False
        return self.method in (None, method)

    @property
    def unexecuted(self) -> bool:
        """Return True if the call fails before it takes any effect."""
        return self.kind == "reset_before" or (self.kind == "http" and not self.executed)

    def due(self) -> bool:
        """Return True if the call just counted is one that the fault changes."""
        return self.nth <= self.seen and (self.times == 0 or self.seen < self.nth + self.times)


class FaultPlan:
    """The faults that one stand-in is to show."""

    def __init__(self, kinds: frozenset[str]) -> None:
        self._kinds = kinds
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> Fault:
        """Plan a fault. Raises ValueError where this stand-in does not know its kind."""
        if fault.kind not in self._kinds:
            raise ValueError(f"unknown fault {fault.kind!r}; known: {', '.join(sorted(self._kinds))}")
        with self._lock:
            self._faults.append(fault)
        return fault

    def take(self, method: str, *, inner: bool = False) -> Fault | None:
        """Count a call for every fault that it matches; return the first that is due."""
        hit: Fault | None = None
        with self._lock:
            for fault in self._faults:
                if fault.matches(method, inner=inner):
                    fault.seen += 1
                    if hit is None and fault.due():
                        hit = fault
        return hit

    def clear(self) -> None:
        """Forget every planned fault."""
        with self._lock:
            self._faults.clear()


class DroppedError(Exception):
    """The connection breaks here: no answer is sent."""
