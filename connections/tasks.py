"""When connections are looked after. Actors take ids, load, call one service; all may run twice."""

from datetime import timedelta

import dramatiq
from django.utils import timezone
from periodiq import cron

from accounts.models import User
from connections import health_checks
from connections.evotor.webhooks import handlers, inbox
from connections.models import WebhookEvent
from connections.notifications import send_notice_to

# The checks of one round are spread over this many seconds.
SPREAD_SECONDS = 540
SWEEP_AFTER = timedelta(minutes=1)


@dramatiq.actor(queue_name="default", max_retries=20, min_backoff=5_000, max_backoff=600_000)
def handle_webhook_event(event_id: int) -> None:
    """Apply one delivery from Evotor, unless it has been applied."""
    event = WebhookEvent.objects.unhandled().filter(pk=event_id).first()
    if event is not None:
        handlers.handle(event, now=timezone.now())


@dramatiq.actor(queue_name="default", periodic=cron("* * * * *"))
def sweep_webhook_events() -> None:
    """Hand over again what was kept while the broker was away, or what a worker lost."""
    now = timezone.now()
    for event_id in WebhookEvent.objects.waiting(now - SWEEP_AFTER).values_list("pk", flat=True)[:500]:
        inbox.hand_over(event_id)


@dramatiq.actor(queue_name="health", periodic=cron("*/10 * * * *"))
def check_all_connections() -> None:
    """Ask for a check of every connection that is due, spread over the round by merchant."""
    for service, user_id in health_checks.due_checks(timezone.now()):
        delay = user_id * 331 % SPREAD_SECONDS
        check_connection.send_with_options(args=(service, user_id), delay=delay * 1000)


@dramatiq.actor(queue_name="health", max_retries=1, min_backoff=30_000)
def check_connection(service: str, user_id: int) -> None:
    """Ask the service one cheap question in the merchant's name."""
    connection = health_checks.find_connection(service, user_id)
    if connection is not None and not connection.is_paused(timezone.now()):
        health_checks.check_health(connection, now=timezone.now())


@dramatiq.actor(queue_name="default", max_retries=5, min_backoff=60_000)
def send_notice(user_id: int, service: str, kind: str, code: str) -> None:
    """Write one notice to the merchant."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None:
        send_notice_to(user, service=service, kind=kind, code=code)
