"""Makes the file for VK_CA_BUNDLE: `manage.py build_ca_bundle ROOT.crt … [--output FILE]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from connections.ca_bundle import BadRoot, Root, bundle_with, read_roots
from evosync.common import clock


class Command(BaseCommand):
    """Writes the usual authorities with the given roots behind them, and prints the roots' fingerprints."""

    help = "Write a bundle of certifi's authorities and the given root certificates (PEM or DER)."
    # The bundle is made before VK_CA_BUNDLE can name it.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the roots, and where the bundle goes."""
        parser.add_argument("roots", nargs="+", type=Path, metavar="ROOT.crt")
        parser.add_argument("--output", type=Path, metavar="FILE", help="the bundle; without it, stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check every root before anything is written. The fingerprints go to stderr."""
        roots: list[Root] = []
        for path in options["roots"]:
            try:
                roots += read_roots(path.read_bytes(), now=clock.now())
            except (OSError, BadRoot) as error:
                raise CommandError(f"{path}: {error}") from None
        for root in roots:
            self.stderr.write(f"{root.subject}, valid until {root.valid_until:%Y-%m-%d}")
            self.stderr.write(f"SHA-256 {root.fingerprint}")
        self.stderr.write("Compare the fingerprint with the published one before you use the bundle.")
        bundle = bundle_with(roots)
        if options["output"] is None:
            self.stdout.write(bundle.decode())
            return
        try:
            options["output"].write_bytes(bundle)
        except OSError as error:
            raise CommandError(f"{options['output']}: {error}") from None
