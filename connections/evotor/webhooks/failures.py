"""What becomes of a delivery whose handling failed: it is tried again, ever later, and parked in the end."""

import logging
from datetime import datetime, timedelta

import redis
from django.db import InterfaceError, OperationalError
from dramatiq.errors import BrokerError

from connections.clients.errors import ClientError, Suspended, Transient
from connections.evotor.webhooks import inbox
from connections.models import WebhookEvent, WebhookEventQuerySet
from connections.models.evotor import LONGEST_RETRY
from evosync.common import clock

logger = logging.getLogger(__name__)

# After each failure the pause before the next try; after one more failure the event is parked.
PAUSES = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    LONGEST_RETRY,
)
# What passes is waited for as long as it has lasted already, within these bounds.
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)
# Two hosts' clocks may differ so much.
CLOCKS_DIFFER = timedelta(seconds=2)
# MariaDB's numbers for data that it does not take, which the driver calls operational.
DATA_ERRORS = frozenset({1267, 1292, 1300, 1366, 1411, 3140, 4025})
AWAY = (OperationalError, InterfaceError)
PASSING = (Transient, Suspended, redis.RedisError, BrokerError, ConnectionError, TimeoutError)


def is_database_away(error: Exception) -> bool:
    """Return True if the database could not be asked, so that nothing can be written down either."""
    number = error.args[0] if error.args else None
    return isinstance(error, AWAY) and number not in DATA_ERRORS


def record(event: WebhookEvent, error: Exception, *, now: datetime) -> None:
    """Note a failure and have the event tried again, or park it.

    What passes by itself (Evotor, the broker or the net is away) is no fault of the event and is not counted.
    """
    if isinstance(error, PASSING):
        if clock.is_before(event.retry_at, now + CLOCKS_DIFFER, longest=LONGEST_RETRY):
            # This message came twice; the one for the next try is on its way.
            return
        pause = min(max(now - event.received_at, SHORTEST_WAIT), LONGEST_WAIT)
        logger.warning("webhook event %s waits: %s", event.pk, _code(error))
        _retry(event, now + pause, pause, code=_code(error))
        return
    logger.error("webhook event %s failed: %s", event.pk, _code(error), exc_info=error)
    if event.attempts >= len(PAUSES):
        values = {"attempts": event.attempts + 1, "parked_at": now, "retry_at": None}
        _same(event).update(**values, last_error=_code(error))
        logger.error("webhook event %s is parked after %s tries", event.pk, event.attempts + 1)
        return
    pause = PAUSES[event.attempts]
    _retry(event, now + pause, pause, code=_code(error), attempts=event.attempts + 1)


def _retry(event: WebhookEvent, moment: datetime, pause: timedelta, *, code: str, **values: int) -> None:
    if _same(event).update(retry_at=moment, last_error=code, **values):
        inbox.dispatch(event.pk, delay_seconds=pause.total_seconds())


def _same(event: WebhookEvent) -> WebhookEventQuerySet:
    return WebhookEvent.objects.unhandled().tried(event.attempts).filter(pk=event.pk)


def _code(error: Exception) -> str:
    """Return what the error is, without its text: that may quote the delivery."""
    return (error.code if isinstance(error, ClientError) else type(error).__name__)[:64]
