"""What happened to connections: changes of health, links, and what waits for the operator."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from connections.choices import SERVICE_LABELS, HealthEvent, LinkingEvent
from connections.clients.service import Service
from evosync.common.fields import ExactCharField


class HealthCheckLogQuerySet(models.QuerySet["HealthCheckLog"]):
    """The history of health."""

    def search(self, text: str) -> Self:
        """Filter to those of merchants whose address begins so."""
        return self.filter(user__email__istartswith=text)

    def for_user(self, user: User) -> Self:
        """Filter to this merchant's history, newest first."""
        return self.filter(user=user).order_by("-checked_at", "-pk")

    def older_than(self, moment: datetime) -> Self:
        """Filter to what happened before `moment`."""
        return self.filter(checked_at__lt=moment)


class HealthCheckLog(models.Model):
    """One change in the health of a connection."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="health_checks", verbose_name=_("user")
    )
    service = models.CharField(_("service"), max_length=8, choices=SERVICE_LABELS)
    event = models.CharField(_("event"), max_length=24, choices=HealthEvent)
    detail = models.CharField(_("detail"), max_length=255, blank=True, default="")
    checked_at = models.DateTimeField(_("checked"), default=timezone.now, db_index=True)

    objects = HealthCheckLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("health check")
        verbose_name_plural = _("health checks")
        indexes = [models.Index(fields=["user", "service", "-checked_at"], name="health_by_user")]

    def __str__(self) -> str:
        return f"{self.service} {self.event}"


class LinkingRecordQuerySet(models.QuerySet["LinkingRecord"]):
    """The record of links."""

    def search(self, text: str) -> Self:
        """Filter to those that name a merchant whose address begins so, or the till account with this id."""
        return self.filter(
            Q(user__email__istartswith=text) | Q(old_user__email__istartswith=text) | Q(evotor_user_id=text)
        )

    def older_than(self, moment: datetime) -> Self:
        """Filter to what happened before `moment`."""
        return self.filter(created_at__lt=moment)

    def for_user(self, user: User) -> Self:
        """Filter to the records that name this merchant, newest first."""
        return self.filter(Q(user=user) | Q(old_user=user)).order_by("-created_at", "-pk")


class LinkingRecord(models.Model):
    """One link of a till account to a merchant: made, refused or ended. It outlives both users."""

    event = models.CharField(_("event"), max_length=16, choices=LinkingEvent)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="linking_records",
        verbose_name=_("user"),
    )
    old_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("previous owner"),
    )
    evotor_user_id = ExactCharField(_("Evotor user id"), max_length=36, blank=True, default="", db_index=True)
    detail = models.CharField(_("detail"), max_length=64, blank=True, default="")
    created_at = models.DateTimeField(_("time"), default=timezone.now, db_index=True)

    objects = LinkingRecordQuerySet.as_manager()

    class Meta:
        db_table = "connections_bindingaudit"
        verbose_name = _("link record")
        verbose_name_plural = _("link records")

    def __str__(self) -> str:
        return f"{self.event} {self.created_at:%Y-%m-%d %H:%M}"


class OperatorAlertQuerySet(models.QuerySet["OperatorAlert"]):
    """What only the operator can fix."""

    def open(self) -> Self:
        """Filter to what is not fixed, oldest first."""
        return self.filter(resolved_at__isnull=True).order_by("opened_at", "pk")

    def of_service(self, service: str) -> Self:
        """Filter to what concerns this service."""
        return self.filter(code__startswith=f"{service}.")

    def of_hosts(self, hosts: Iterable[str]) -> Self:
        """Filter to what concerns these hosts."""
        return self.filter(host__in=list(hosts))

    def unseen_since(self, moment: datetime) -> Self:
        """Filter to what was last seen before `moment`."""
        return self.filter(last_seen_at__lt=moment)

    def search(self, text: str) -> Self:
        """Filter to the alerts about this host."""
        return self.filter(host=text)


class OperatorAlert(models.Model):
    """A problem with a service that only the operator of this installation can fix."""

    code = models.CharField(_("code"), max_length=64)
    host = models.CharField(_("host"), max_length=255, blank=True, default="")
    detail = models.CharField(_("detail"), max_length=500, blank=True, default="")
    opened_at = models.DateTimeField(_("since"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    resolved_at = models.DateTimeField(_("fixed"), null=True, blank=True)

    objects = OperatorAlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("operator alert")
        verbose_name_plural = _("operator alerts")
        constraints = [models.UniqueConstraint(fields=["code", "host"], name="one_alert_a_host")]

    def __str__(self) -> str:
        return f"{self.code} {self.host}".strip()

    @property
    def service(self) -> Service:
        """Return the service that cannot be reached."""
        return Service(self.code.partition(".")[0])
