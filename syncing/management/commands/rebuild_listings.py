"""Rebuilds the map from products to VK items out of the stamps in VK."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from accounts.models import User
from connections.clients.error_catalog import lookup
from connections.clients.errors import ClientError
from syncing.management.commands._merchant import BAD_USAGE, FAILED, find_merchant
from syncing.models import SyncConfig
from syncing.services.errors import CannotSync
from syncing.services.rebuild_listings import rebuild_listings


class Command(BaseCommand):
    help = "Rebuild the map from VK after our table of listings was lost or restored. Writes nothing in VK."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", nargs="?", metavar="EMAIL")
        parser.add_argument("--all", action="store_true", help="every merchant who switched the sync on")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["email"]) == options["all"]:
            raise CommandError("Name one merchant's email, or --all.", returncode=BAD_USAGE)
        if options["email"]:
            users = [find_merchant(options["email"])]
        else:
            users = [config.user for config in SyncConfig.objects.enabled().select_related("user")]
        failed = [user.email for user in users if not self._rebuild(user)]
        if failed:
            raise CommandError(
                f"Not rebuilt: {', '.join(failed)}. The maps of the others are complete.", returncode=FAILED
            )

    def _rebuild(self, user: User) -> bool:
        try:
            found = rebuild_listings(user)
        except CannotSync as error:
            self.stderr.write(f"{user.email}: {error.text}")
            return False
        except ClientError as error:
            row = lookup(error.code)
            self.stderr.write(f"{user.email}: {row.text} {row.next_step}")
            return False
        self.stdout.write(
            f"{user.email}: items in VK: {found.items}. Tied to products: {found.tied} "
            f"({found.already} of them were known). Not ours or unknown: {found.items - found.tied}."
        )
        if found.unknown:
            self.stdout.write(
                f"  {len(found.unknown)} of them have our stamp, and nobody here knows the product. No run "
                "touches them: show them to the merchant, who removes what they no longer sell."
            )
        for url in found.unknown:
            self.stdout.write(f"  {url}")
        return True
