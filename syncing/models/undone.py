"""What the merchant took back of earlier runs."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.search import split_search
from catalog.models import Product
from syncing.models.jobs import SyncJob


class UndoneChangeQuerySet(models.QuerySet["UndoneChange"]):
    """Products whose items keep values of before a run."""

    def for_user(self, user: User | int) -> Self:
        """Filter to one merchant's, given as a user or an id."""
        return self.filter(user=user)

    def undone_before(self, moment: datetime) -> Self:
        """Filter to what was undone before a moment."""
        return self.filter(undone_at__lt=moment)

    def of_gone(self) -> Self:
        """Filter to those of products that have left the till."""
        return self.filter(product__missing_since__isnull=False)

    def hiding(self) -> Self:
        """Filter to those that keep an item hidden."""
        return self.filter(kept__hidden=True)

    def by_name(self) -> Self:
        """Order by the product's name."""
        return self.order_by("product__name", "pk")

    def search(self, text: str) -> Self:
        """Filter to those of merchants whose address begins so."""
        return self.filter(user__in=split_search(text)[0] or [])


class UndoneChange(models.Model):
    """One product's values that VK keeps since a run was undone.

    `kept` maps a field to the value in VK, `instead_of` to the one of till and rules that it replaces. A run
    deletes what no longer holds.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="undone_changes", verbose_name=_("user")
    )
    product = models.OneToOneField(
        Product, models.CASCADE, related_name="undone_change", verbose_name=_("product")
    )
    job = models.ForeignKey(
        SyncJob, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("run")
    )
    kept = models.JSONField(_("kept"), default=dict)
    instead_of = models.JSONField(_("instead of"), default=dict)
    undone_at = models.DateTimeField(_("undone"), default=timezone.now)

    objects = UndoneChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("undone change")
        verbose_name_plural = _("undone changes")

    def __str__(self) -> str:
        return ", ".join(self.kept)
