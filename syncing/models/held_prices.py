"""New prices that wait for the merchant's yes, and what they said."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.models import Product
from syncing.choices import PriceCauseChoices, PriceVerdictChoices


class HeldPriceQuerySet(models.QuerySet["HeldPrice"]):
    """Prices that runs have held."""

    def for_user(self, user: User | int) -> Self:
        """Filter to one merchant's, given as a user or an id."""
        return self.filter(user=user)

    def waiting(self) -> Self:
        """Filter to those of goods in the till that wait for an answer, the longest first."""
        return self.unanswered().filter(product__missing_since__isnull=True)

    def unanswered(self) -> Self:
        """Filter to those that have no answer, the longest first."""
        return self.filter(verdict=PriceVerdictChoices.WAITING).order_by("held_at", "pk")

    def of_gone(self) -> Self:
        """Filter to those of products that have left the till."""
        return self.filter(product__missing_since__isnull=False)

    def with_ids(self, ids: list[int]) -> Self:
        """Filter to the rows with these ids."""
        return self.filter(pk__in=ids)

    def answered(self) -> Self:
        """Filter to those that the merchant has answered, the latest first."""
        return self.exclude(verdict=PriceVerdictChoices.WAITING).order_by("-decided_at", "-pk")


class HeldPrice(models.Model):
    """One product's new price that a run did not write, and the merchant's answer.

    `old_kopecks` is what VK shows, `new_kopecks` what till and rules ask for; `till_kopecks` and
    `cost_kopecks` are the till's numbers that it was made from. The next run deletes a row that no longer
    says anything; of a product that has left the till it stays, since the same goods may come back.
    """

    Verdict = PriceVerdictChoices
    Cause = PriceCauseChoices

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="held_prices", verbose_name=_("user")
    )
    product = models.OneToOneField(
        Product, models.CASCADE, related_name="held_price", verbose_name=_("product")
    )
    old_kopecks = models.BigIntegerField(_("price in VK, kopecks"))
    new_kopecks = models.BigIntegerField(_("new price, kopecks"))
    till_kopecks = models.BigIntegerField(_("price in the till, kopecks"), null=True, blank=True)
    cost_kopecks = models.BigIntegerField(_("purchase price, kopecks"), null=True, blank=True)
    cause = models.CharField(_("why"), max_length=8, choices=PriceCauseChoices)
    rule_name = models.CharField(_("rule for goods"), max_length=80, blank=True, default="")
    verdict = models.CharField(
        _("answer"), max_length=8, choices=PriceVerdictChoices, default=PriceVerdictChoices.WAITING
    )
    held_at = models.DateTimeField(_("held since"), default=timezone.now)
    decided_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = HeldPriceQuerySet.as_manager()

    class Meta:
        verbose_name = _("held price")
        verbose_name_plural = _("held prices")
        indexes = [models.Index(fields=["user", "verdict"], name="held_prices_by_answer")]

    def __str__(self) -> str:
        return f"{self.old_kopecks} → {self.new_kopecks}"
