"""The merchant's rules for goods, in their order."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class GoodsRuleQuerySet(models.QuerySet["GoodsRule"]):
    """Merchants' rules for goods."""

    def for_user(self, user: User | int) -> Self:
        """Filter to one merchant's, given as a user or an id."""
        return self.filter(user=user)

    def in_order(self) -> Self:
        """Order as they are applied."""
        return self.order_by("position", "pk")

    def in_force(self, now: datetime) -> Self:
        """Filter to those that are switched on and whose time it is."""
        return self.begun(now).filter(Q(ends_at=None) | Q(ends_at__gt=now))

    def begun(self, now: datetime) -> Self:
        """Filter to those that are switched on and in force, or were until their end."""
        return self.filter(Q(starts_at=None) | Q(starts_at__lte=now), is_enabled=True)

    def turned_since_last_run(self, now: datetime) -> Self:
        """Filter to those that began or ended after their merchant's last run."""
        last_run = F("user__sync_config__last_run_at")
        began = Q(starts_at__lte=now, starts_at__gt=last_run)
        ended = Q(ends_at__lte=now, ends_at__gt=last_run)
        return self.filter(began | ended, is_enabled=True)


class GoodsRule(models.Model):
    """One rule. Conditions and actions are lists of the core's records as JSON, checked by the form."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="goods_rules", verbose_name=_("user")
    )
    position = models.PositiveIntegerField(_("place"))
    name = models.CharField(_("name"), max_length=80)
    # [{"subject": "name", "comparison": "contains", "value": "чай"}]
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    # [{"kind": "percent", "value": "-10"}]
    actions = models.JSONField(_("actions"), default=list)
    is_enabled = models.BooleanField(_("on"), default=True)
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = GoodsRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule for goods")
        verbose_name_plural = _("rules for goods")
        indexes = [models.Index(fields=["user", "position"], name="goods_rules_in_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="goods_rule_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def has_ended(self, now: datetime) -> bool:
        """Return True if the rule's time is over."""
        return self.ends_at is not None and self.ends_at <= now
