"""Questions about many people and visits, as adjectives that chain."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import SupportVisit, User  # noqa: F401 - used in the names of generic bases

# Longer numbers fit no column.
MOST_DIGITS = 19
# So many users at most are meant by the beginning of an address.
MOST_USERS = 50


class SupportVisitQuerySet(models.QuerySet["SupportVisit"]):
    """Visits of staff to merchants' pages."""

    def for_merchant(self, user: "User") -> Self:
        """Filter to those to this merchant, newest first."""
        return self.filter(merchant=user).order_by("-pk")

    def by_staff(self, user: "User") -> Self:
        """Filter to those of this member of staff."""
        return self.filter(staff=user)

    def open(self, now: datetime) -> Self:
        """Filter to those that go on at `now`, as long as the merchant still allows them."""
        return self.filter(
            ended_at__isnull=True,
            ends_at__gt=now,
            merchant__is_active=True,
            merchant__support_until__gt=now,
        )

    def older_than(self, moment: datetime) -> Self:
        """Filter to those that had begun before `moment`."""
        return self.filter(started_at__lt=moment)

    def unended(self) -> Self:
        """Filter to those whose end is not recorded yet."""
        return self.filter(ended_at__isnull=True)

    def search(self, text: str) -> Self:
        """Filter to those in which either address begins so."""
        return self.filter(Q(staff_email__istartswith=text) | Q(merchant__email__istartswith=text))


def search_users(rows: "models.QuerySet[User]", text: str) -> "models.QuerySet[User]":
    """Filter to the users whose address or name begins so, whose phone holds it, or whose end it names."""
    digits = "".join(filter(str.isdecimal, text))
    found = Q(email__istartswith=text) | Q(last_name__istartswith=text) | Q(first_name__istartswith=text)
    found |= Q(evotor_connection__evotor_user_id=text) | Q(vk_connection__group_screen_name__iexact=text)
    if digits:
        found |= Q(phone__contains=digits[1:] or digits)
        if len(digits) < MOST_DIGITS:
            found |= Q(vk_connection__group_id=int(digits))
    return rows.filter(found)


def split_search(text: str) -> tuple[list[int] | None, str]:
    """Take the e-mail address out of what staff searched for; return the ids of its users and the rest.

    None in place of ids: there was no address. Ids come first, so that the search that follows can use
    the indexes that begin with the user.
    """
    words = text.split()
    address = next((word for word in words if "@" in word), None)
    if address is None:
        return None, text
    words.remove(address)
    users = get_user_model().objects.filter(email__istartswith=address)
    return list(users.values_list("pk", flat=True)[:MOST_USERS]), " ".join(words)
