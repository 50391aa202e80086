"""Questions about many people and visits, as adjectives that chain."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import SupportVisit, User  # noqa: F401 - used in the names of generic bases


class SupportVisitQuerySet(models.QuerySet["SupportVisit"]):
    """Looks of staff at merchants' pages."""

    def for_merchant(self, user: "User") -> Self:
        """Keep those to this merchant, newest first."""
        return self.filter(merchant=user).order_by("-pk")

    def by_staff(self, user: "User") -> Self:
        """Keep those of this member of staff."""
        return self.filter(staff=user)

    def open(self, now: datetime) -> Self:
        """Keep those that go on at `now`, as long as the merchant still allows them."""
        return self.filter(
            ended_at__isnull=True,
            ends_at__gt=now,
            merchant__is_active=True,
            merchant__support_until__gt=now,
        )

    def unended(self) -> Self:
        """Keep those whose end nobody has noted yet."""
        return self.filter(ended_at__isnull=True)

    def search(self, text: str) -> Self:
        """Keep those in which either address begins so."""
        return self.filter(Q(staff_email__istartswith=text) | Q(merchant__email__istartswith=text))
