"""What fails while merchants live, and how often."""

import random
from typing import Any

from bench.soak.clock import Clock
from bench.soak.figures import Figures

RATE = 0.03
VK_FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "reset_before"},
    {"kind": "reset_after"},
    {"kind": "http", "status": 500, "executed": True},
    {"kind": "http", "status": 502},
    {"kind": "http", "status": 504, "executed": True},
    {"kind": "cut"},
    {"kind": "bad_json"},
    {"kind": "truncated"},
    *({"kind": "error", "code": code} for code in (1, 6, 9, 10, 13, 29)),
)
INNER_FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "reset_before"},
    {"kind": "reset_after"},
    *({"kind": "error", "code": code} for code in (6, 9, 10, 29)),
)
TILL_FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "reset_before"},
    {"kind": "http", "status": 500},
    {"kind": "http", "status": 502},
    {"kind": "cut"},
    {"kind": "bad_json"},
    {"kind": "truncated"},
    {"kind": "empty_page"},
    {"kind": "repeat_cursor"},
    {"kind": "shift"},
)
LOST_FIELDS = ("quantity", "price", "allow_to_sell", "parent_id", "type")


class RandomFaults:
    """Plans faults by chance instead of by count, in the place of a stand-in's plan."""

    def __init__(self, plan: Any, chance: random.Random, figures: Figures, outer: Any, inner: Any) -> None:
        self._plan, self._chance, self._figures = plan, chance, figures
        self._outer, self._inner = outer, inner
        self.clock: Clock | None = None
        self.is_on = False

    def take(self, method: str, *, inner: bool = False) -> Any:
        """Return the fault of one call, most often none."""
        from sandbox.faults import Fault

        if self.clock is not None and not inner:
            self.clock.sleep(0.4)
        kinds = self._inner if inner else self._outer
        if not self.is_on or self._chance.random() >= RATE or not kinds:
            return self._plan.take(method, inner=inner)
        chosen = self._chance.choice(kinds)
        self._figures.faults[" ".join(str(value) for value in chosen.values())] += 1
        return Fault(**chosen)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plan, name)
