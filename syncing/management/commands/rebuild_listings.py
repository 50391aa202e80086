"""Rebuilds the map from products to VK items out of the stamps in VK."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from connections.clients.codes import describe
from connections.clients.errors import ClientError
from syncing.management.commands._merchant import FAILED, find_merchant
from syncing.services import CannotSync
from syncing.services.rebuild import rebuild_listings


class Command(BaseCommand):
    help = "Rebuild the map from VK after our table of listings was lost. Writes nothing in VK."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        user = find_merchant(options["email"])
        try:
            found = rebuild_listings(user)
        except CannotSync as error:
            raise CommandError(error.text, returncode=FAILED) from error
        except ClientError as error:
            row = describe(error.code)
            raise CommandError(f"{row.text} {row.next_step}", returncode=FAILED) from error
        self.stdout.write(
            f"Items in VK: {found.items}. Tied to products: {found.tied} "
            f"({found.already} of them were known). Not ours or unknown: {found.items - found.tied}."
        )
