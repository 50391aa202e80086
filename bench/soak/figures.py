"""What a soak has seen."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Figures:
    """Counts, and a line for each product that is wrong, seen twice or forbidden, and each endless run."""

    days: int = 0
    runs: int = 0
    writes: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)
    # Second items that nobody sees and that are removed after thirty days.
    left_hidden: int = 0
    stuck: list[str] = field(default_factory=list)
    compared: int = 0
