"""Shows or sets what of the till goes to VK."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations

from syncing.management.commands._merchant import BAD_USAGE, find_merchant
from syncing.models import SyncFilter
from syncing.services.settings import WrongRule, clear_filters, current_filters, set_filter

# Not a mode: removes all filters.
CLEAR = "clear"


class Command(BaseCommand):
    help = "Show filters, set one (filter EMAIL exclude group ID) or clear all (filter EMAIL clear)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("mode", nargs="?", choices=[*SyncFilter.Mode.values, CLEAR])
        parser.add_argument("entity_type", nargs="?", choices=SyncFilter.Entity.values)
        parser.add_argument("entity_id", nargs="?", metavar="ID")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        user = find_merchant(options["email"])
        mode, entity_type, entity_id = options["mode"], options["entity_type"], options["entity_id"]
        if mode == CLEAR:
            self.stdout.write(f"Filters removed: {clear_filters(user)}. Everything is chosen now.")
        elif mode:
            if not entity_type or not entity_id:
                raise CommandError(
                    f"Say what to {mode}: store, group or product, and its Evotor id.", returncode=BAD_USAGE
                )
            try:
                set_filter(user, mode=mode, entity_type=entity_type, entity_id=entity_id)
            except WrongRule as error:
                raise CommandError(f"{error} Nothing was changed.", returncode=BAD_USAGE) from error
        rows = current_filters(user)
        for row in rows:
            self.stdout.write(f"{row.filter_mode} {row.entity_type} {row.entity_id} {row.entity_name}")
        if not rows and mode != CLEAR:
            self.stdout.write("No filters: everything is chosen.")
