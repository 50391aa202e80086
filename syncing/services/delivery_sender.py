"""Sends what is due to the merchants' channels: each thing once by each channel at most.

What is due of one channel goes as one message: rows are claimed right before a channel gets them, and
written down right after. What a service has not taken is tried again, ever later. Where a worker dies in
between or an answer is lost, nobody knows whether the message arrived; it is not sent a second time, and
the page says so.
"""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from smtplib import SMTPException, SMTPRecipientsRefused

from django.db import transaction

from accounts.models import User
from connections.clients.errors import AuthRevoked, ClientError, InvalidRequest, Transient
from evosync.common import clock
from syncing import queue
from syncing.choices import ChannelKind, DeliveryStage, DeliveryState
from syncing.models import Notification, NotificationChannel, NotificationDelivery, NotificationSettings
from syncing.models.channels import LONGEST_WAIT
from syncing.services.channels import CHANNELS, email_channel
from syncing.services.deliveries import after_quiet_hours, hand_over, settings_of, usable_channels
from syncing.services.delivery_messages import as_one_message
from syncing.services.notifications import Message

logger = logging.getLogger(__name__)

# A worker that sends has this long; what it leaves behind afterwards was perhaps sent.
CLAIM = timedelta(minutes=10)
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=5), timedelta(hours=6)
MOST_AT_ONCE = 500
MOST_TRIES = 1000
# So many failures of one kind of channel in a row mean that its service is away.
MOST_FAILURES = 3
# SMTP's answers from here on are for good.
SMTP_FOR_GOOD = 500
# A trouble that nobody could be told of for so long is no news any more.
GIVE_UP_AFTER = timedelta(days=3)


def send_due(now: datetime) -> int:
    """Hand over and send what is due; return how many messages went out. Many may call it at once."""
    _write_off_abandoned(now)
    for notification in _due(now):
        hand_over(notification, now=now)
    # By kinds, so that many chats of a service that is away keep nobody else waiting.
    return sum(_send_due_of(kind, now) for kind in ChannelKind)


def _due(now: datetime) -> list[Notification]:
    """Return the troubles to be handed over, and those whose end is, the longest due first.

    They are two questions: no index answers both at once, and the history of both is long.
    """
    rows = Notification.objects.select_related("user").order_by("not_before", "pk")
    found = [*rows.due_to_begin(now)[:MOST_AT_ONCE], *rows.due_to_end(now)[:MOST_AT_ONCE]]
    return sorted(found, key=lambda one: (one.not_before, one.pk))[:MOST_AT_ONCE]


def _send_due_of(kind: ChannelKind, now: datetime) -> int:
    rows = NotificationDelivery.objects.due(now).of_kind(kind)
    rows = rows.select_related("channel__user", "notification__job")
    sent = failures = 0
    for channel, group in groupby(rows[:MOST_AT_ONCE], key=lambda row: row.channel):
        state = _send(channel, list(group), now)
        if state == DeliveryState.SENT:
            sent, failures = sent + 1, 0
        elif state == DeliveryState.WAITING:
            failures += 1
        if failures >= MOST_FAILURES:
            break
    return sent


def _send(channel: NotificationChannel, rows: list[NotificationDelivery], now: datetime) -> DeliveryState:
    """Send what is due of one channel as one message; return how that ended."""
    news = [row for row in rows if _is_news(row, now)]
    for row in rows:
        if row not in news:
            row.update(state=DeliveryState.DROPPED)
    kept = _awake(channel.user, news, now)
    if not kept:
        return DeliveryState.DROPPED
    try:
        message = as_one_message(channel, kept, now)
    except Exception:
        logger.exception("a message for channel %s could not be written", channel.pk)
        _put_off(kept, now, claim="", code="", delay=None)
        return DeliveryState.DROPPED
    claim = str(uuid.uuid4())
    waiting = NotificationDelivery.objects.with_ids([row.pk for row in kept]).due(now)
    with transaction.atomic():
        # What was sent before this may have taken long.
        until = max(now, clock.now()) + CLAIM
        taken = waiting.order_by().update(state=DeliveryState.SENDING, claim=claim, not_before=until)
        if taken != len(kept):
            # Another worker has some of them: the rest is told with the next message.
            transaction.set_rollback(True)
    if taken != len(kept):
        return DeliveryState.DROPPED
    return _hand_to_channel(channel, kept, message, claim, now)


def _is_news(row: NotificationDelivery, now: datetime) -> bool:
    """Return True unless the trouble has ended meanwhile, began again, or its channel was switched off."""
    if not row.channel.is_on or now - row.created_at > GIVE_UP_AFTER:
        return False
    if row.stage == DeliveryStage.LOST:
        return NotificationChannel.objects.for_user(row.channel.user).off().exists()
    if row.channel.kind == ChannelKind.EMAIL and not row.channel.user.wants_notifications:
        return False
    if row.notification is None:
        return True
    return (row.notification.open_key is None) is (row.stage == DeliveryStage.END)


def _awake(user: User, rows: list[NotificationDelivery], now: datetime) -> list[NotificationDelivery]:
    """Return those that may be told at this hour; the others wait until the quiet hours end.

    What was due before them may come up in them: it was tried again, or the merchant chose them since.
    """
    rules = settings_of(user)
    morning = after_quiet_hours(rules, now)
    if morning == now:
        return rows
    told = [row for row in rows if _is_told_at_night(row, rules)]
    for row in rows:
        if row not in told:
            NotificationDelivery.objects.with_ids([row.pk]).due(now).update(not_before=morning)
    return told


def _is_told_at_night(row: NotificationDelivery, rules: NotificationSettings) -> bool:
    if row.notification is None:
        return row.stage == DeliveryStage.TEST
    return row.notification.trouble in rules.at_night


def _switch_off(channel: NotificationChannel, code: str, now: datetime) -> None:
    """Send nothing there any more, and tell the merchant so by another channel, once.

    Where there is no other they get an email: they rely on a channel that has gone silent.
    """
    found = NotificationChannel.objects.filter(pk=channel.pk, is_on=True)
    if not found.update(is_on=False, off_code=code):
        return
    for other in usable_channels(channel.user) or [email_channel(channel.user)]:
        NotificationDelivery.objects.create(
            channel=other,
            stage=DeliveryStage.LOST,
            key=f"{other.pk}:lost:{channel.pk}:{uuid.uuid4()}",
            created_at=now,
            not_before=after_quiet_hours(settings_of(channel.user), now),
        )
    transaction.on_commit(queue.enqueue_notifications)


def _hand_to_channel(
    channel: NotificationChannel,
    rows: list[NotificationDelivery],
    message: Message,
    claim: str,
    now: datetime,
) -> DeliveryState:
    try:
        CHANNELS[ChannelKind(channel.kind)].send(channel, message)
    except (ClientError, SMTPException, OSError) as error:
        outcome = _outcome(error)
        # What a mail server says may hold the address.
        logger.warning("channel %s, %s: %s (%s)", channel.pk, channel.kind, outcome.code, outcome.state.value)
        if isinstance(error, AuthRevoked):
            _switch_off(channel, outcome.code, now)
        if outcome.state == DeliveryState.WAITING:
            return _put_off(rows, now, claim=claim, code=outcome.code, delay=outcome.delay)
        if outcome.state == DeliveryState.UNSURE:
            _note_told(rows)
        return _settle(claim, outcome.state, outcome.code)
    _settle(claim, DeliveryState.SENT, "")
    _note_told(rows)
    return DeliveryState.SENT


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What follows from a failure; `delay` is what the service has asked for, in seconds."""

    state: DeliveryState
    code: str
    delay: float | None = None


def _outcome(error: Exception) -> _Outcome:
    code = (error.code if isinstance(error, ClientError) else type(error).__name__)[:64]
    match error:
        case AuthRevoked() | InvalidRequest():
            return _Outcome(DeliveryState.REFUSED, code)
        case Transient(may_have_run=True):
            return _Outcome(DeliveryState.UNSURE, code)
        case Transient():
            return _Outcome(DeliveryState.WAITING, code, error.retry_after)
        case SMTPRecipientsRefused() if all(
            status >= SMTP_FOR_GOOD for status, _words in error.recipients.values()
        ):
            return _Outcome(DeliveryState.REFUSED, code)
    return _Outcome(DeliveryState.WAITING, code)


def _note_told(rows: list[NotificationDelivery]) -> None:
    for row in rows:
        if row.notification_id is not None and row.stage in (DeliveryStage.BEGIN, DeliveryStage.END):
            column = "end_sent_at" if row.stage == DeliveryStage.END else "sent_at"
            told = Notification.objects.filter(pk=row.notification_id, **{f"{column}__isnull": True})
            told.update(**{column: clock.now()})


def _settle(claim: str, state: DeliveryState, code: str) -> DeliveryState:
    values = {"state": state, "error_code": code[:64]}
    if state == DeliveryState.SENT:
        NotificationDelivery.objects.claimed_by(claim).update(**values, sent_at=clock.now())
    else:
        NotificationDelivery.objects.claimed_by(claim).update(**values)
    return state


def _put_off(
    rows: list[NotificationDelivery], now: datetime, *, claim: str, code: str, delay: float | None
) -> DeliveryState:
    """Have it tried again, not before the moment that the service has named."""
    for row in rows:
        pause = min(FIRST_RETRY * 2 ** min(row.tries, 10), LONGEST_RETRY)
        if delay is not None:
            pause = timedelta(seconds=min(max(delay, 1.0), LONGEST_WAIT.total_seconds()))
        NotificationDelivery.objects.filter(pk=row.pk, claim=claim).update(
            state=DeliveryState.WAITING,
            claim="",
            not_before=now + pause,
            tries=min(row.tries + 1, MOST_TRIES),
            error_code=code[:64],
        )
    return DeliveryState.WAITING


def _write_off_abandoned(now: datetime) -> None:
    """Note what a worker left behind amid the sending: it was perhaps sent, so nobody sends it again."""
    rows = NotificationDelivery.objects.abandoned(now)
    for row in rows.select_related("notification")[:MOST_AT_ONCE]:
        gone = NotificationDelivery.objects.filter(pk=row.pk, claim=row.claim, state=DeliveryState.SENDING)
        if gone.update(state=DeliveryState.UNSURE):
            _note_told([row])
