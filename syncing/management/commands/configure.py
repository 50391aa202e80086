"""Shows or sets a merchant's sync rules."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations

from syncing.management.commands._merchant import BAD_USAGE, find_merchant
from syncing.models import RULES
from syncing.services.settings import AUTO, WrongRule, configure, rules_of


class Command(BaseCommand):
    help = "Show the sync rules, or set them: configure EMAIL auto=on markup_percent=10 legal_filter=off"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("rules", nargs="*", metavar="KEY=VALUE")

    @no_translations
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
            config = configure(user, values=values) if values else rules_of(user)
        except WrongRule as error:
            raise CommandError(f"{error}\nNothing was changed.", returncode=BAD_USAGE) from error
        self.stdout.write(f"{AUTO}={_shown(config.is_enabled)}")
        for key in RULES:
            self.stdout.write(f"{key}={_shown(getattr(config, key))}")


def _shown(value: object) -> object:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "" if value is None else value
