"""Connects a merchant's VK community: `VK_TOKEN=… manage.py connect_vk EMAIL --group ID`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, no_translations

from accounts.management.base import find_merchant
from connections.errors import CannotConnect
from connections.management.base import command_error, read_token
from connections.vk.connect import connect_vk
from evosync.common import clock


class Command(BaseCommand):
    """Connects a community after five checks; changes nothing when one of them fails."""

    help = "Connect a merchant's VK community. The token comes from VK_TOKEN or standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the merchant's email and the community."""
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--group", required=True, metavar="ID", help="the community's id, name or link")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        """Connect and name the community."""
        user = find_merchant(options["email"])
        token = read_token("VK_TOKEN")
        try:
            connection = connect_vk(user, token=token, group=options["group"], now=clock.now())
        except CannotConnect as refusal:
            raise command_error(refusal) from None
        self.stdout.write(
            f"VK is connected for {user.email}: {connection.group_name} (id {connection.group_id})."
        )
