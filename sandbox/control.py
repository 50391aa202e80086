"""Control endpoints under `/_sandbox/`, so that another process can act as the merchant.

On both ports: `GET calls` (the log), `POST forget` (empties it), `POST fault` with the keywords of
`faults.Fault` as JSON, `POST calm` (forgets the planned faults). On Evotor's port also `POST add`,
`edit`, `delete`, `sell`, `reimport`, `push` (the product webhook, to `base_url`) and `GET products`; on
VK's port `GET items` and `POST merchant` with `{"action": "rename_item", …}` for any action of
`vk_merchant`. A request that does not fit answers 400 with its reason.
"""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any, Protocol

from sandbox.faults import Fault, FaultPlan
from sandbox.wire import Request, Response

Action = Callable[[dict[str, Any]], Any]


class State(Protocol):
    """What the memory of either stand-in has."""

    lock: threading.RLock
    faults: FaultPlan
    requests: int
    warnings: list[str]

    @property
    def calls(self) -> Sequence[Any]:
        """The call log, of records."""

    def fault(self, kind: str, **more: Any) -> Fault:
        """Plan a fault."""

    def forget_calls(self) -> None:
        """Empty the call log."""


class Control:
    """What both ports offer. Subclasses add their own reads and actions."""

    def __init__(self, state: State) -> None:
        self._log = state
        self.reads: dict[str, Callable[[], Any]] = {"calls": self._calls}
        self.actions: dict[str, Action] = {"fault": self._fault, "calm": self._calm, "forget": self._forget}

    def handle(self, name: str, request: Request) -> Response:
        """Answer one control request."""
        try:
            if request.verb == "GET" and name in self.reads:
                return Response.of_json(self.reads[name]())
            if request.verb == "POST" and name in self.actions:
                answer = self.actions[name](request.json())
                return Response.of_json(_shown(answer))
        except KeyError as error:
            return Response.of_json({"error": f"not found: {error}"}, 400)
        except (TypeError, ValueError, AttributeError, OSError) as error:
            return Response.of_json({"error": str(error)}, 400)
        known = ", ".join([*self.reads, *self.actions])
        return Response.of_json({"error": f"unknown control {request.verb} {name}; known: {known}"}, 404)

    def _calls(self) -> dict[str, Any]:
        with self._log.lock:
            calls = [asdict(call) for call in self._log.calls]
            counts = Counter(call["method"] for call in calls)
            return {
                "requests": self._log.requests,
                "counts": counts,
                "calls": calls,
                "warnings": self._log.warnings,
            }

    def _fault(self, body: dict[str, Any]) -> None:
        self._log.fault(**body)

    def _calm(self, _body: dict[str, Any]) -> None:
        self._log.faults.clear()

    def _forget(self, _body: dict[str, Any]) -> None:
        self._log.forget_calls()


def _shown(value: object) -> object:
    if isinstance(value, dict):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return {"ok": True}
