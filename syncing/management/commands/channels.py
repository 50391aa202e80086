"""`manage.py channels`: which channels of notifications are set up, and a test by those of a merchant."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.base import find_merchant
from syncing.services.channel_check import channel_states, send_samples


class Command(BaseCommand):
    help = (
        "Tells which channels of notifications are set up; with --test, sends one to a merchant right away."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--test", metavar="EMAIL", help="send a test by every channel of this merchant's")

    def handle(self, *args: Any, **options: Any) -> None:
        problems = self._show()
        if options["test"]:
            problems += self._send(options["test"])
        if problems:
            raise CommandError(f"{problems} to put right.")

    def _show(self) -> int:
        states = channel_states()
        for state in states:
            self.stdout.write(f"{state.kind.value}: {'on' if state.is_offered else 'off'}, {state.facts}\n")
            for problem in state.problems:
                self.stdout.write(f"  ! {problem}\n")
        return sum(len(state.problems) for state in states)

    def _send(self, email: str) -> int:
        results = list(send_samples(find_merchant(email)))
        if not results:
            raise CommandError("Every channel of this merchant is off.")
        for result in results:
            name = f"{result.channel.kind} {result.channel.name}".strip()
            self.stdout.write(f"test, {name}: {result.error or 'taken'}\n")
        return sum(bool(result.error) for result in results)
