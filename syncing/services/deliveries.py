"""Makes a delivery for each channel of a merchant's, due after their quiet hours; each thing once.

`delivery_sender` sends them, with what `delivery_messages` says.
"""

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import User
from syncing import queue
from syncing.choices import ChannelKind, DeliveryStage
from syncing.models import Notification, NotificationChannel, NotificationDelivery, NotificationSettings
from syncing.services import digest
from syncing.services.channels import CHANNELS, email_channel


def hand_over(notification: Notification, *, now: datetime) -> None:
    """Make the deliveries of a trouble, or of its end for those that were told of it; once."""
    user = notification.user
    if not user.wants_notifications and not NotificationChannel.objects.for_user(user).usable().exists():
        # It is told if they want it while the trouble lasts.
        return
    is_end = notification.open_key is None
    mark = "end_queued_at" if is_end else "queued_at"
    rules = settings_of(user)
    with transaction.atomic():
        mine = Notification.objects.filter(pk=notification.pk, open_key=notification.open_key)
        if not mine.filter(**{f"{mark}__isnull": True}).update(**{mark: now}):
            return
        if notification.trouble in rules.muted:
            return
        for channel in usable_channels(user):
            if is_end and not _has_told(channel, notification):
                continue
            stage = DeliveryStage.END if is_end else DeliveryStage.BEGIN
            moment = now if notification.trouble in rules.at_night else after_quiet_hours(rules, now)
            NotificationDelivery.objects.get_or_create(
                key=f"{channel.pk}:{notification.pk}:{stage}",
                defaults={
                    "channel": channel,
                    "notification": notification,
                    "stage": stage,
                    "created_at": now,
                    "not_before": moment,
                },
            )


def _has_told(channel: NotificationChannel, notification: Notification) -> bool:
    if notification.queued_at is None:
        # Told by the release before this one, which knew emails only.
        return channel.kind == ChannelKind.EMAIL
    return NotificationDelivery.objects.begun(notification).filter(channel=channel).exists()


def usable_channels(user: User) -> list[NotificationChannel]:
    """Return the channels that may be sent to."""
    if user.wants_notifications:
        email_channel(user)
    rows = NotificationChannel.objects.for_user(user).usable().select_related("user")
    return [row for row in rows if CHANNELS[ChannelKind(row.kind)].is_offered()]


def settings_of(user: User) -> NotificationSettings:
    """Return what the merchant chose; before the first choice the defaults, which are not written."""
    return NotificationSettings.objects.filter(user=user).first() or NotificationSettings(user=user)


def after_quiet_hours(rules: NotificationSettings, now: datetime) -> datetime:
    """Return `now`, or the end of the quiet hours that it falls into, in the shop's time zone."""
    begin, end = rules.quiet_from, rules.quiet_until
    if begin is None or end is None or begin == end:
        return now
    local = now.astimezone(ZoneInfo(rules.time_zone))
    is_quiet = begin <= local.hour < end if begin < end else local.hour >= begin or local.hour < end
    if not is_quiet:
        return now
    until = local.replace(hour=end, minute=0, second=0, microsecond=0)
    return until if until > local else until + timedelta(days=1)


def send_test(user: User, *, now: datetime, only: str = "") -> int:
    """Have a test sent at once, whatever the hour; return by how many channels.

    `only` is one channel's id, or a kind; without it every channel of the merchant's sends one.
    """
    channels = [row for row in usable_channels(user) if only in ("", row.kind, str(row.pk))]
    for channel in channels:
        NotificationDelivery.objects.create(
            channel=channel,
            stage=DeliveryStage.TEST,
            key=f"{channel.pk}:test:{uuid.uuid4()}",
            created_at=now,
            not_before=now,
        )
    if channels:
        transaction.on_commit(queue.enqueue_notifications)
    return len(channels)


def hand_over_digests(now: datetime) -> None:
    """Make the week's digests for those whose Monday morning has come."""
    rows = NotificationSettings.objects.filter(digest=True, user__is_active=True).select_related("user")
    for rules in rows.iterator(chunk_size=500):
        week = digest.week_that_is_due(now, rules.time_zone)
        if week is None:
            continue
        for channel in usable_channels(rules.user):
            NotificationDelivery.objects.get_or_create(
                key=f"{channel.pk}:digest:{week}",
                defaults={
                    "channel": channel,
                    "stage": DeliveryStage.DIGEST,
                    "created_at": now,
                    "not_before": after_quiet_hours(rules, now),
                },
            )
