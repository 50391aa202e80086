"""The numbers that a stand-in gives out."""


class Numbers:
    """Gives whole numbers in their order, and can be copied, as `itertools.count` in time cannot."""

    def __init__(self, first: int) -> None:
        self._next = first

    def __next__(self) -> int:
        number, self._next = self._next, self._next + 1
        return number
