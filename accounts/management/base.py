"""What the commands of all apps share: finding the merchant whose email address was typed."""

from django.core.management.base import CommandError

from accounts.models import User

BAD_USAGE = 2


def find_merchant(email: str) -> User:
    """Return the user with this email address, or raise a CommandError that says what to do."""
    try:
        return User.objects.get_by_natural_key(email.strip())
    except User.DoesNotExist:
        raise CommandError(
            f"There is no merchant with the email {email}. Nothing has changed. "
            f"Make one first: manage.py create_merchant {email}",
            returncode=BAD_USAGE,
        ) from None
