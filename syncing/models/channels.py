"""Where a merchant wants to be told, when, and what was sent there."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from evosync.common import clock
from evosync.common.fields import EncryptedTextField
from syncing.choices import ChannelKind, DeliveryStage, DeliveryState
from syncing.models.notifications import Notification

# What is to be sent waits at most so long: for the end of the quiet hours, or for the service.
LONGEST_WAIT = timedelta(days=1)
HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]
# The zones of Russia, by their largest towns.
ZONES = [
    ("Europe/Kaliningrad", _("Kaliningrad (Moscow −1)")),
    ("Europe/Moscow", _("Moscow")),
    ("Europe/Samara", _("Samara (Moscow +1)")),
    ("Asia/Yekaterinburg", _("Yekaterinburg (Moscow +2)")),
    ("Asia/Omsk", _("Omsk (Moscow +3)")),
    ("Asia/Novosibirsk", _("Novosibirsk (Moscow +4)")),
    ("Asia/Irkutsk", _("Irkutsk (Moscow +5)")),
    ("Asia/Yakutsk", _("Yakutsk (Moscow +6)")),
    ("Asia/Vladivostok", _("Vladivostok (Moscow +7)")),
    ("Asia/Magadan", _("Magadan (Moscow +8)")),
    ("Asia/Kamchatka", _("Kamchatka (Moscow +9)")),
]


class NotificationSettings(models.Model):
    """What a merchant is told, and at which hours. Without quiet hours both are null.

    `link_code_hash` is of the one open code that links a chat of `link_kind`; the code itself is not kept.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notification_settings",
        verbose_name=_("user"),
    )
    muted = models.JSONField(_("not told"), default=list, blank=True)
    at_night = models.JSONField(_("told in quiet hours too"), default=list, blank=True)
    quiet_from = models.PositiveSmallIntegerField(_("quiet from"), choices=HOURS, null=True, blank=True)
    quiet_until = models.PositiveSmallIntegerField(_("quiet until"), choices=HOURS, null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=32, choices=ZONES, default="Europe/Moscow")
    digest = models.BooleanField(_("weekly digest"), default=False)
    link_code_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)
    link_kind = models.CharField(max_length=16, choices=ChannelKind, blank=True, default="", editable=False)
    link_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("settings of notifications")
        verbose_name_plural = _("settings of notifications")

    def __str__(self) -> str:
        return str(self.user_id)


def channel_key(kind: str, address: str) -> str:
    """Return what is unique of a chat; keyed, because a chat's number could be guessed from a plain hash."""
    return f"{kind}:{salted_hmac('syncing.channel', address, algorithm='sha256').hexdigest()}"


class NotificationChannelQuerySet(models.QuerySet["NotificationChannel"]):
    """Merchants' channels."""

    def for_user(self, user: User | int) -> Self:
        """Filter to one merchant's, in the order in which they were linked."""
        return self.filter(user=user).order_by("pk")

    def usable(self) -> Self:
        """Filter to those that may be sent to; an email is wanted where the merchant wants emails."""
        email = models.Q(kind=ChannelKind.EMAIL, user__wants_notifications=True)
        return self.filter(email | ~models.Q(kind=ChannelKind.EMAIL), is_on=True, user__is_active=True)

    def of_kind(self, kind: str) -> Self:
        """Filter to those of this kind."""
        return self.filter(kind=kind)

    def chats(self) -> Self:
        """Filter to those in messengers."""
        return self.filter(kind__in=[ChannelKind.TELEGRAM, ChannelKind.MAX])

    def off(self) -> Self:
        """Filter to those that were switched off, since their service takes nothing for them any more."""
        return self.filter(is_on=False)

    def at_address(self, kind: str, address: str) -> Self:
        """Filter to the channel of this chat; there is at most one."""
        return self.filter(key=channel_key(kind, address))


class NotificationChannel(models.Model):
    """One way to a merchant: the email of the account, a chat that they have linked, or a browser.

    `address` is the chat's number, or the browser's address with the keys of its messages. `off_code` says
    why a channel that refuses for good was switched off.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="notification_channels",
        verbose_name=_("user"),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=ChannelKind)
    key = models.CharField(max_length=96, unique=True, editable=False)
    address = EncryptedTextField(blank=True, default="", editable=False)
    name = models.CharField(_("name"), max_length=100, blank=True, default="")
    is_on = models.BooleanField(_("on"), default=True)
    off_code = models.CharField(_("why it is off"), max_length=64, blank=True, default="")
    created_at = models.DateTimeField(_("linked"), default=timezone.now)

    objects = NotificationChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("channel of notifications")
        verbose_name_plural = _("channels of notifications")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"


class NotificationDeliveryQuerySet(models.QuerySet["NotificationDelivery"]):
    """What was sent, or is to be."""

    def for_user(self, user: User) -> Self:
        """Filter to one merchant's, newest first."""
        return self.filter(channel__user=user).order_by("-pk")

    def due(self, now: datetime) -> Self:
        """Filter to those to be sent at `now`, by channels."""
        is_time = clock.reached("not_before", now, longest=LONGEST_WAIT)
        return self.filter(is_time, state=DeliveryState.WAITING).order_by("channel", "pk")

    def of_kind(self, kind: str) -> Self:
        """Filter to those of channels of this kind."""
        return self.filter(channel__kind=kind)

    def abandoned(self, now: datetime) -> Self:
        """Filter to those whose worker is gone amid the sending."""
        is_over = clock.reached("not_before", now, longest=LONGEST_WAIT)
        return self.filter(is_over, state=DeliveryState.SENDING)

    def claimed_by(self, claim: str) -> Self:
        """Filter to those that this worker has claimed."""
        return self.filter(claim=claim, state=DeliveryState.SENDING)

    def begun(self, notification: Notification) -> Self:
        """Filter to those that have told of this trouble, or perhaps have."""
        told = (DeliveryState.SENT, DeliveryState.UNSURE)
        return self.filter(notification=notification, stage=DeliveryStage.BEGIN, state__in=told)

    def with_ids(self, pks: Collection[int]) -> Self:
        """Filter to these rows."""
        return self.filter(pk__in=pks)

    def older_than(self, moment: datetime) -> Self:
        """Filter to those made before `moment`."""
        return self.filter(created_at__lt=moment)


class NotificationDelivery(models.Model):
    """One thing told by one channel: made once by its `key`, and handed to the channel once at most.

    It is `SENDING` only while a channel has it. A worker that dies then leaves it `UNSURE`, and so does an
    answer that is lost. What the channel did not take waits for `not_before`.
    """

    channel = models.ForeignKey(
        NotificationChannel, models.CASCADE, related_name="deliveries", verbose_name=_("channel")
    )
    notification = models.ForeignKey(
        Notification, models.CASCADE, null=True, related_name="deliveries", verbose_name=_("notification")
    )
    stage = models.CharField(_("what"), max_length=8, choices=DeliveryStage)
    key = models.CharField(max_length=80, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=DeliveryState, default=DeliveryState.WAITING)
    claim = models.CharField(max_length=36, blank=True, default="", editable=False)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    error_code = models.CharField(_("error"), max_length=64, blank=True, default="")
    created_at = models.DateTimeField(_("made"), default=timezone.now, db_index=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = NotificationDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery of a notification")
        verbose_name_plural = _("deliveries of notifications")
        indexes = [models.Index(fields=["state", "not_before"], name="delivery_by_time")]

    def __str__(self) -> str:
        return f"{self.channel_id}: {self.stage} {self.state}"

    def update(self, **values: Any) -> None:
        """Write these columns of the row."""
        type(self).objects.filter(pk=self.pk).update(**values)
