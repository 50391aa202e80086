"""Connects a merchant's till account: `EVOTOR_TOKEN=… manage.py connect_evotor EMAIL`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, no_translations

from accounts.management.base import find_merchant
from connections.client_factory import evotor_client
from connections.clients.errors import ClientError
from connections.errors import CannotConnect
from connections.evotor.connect import check_evotor, connect_evotor
from connections.management.base import command_error, read_token
from evosync.common import clock


class Command(BaseCommand):
    """Links the account that the token opens, after asking Evotor; changes nothing when refused."""

    help = "Connect a merchant's Evotor account. The token comes from EVOTOR_TOKEN or standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the merchant's email."""
        parser.add_argument("email", metavar="EMAIL")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        """Connect, then say what the token may do."""
        user = find_merchant(options["email"])
        token = read_token("EVOTOR_TOKEN")
        try:
            connection = connect_evotor(user, token=token, now=clock.now())
        except CannotConnect as refusal:
            raise command_error(refusal) from None
        account = connection.evotor_user_id or "no store yet, so no account id"
        self.stdout.write(f"Evotor is connected for {user.email} ({account}).")
        try:
            checks = check_evotor(evotor_client(connection))
        except ClientError as error:
            self.stderr.write(f"Evotor did not say what the token may do ({error.code}).")
            return
        for check in checks:
            self.stdout.write(f"  [{'+' if check.ok else '-'}] {check.text} {check.next_step}".rstrip())
