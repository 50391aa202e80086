"""Makes a merchant whose email counts as confirmed: `manage.py create_merchant EMAIL`."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, no_translations
from django.db import IntegrityError, transaction

from accounts.models import User

BAD_USAGE = 2


class Command(BaseCommand):
    """The password comes from a prompt, or as one line on standard input; never from the arguments."""

    help = "Make a confirmed merchant. The password is asked for on a terminal, else read from stdin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the email."""
        parser.add_argument("email", metavar="EMAIL")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        """Check the address before asking for a password, then make the user."""
        email = options["email"].strip().lower()
        user = User(email=email)
        try:
            user.clean_fields(exclude={"password"})
        except ValidationError:
            raise _refusal(
                f"{email!r} is not an email address.", "Write one such as anna@example.com."
            ) from None
        if User.objects.filter(email=email).exists():
            raise _taken(email)
        password = _read_password()
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise _refusal(" ".join(error.messages), "Choose another password.") from None
        try:
            with transaction.atomic():
                made = User.objects.create_user(email, password)
                EmailAddress.objects.create(user=made, email=email, verified=True, primary=True)
        except IntegrityError:
            raise _taken(email) from None
        self.stdout.write(
            f"Made the merchant {email}. "
            f"Next: manage.py connect_evotor {email}; manage.py connect_vk {email} --group ID"
        )


def _read_password() -> str:
    """Ask twice on a terminal; else read one line."""
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("The same again: "):
            raise _refusal("The two passwords differ.", "Run the command again.")
    if not password:
        raise _refusal("There is no password.", "Type one, or send it as one line on standard input.")
    return password


def _taken(email: str) -> CommandError:
    return _refusal(f"There is an account with the email {email} already.", "Choose another address.")


def _refusal(what: str, next_step: str) -> CommandError:
    return CommandError(f"{what} Nobody was made. {next_step}", returncode=BAD_USAGE)
