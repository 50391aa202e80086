"""What came of an attack."""

from dataclasses import dataclass, field


@dataclass
class Outcome:
    """How much was sent, and what of it got through: one line each, which should be none."""

    name: str
    sent: int = 0
    through: list[str] = field(default_factory=list)
    note: str = ""

    def expect(self, holds: bool, what: str) -> None:  # noqa: FBT001 - reads like an assertion
        """Count one thing that was tried, and what it was where it got through."""
        self.sent += 1
        if not holds:
            self.through.append(what)
