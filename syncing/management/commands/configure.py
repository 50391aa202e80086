"""Shows or sets a merchant's sync rules."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from syncing.management.commands._merchant import BAD_USAGE, find_merchant
from syncing.services.settings import SETTABLE, WrongRule, config_for, configure


class Command(BaseCommand):
    help = "Show the sync rules, or set them: configure EMAIL markup_percent=10 legal_filter=off"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("rules", nargs="*", metavar="KEY=VALUE")

    def handle(self, *args: Any, **options: Any) -> None:
        user = find_merchant(options["email"])
        values: dict[str, str] = {}
        for rule in options["rules"]:
            key, equals, value = rule.partition("=")
            if not equals:
                raise CommandError(
                    f"{rule}: write it as KEY=VALUE. Nothing was changed.", returncode=BAD_USAGE
                )
            values[key] = value
        try:
            config = configure(user, values=values) if values else config_for(user)
        except WrongRule as error:
            raise CommandError(f"{error}\nNothing was changed.", returncode=BAD_USAGE) from error
        for key in SETTABLE:
            value = getattr(config, key)
            shown = (
                {True: "on", False: "off", None: ""}.get(value, value)
                if isinstance(value, bool | None)
                else value
            )
            self.stdout.write(f"{key}={shown}")
