"""Makes a merchant whose e-mail counts as confirmed."""

import sys
from getpass import getpass
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import User

BAD_USAGE = 2


class Command(BaseCommand):
    help = "Make a confirmed merchant. The password comes from the prompt, or from stdin when that is no terminal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email} is not an e-mail address. Nobody was made.", returncode=BAD_USAGE) from None
        if User.objects.filter(email=email).exists():
            raise CommandError(f"There is a user with the e-mail {email} already.", returncode=BAD_USAGE)
        password = self._password()
        try:
            validate_password(password, User(email=email))
        except ValidationError as error:
            raise CommandError(
                f"This password will not do: {' '.join(error.messages)} Nobody was made.", returncode=BAD_USAGE
            ) from None
        with transaction.atomic():
            user = User.objects.create_user(email, password)
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        self.stdout.write(f"Made the merchant {email}. Next: connect_evotor {email}, connect_vk {email} --group ID")

    def _password(self) -> str:
        """Ask twice on a terminal; else read one line."""
        if not sys.stdin.isatty():
            password = sys.stdin.readline().rstrip("\n")
            if not password:
                raise CommandError("No password came on stdin. Nobody was made.", returncode=BAD_USAGE)
            return password
        password = getpass("Password: ")
        if password != getpass("Again: "):
            raise CommandError("The two passwords differ. Nobody was made.", returncode=BAD_USAGE)
        return password
