"""Writes a merchant's support bundle: `manage.py support_bundle EMAIL [--output FILE]`."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from evosync.common import clock
from syncing.management.commands._merchant import BAD_USAGE, find_merchant
from syncing.services.support_bundle import support_bundle


class Command(BaseCommand):
    help = "Write state, last runs, versions and settings of a merchant into a ZIP file, without secrets."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--output", metavar="FILE", type=Path, help="the file; it must not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        user, now = find_merchant(options["email"]), clock.now()
        path = options["output"] or Path(
            f"evosync-support-{user.pk}-{timezone.localtime(now):%Y%m%d-%H%M%S}.zip"
        )
        try:
            with path.open("xb") as file:
                file.write(support_bundle(user, now=now))
        except OSError as error:
            raise CommandError(
                f"Nothing was written to {path}: {error.strerror}.", returncode=BAD_USAGE
            ) from error
        self.stdout.write(str(path))
