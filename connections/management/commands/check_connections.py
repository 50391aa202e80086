"""Asks Evotor and VK whether they still know us: `manage.py check_connections [EMAIL]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.management.base import find_merchant
from connections.health_checks import check_health
from connections.models import EvotorConnection, VkConnection
from connections.status import AnyConnection, service_of
from evosync.common import clock


class Command(BaseCommand):
    """Checks one merchant's connections, or everybody's; fails when one of them is offline."""

    help = "Check the connections of one merchant, or of all; exit code 1 when one is offline."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take an optional email."""
        parser.add_argument("email", nargs="?", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each connection."""
        evotor = EvotorConnection.objects.claimed().installed().select_related("user")
        vk = VkConnection.objects.claimed().select_related("user")
        if options["email"]:
            user = find_merchant(options["email"])
            evotor, vk = evotor.for_user(user), vk.for_user(user)
        rows: list[AnyConnection] = [*evotor.iterator(chunk_size=500), *vk.iterator(chunk_size=500)]
        online = [check_health(row, now=clock.now()) for row in rows]
        for row, is_online in zip(rows, online, strict=True):
            state = "online" if is_online else f"offline {row.last_error}"
            self.stdout.write(f"{row.user}\t{service_of(row).value}\t{state}")
        if not rows:
            self.stdout.write("There is nothing to check: nothing is connected.")
        if not all(online):
            raise CommandError(f"{online.count(False)} of {len(online)} connections are offline.")
