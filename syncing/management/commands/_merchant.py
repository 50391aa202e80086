"""What the commands share: finding the merchant, exit codes, progress on stderr."""

import sys
from types import TracebackType
from typing import Any, ClassVar, Self

from tqdm import tqdm

from accounts.management.base import BAD_USAGE, find_merchant
from syncing.choices import JobPhase

DONE, FAILED, ITEM_ERRORS, NEEDS_APPROVAL = 0, 1, 3, 4
__all__ = ["BAD_USAGE", "DONE", "FAILED", "ITEM_ERRORS", "NEEDS_APPROVAL", "Progress", "find_merchant"]


class Progress:
    """Shows phases and a bar on a terminal's stderr, plain lines elsewhere."""

    NAMES: ClassVar[dict[str, str]] = {
        JobPhase.REFRESH: "Reading the till",
        JobPhase.PLAN: "Reading VK and planning",
        JobPhase.PUBLISH: "Publishing",
    }

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._bar: tqdm[Any] | None = None
        self._phase = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Show where the run stands."""
        if self._quiet:
            return
        if phase != self._phase:
            self._phase = phase
            sys.stderr.write(f"{self.NAMES[phase]} …\n")
            sys.stderr.flush()
        if total and sys.stderr.isatty():
            self._show_bar(done, total)

    def _show_bar(self, done: int, total: int) -> None:
        bar = self._bar or tqdm(total=total, file=sys.stderr)
        self._bar = bar
        bar.total = total
        bar.update(done - bar.n)
