"""What the commands share: finding the merchant, exit codes, progress on stderr."""

import sys
from types import TracebackType
from typing import Any, ClassVar, Self

from django.core.management import CommandError
from tqdm import tqdm

from accounts.models import User
from syncing.choices import JobPhase

DONE, FAILED, BAD_USAGE, ITEM_ERRORS, NEEDS_APPROVAL = 0, 1, 2, 3, 4


def find_merchant(email: str) -> User:
    """Return the user with this e-mail address, or raise a CommandError that says what to do."""
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        raise CommandError(
            f"There is no merchant with the e-mail {email}. Make one: manage.py create_merchant {email}",
            returncode=BAD_USAGE,
        )
    return user


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
