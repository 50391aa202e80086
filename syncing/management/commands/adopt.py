"""Adopts items that the merchant made in VK by hand and that show products of the till."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from connections.clients.error_catalog import lookup
from connections.clients.errors import ClientError
from syncing.management.commands._merchant import FAILED, find_merchant
from syncing.services.adoption import adopt, find_duplicates
from syncing.services.errors import CannotSync


class Command(BaseCommand):
    help = "List hand-made VK items that show goods of the till; with --yes take all of them over."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--yes", action="store_true", help="take all of them over")

    def handle(self, *args: Any, **options: Any) -> None:
        user = find_merchant(options["email"])
        try:
            found = find_duplicates(user)
            for one in found:
                name = f"{one.product.key.product_id} {one.product.name}"
                self.stdout.write(f"{one.item.item_id}\t{one.item.title}\t{one.matched_by}\t{name}")
            taken = adopt(user, {one.item.item_id for one in found}) if options["yes"] and found else 0
        except CannotSync as error:
            raise CommandError(error.text, returncode=FAILED) from None
        except ClientError as error:
            row = lookup(error.code)
            raise CommandError(f"{row.text} {row.next_step}", returncode=FAILED) from None
        if options["yes"]:
            self.stdout.write(f"Taken over: {taken}. The next run sets their prices and stocks.")
        else:
            self.stdout.write(f"Hand-made items that show goods: {len(found)}. Nothing was changed.")
