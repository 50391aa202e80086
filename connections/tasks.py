"""The actors of the connections app. Each takes ids, calls one service, and may run twice.

An `actor_name` is the name that messages of earlier releases carry: they may be on the queue in an upgrade.
"""

import math
from datetime import timedelta

import dramatiq
from periodiq import cron

from accounts.models import User
from connections import health_checks, notifications, operator_alerts
from connections.choices import NotificationKind
from connections.clients.patience import PATIENCE_SECONDS, TooSlow
from connections.clients.service import Service
from connections.evotor.webhooks import failures, handlers, inbox
from connections.models import OperatorAlert, WebhookEvent
from connections.pace import reading
from connections.queue import enqueue_connection_check, enqueue_slow_check
from evosync.common import clock
from evosync.common.rows import row_or_none

# The checks of one round are spread over this many seconds.
SPREAD_SECONDS = 540
SWEEP_AFTER = timedelta(minutes=1)
SWEEP_AGAIN = timedelta(minutes=10)
# Copies of a hint that come while it is handled are waited for, so that all of them share a round.
COPY_SECONDS = 1


@dramatiq.actor(queue_name="default", max_retries=20, min_backoff=5_000, max_backoff=600_000)
def handle_webhook_event(event_id: int) -> None:
    """Apply one delivery from Evotor, unless it was applied or parked already.

    While the database is away Dramatiq repeats the message; every other failure is the event's own.
    """
    event = row_or_none(WebhookEvent.objects.unhandled().filter(pk=event_id))
    if event is None:
        return
    try:
        is_done = handlers.handle(event, now=clock.now())
    except Exception as error:
        if failures.is_database_away(error):
            raise
        failures.record(event, error, now=clock.now())
    else:
        if not is_done:
            inbox.dispatch(event_id, delay_seconds=COPY_SECONDS)


@dramatiq.actor(queue_name="default", periodic=cron("* * * * *"))
def sweep_webhook_events() -> None:
    """Dispatch again what was stored while the broker was down, or what a worker lost.

    Each of them at most once in ten minutes: its message may only wait for a busy worker.
    """
    now = clock.now()
    waiting = WebhookEvent.objects.waiting(now, new=SWEEP_AFTER, again=SWEEP_AGAIN)
    event_ids = list(waiting.values_list("pk", flat=True)[:500])
    WebhookEvent.objects.filter(pk__in=event_ids).update(retry_at=now)
    for event_id in event_ids:
        inbox.dispatch(event_id)


@dramatiq.actor(queue_name="health", periodic=cron("*/10 * * * *"))
def check_all_connections() -> None:
    """Ask for a check of every connection that is due, spread over the round by merchant."""
    operator_alerts.resolve_stale(now=clock.now())
    for service, user_id in health_checks.due_checks(clock.now()):
        enqueue_connection_check(service, user_id, delay_seconds=user_id * 331 % SPREAD_SECONDS)


@dramatiq.actor(queue_name="health", max_retries=1, min_backoff=30_000)
def check_connection(service: str, user_id: int) -> None:
    """Check one connection, unless it is paused; where the service is slow, leave it to others."""
    try:
        _check(Service(service), user_id, patience_seconds=PATIENCE_SECONDS)
    except TooSlow:
        enqueue_slow_check(Service(service), user_id)


@dramatiq.actor(queue_name="slow", max_retries=1, min_backoff=30_000)
def check_slow_connection(service: str, user_id: int) -> None:
    """Check one connection, however long the service takes to answer."""
    _check(Service(service), user_id, patience_seconds=math.inf)


def _check(service: Service, user_id: int, *, patience_seconds: float) -> None:
    connection = health_checks.find_connection(service, user_id)
    if connection is not None and not connection.is_paused(clock.now()):
        with reading(connection, patience_seconds, is_whole=False) as patience:
            health_checks.check_health(connection, now=clock.now(), patience=patience)


# Thousands at once where a service refuses everybody: no push of the queue `default` may stand behind them.
@dramatiq.actor(actor_name="send_notice", queue_name="health", max_retries=5, min_backoff=60_000)
def send_notification(user_id: int, service: str, kind: str, code: str) -> None:
    """Email the merchant about one of their connections."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None:
        notifications.send_notification(
            user, service=Service(service), kind=NotificationKind(kind), code=code
        )


@dramatiq.actor(queue_name="default", max_retries=20, min_backoff=60_000, max_backoff=3_600_000)
def send_operator_alert(alert_id: int) -> None:
    """Email staff about an alert, unless it is fixed by now."""
    alert = OperatorAlert.objects.open().filter(pk=alert_id).first()
    if alert is not None:
        operator_alerts.send_operator_alert(alert)
