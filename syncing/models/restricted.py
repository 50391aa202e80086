"""The merchant's decisions on goods that VK may not take."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from evosync.common.fields import ExactCharField
from syncing.choices import RestrictedScope, RestrictedVerdict


class RestrictedDecisionQuerySet(models.QuerySet["RestrictedDecision"]):
    """Merchants' decisions on restricted goods."""

    def for_user(self, user: User | int) -> Self:
        """Filter to one merchant's, given as a user or an id."""
        return self.filter(user=user)

    def in_order(self) -> Self:
        """Order so that equal decisions always come out equal."""
        return self.order_by("scope", "key")

    def newest(self) -> Self:
        """Order from the newest."""
        return self.order_by("-decided_at", "-pk")


class RestrictedDecision(models.Model):
    """One decision: a name, a brand or a group may be sold in VK, or is not.

    `key` is the name, brand or group as the core compares it (`restricted_goods.decisions.key_of`), `label`
    as the merchant saw it. `overrules` says that they confirmed it although EvoSync was certain.
    """

    Scope = RestrictedScope
    Verdict = RestrictedVerdict

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="restricted_decisions",
        verbose_name=_("user"),
    )
    scope = models.CharField(_("about"), max_length=8, choices=RestrictedScope)
    key = ExactCharField(max_length=255, editable=False)
    label = models.CharField(_("name"), max_length=255)
    verdict = models.CharField(_("decision"), max_length=12, choices=RestrictedVerdict)
    overrules = models.BooleanField(_("against a certain verdict"), default=False)
    decided_at = models.DateTimeField(_("decided"), default=timezone.now)

    objects = RestrictedDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on restricted goods")
        verbose_name_plural = _("decisions on restricted goods")
        constraints = [
            models.UniqueConstraint(fields=["user", "scope", "key"], name="one_restricted_decision_each")
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.label}: {self.verdict}"
