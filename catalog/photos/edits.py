"""How a merchant turns and crops a photo: numbers, never pictures. No Django and no Pillow here."""

from dataclasses import dataclass
from typing import Self

WHOLE = 1_000
# A crop leaves at least a fifth of the shorter side.
SMALLEST = 200


@dataclass(frozen=True, slots=True)
class PhotoEdit:
    """Quarter turns to the right, then a square cut out of what is seen then.

    `size` is the square's side in thousandths of the shorter side, None for no crop. `across` and `down` say
    in thousandths of the free room where it lies: 0 at the left or upper edge, 1000 at the other.
    """

    turns: int = 0
    size: int | None = None
    across: int = WHOLE // 2
    down: int = WHOLE // 2

    def box(self, width: int, height: int) -> tuple[int, int, int, int] | None:
        """Return the square of a turned picture as left, upper, right and lower edge, None for no crop."""
        if self.size is None:
            return None
        side = max(1, min(width, height) * self.size // WHOLE)
        left, upper = (width - side) * self.across // WHOLE, (height - side) * self.down // WHOLE
        return left, upper, left + side, upper + side

    def to_argument(self) -> str:
        """Return the edit as the child process takes it."""
        return ",".join(str(value) for value in (self.turns, self.size or 0, self.across, self.down))

    @classmethod
    def from_argument(cls, text: str) -> Self:
        """Read what `to_argument` wrote. Raises ValueError."""
        turns, size, across, down = (int(value) for value in text.split(","))
        return cls(turns, size or None, across, down)
