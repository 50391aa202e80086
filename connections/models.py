"""A merchant's accounts at Evotor and VK, and their health."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from connections.choices import EvotorConnectionType, HealthEvent, LinkingEvent, Service, VkConnectionType
from connections.querysets import (
    BindingAuditQuerySet,
    EvotorConnectionQuerySet,
    HealthCheckLogQuerySet,
    LinkCodeQuerySet,
    OperatorAlertQuerySet,
    VkConnectionQuerySet,
    WebhookEventQuerySet,
)
from evosync.common.fields import EncryptedTextField, ExactCharField

# VK may take longer texts one day.
TEXT_LIMIT_LASTS = timedelta(days=30)


class Connection(models.Model):
    """What both connections share. `last_error` is the code of the error that took it offline."""

    access_token = EncryptedTextField(blank=True, default="")
    refresh_token = EncryptedTextField(blank=True, default="")
    token_expires_at = models.DateTimeField(_("token valid until"), null=True, blank=True)
    is_online = models.BooleanField(_("online"), default=False)
    last_error = models.CharField(_("last error"), max_length=64, blank=True, default="")
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    last_checked_at = models.DateTimeField(_("last checked"), null=True, blank=True)
    # One process renews the token at a time; the others wait until its lease ends.
    refresh_lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    connected_at = models.DateTimeField(_("connected"), default=timezone.now)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        abstract = True

    def is_paused(self, now: datetime) -> bool:
        """Return True if nothing may be sent before a moment after `now`."""
        return self.paused_until is not None and self.paused_until > now


class EvotorConnection(Connection):
    """A till account. `user` is null while nobody has claimed what the webhook told us."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="evotor_connection",
        verbose_name=_("user"),
    )
    evotor_user_id = ExactCharField(_("Evotor user id"), max_length=36, unique=True, null=True, blank=True)
    connection_type = models.CharField(
        _("way"), max_length=16, choices=EvotorConnectionType, default=EvotorConnectionType.MANUAL
    )
    # The fingerprint of the token that Evotor gave us: it finds an unclaimed row by a pasted token.
    access_token_hash = models.CharField(max_length=64, blank=True, default="", db_index=True, editable=False)
    # The token that we gave Evotor is derived from the nonce; only its hash is kept.
    user_token_nonce = models.CharField(max_length=32, blank=True, default="", editable=False)
    user_token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    # Evotor's own time of the newest installation event: an older one that comes later changes nothing.
    installation_event_at = models.DateTimeField(_("last installation event"), null=True, blank=True)
    uninstalled_at = models.DateTimeField(_("uninstalled"), null=True, blank=True)

    objects = EvotorConnectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Evotor connection")
        verbose_name_plural = _("Evotor connections")

    def __str__(self) -> str:
        return f"Evotor {self.evotor_user_id or self.pk}"


class VkConnection(Connection):
    """A VK community and the token of the person who manages it."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="vk_connection", verbose_name=_("user")
    )
    connection_type = models.CharField(
        _("way"), max_length=16, choices=VkConnectionType, default=VkConnectionType.PASTED
    )
    app_id = models.CharField(_("VK app id"), max_length=32, blank=True, default="")
    app_secret = EncryptedTextField(blank=True, default="")
    device_id = EncryptedTextField(blank=True, default="")
    scope = models.CharField(_("granted rights"), max_length=255, blank=True, default="")
    vk_user_id = models.BigIntegerField(_("VK user id"), null=True, blank=True)
    group_id = models.BigIntegerField(_("community id"), null=True, blank=True)
    group_name = models.CharField(_("community"), max_length=255, blank=True, default="")
    group_screen_name = models.CharField(_("address"), max_length=255, blank=True, default="")
    # VK's methods whose limit is used up: {method: {"until": ISO time, "code": the error's}}.
    method_rests = models.JSONField(_("resting methods"), null=True, blank=True, editable=False)
    # Lengths of texts that this community took after it had refused longer ones:
    # {field: {"longest": characters, "at": ISO time}}.
    text_limits = models.JSONField(_("lengths of texts"), null=True, blank=True, editable=False)
    token_refreshed_at = models.DateTimeField(_("token refreshed"), null=True, blank=True)

    objects = VkConnectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("VK connection")
        verbose_name_plural = _("VK connections")

    def resting_methods(self, now: datetime) -> dict[str, tuple[str, datetime]]:
        """Return the error's code and the end of the rest for each method that VK takes no calls of now."""
        found = {
            method: (str(rest["code"]), datetime.fromisoformat(rest["until"]))
            for method, rest in (self.method_rests or {}).items()
        }
        return {method: rest for method, rest in found.items() if rest[1] > now}

    def longest_texts(self, now: datetime) -> dict[str, int]:
        """Return the longest text of each field that VK takes here, as far as it has refused longer ones.

        After some weeks the longer ones are tried again.
        """
        return {
            name: int(limit["longest"])
            for name, limit in (self.text_limits or {}).items()
            if now - datetime.fromisoformat(limit["at"]) < TEXT_LIMIT_LASTS
        }

    def __str__(self) -> str:
        return self.group_name or f"VK {self.group_id or self.pk}"


class LinkCode(models.Model):
    """A one-time code that the merchant types in Evotor's form. Only its hash is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="link_codes", verbose_name=_("user")
    )
    code_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("issued"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    # Which account the code linked: Evotor may repeat the same request when our answer was lost.
    used_by = ExactCharField(_("Evotor user id"), max_length=36, blank=True, default="")

    objects = LinkCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("link code")
        verbose_name_plural = _("link codes")

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d %H:%M}"


class HealthCheckLog(models.Model):
    """One change in the health of a connection."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="health_checks", verbose_name=_("user")
    )
    service = models.CharField(_("service"), max_length=8, choices=Service)
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


class WebhookEvent(models.Model):
    """One delivery from Evotor as it came. `dedupe_key` recognises a repeated delivery.

    What only hints at a change has one row for its store, without a body. `attempts` counts the tries
    that failed for a reason that does not pass; after the last one the event is parked for staff, and
    nobody tries it again by themselves. `last_error` is a code, never a text.
    """

    kind = models.CharField(_("kind"), max_length=32)
    dedupe_key = ExactCharField(max_length=128, unique=True)
    evotor_user_id = ExactCharField(_("Evotor user id"), max_length=36, blank=True, default="", db_index=True)
    store_evotor_id = ExactCharField(_("store"), max_length=36, blank=True, default="")
    body = EncryptedTextField()
    deliveries = models.PositiveIntegerField(_("deliveries"), default=1)
    received_at = models.DateTimeField(_("received"), default=timezone.now, db_index=True)
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("failed tries"), default=0, db_default=0)
    retry_at = models.DateTimeField(_("next try"), null=True, blank=True)
    parked_at = models.DateTimeField(_("parked"), null=True, blank=True, db_index=True)
    last_error = models.CharField(_("last error"), max_length=64, blank=True, default="", db_default="")

    # The columns of an event that was never tried.
    UNTRIED: ClassVar[dict[str, Any]] = {
        "attempts": 0,
        "retry_at": None,
        "parked_at": None,
        "last_error": "",
    }

    objects = WebhookEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook event")
        verbose_name_plural = _("webhook events")

    def __str__(self) -> str:
        return f"{self.kind} {self.received_at:%Y-%m-%d %H:%M}"


class EvotorSubscription(models.Model):
    """A paid subscription, built from Evotor's events in any order.

    `facts` holds `{name: [sequence number, value]}`: of each fact the newest event's value stays.
    """

    subscription_id = ExactCharField(_("subscription"), max_length=64, unique=True)
    evotor_user_id = ExactCharField(_("Evotor user id"), max_length=36, db_index=True)
    facts = models.JSONField(_("facts"), default=dict)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("Evotor subscription")
        verbose_name_plural = _("Evotor subscriptions")

    def __str__(self) -> str:
        return f"{self.subscription_id} {self.state}"

    @property
    def state(self) -> str:
        """Return the type of the newest event, or nothing before the first."""
        return str(self.facts.get("type", [0, ""])[1])


class BindingAudit(models.Model):
    """One link of a till account to a merchant: made, refused or ended. It outlives both users."""

    event = models.CharField(_("event"), max_length=16, choices=LinkingEvent)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="binding_audits",
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

    objects = BindingAuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("binding record")
        verbose_name_plural = _("binding records")

    def __str__(self) -> str:
        return f"{self.event} {self.created_at:%Y-%m-%d %H:%M}"


class OperatorAlert(models.Model):
    """Something at a service's door that only the operator of this installation can mend."""

    code = models.CharField(_("code"), max_length=64)
    host = models.CharField(_("host"), max_length=255, blank=True, default="")
    detail = models.CharField(_("detail"), max_length=500, blank=True, default="")
    opened_at = models.DateTimeField(_("since"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    resolved_at = models.DateTimeField(_("mended"), null=True, blank=True)

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
