"""Reads of the till outside a job. Both actors may safely run twice."""

import logging
import math
from datetime import timedelta

import dramatiq
from dramatiq.errors import Retry
from periodiq import cron

from catalog.ingest.refresh import refresh_till
from catalog.queue import enqueue_slow_refresh
from connections import operator_alerts
from connections.clients.errors import ClientError, Transient
from connections.clients.patience import PATIENCE_SECONDS, TooSlow
from connections.models import EvotorConnection
from connections.pace import reading
from evosync.common import clock

logger = logging.getLogger(__name__)

# The refreshes of one hour are spread over this many seconds.
SPREAD_SECONDS = 1500
RETRY_MS = 120_000
TIME_LIMIT_MS = int(timedelta(minutes=30).total_seconds() * 1000)


@dramatiq.actor(queue_name="default", periodic=cron("30 * * * *"))
def refresh_all_catalogs() -> None:
    """Enqueue a refresh of every till that answers, spread over half an hour by user id."""
    ready = EvotorConnection.objects.claimed().installed().online().values_list("user_id", flat=True)
    for user_id in ready.iterator(chunk_size=2000):
        delay = (user_id or 0) * 2039 % SPREAD_SECONDS
        refresh_catalog_for_user.send_with_options(args=(user_id,), delay=delay * 1000)


@dramatiq.actor(
    queue_name="default",
    max_retries=2,
    min_backoff=RETRY_MS,
    max_backoff=RETRY_MS,
    time_limit=TIME_LIMIT_MS,
)
def refresh_catalog_for_user(user_id: int) -> None:
    """Read one merchant's till to the end; retry where Evotor is down, give way where it is slow."""
    try:
        _refresh(user_id, patience_seconds=PATIENCE_SECONDS)
    except TooSlow:
        enqueue_slow_refresh(user_id)


@dramatiq.actor(
    queue_name="slow",
    max_retries=2,
    min_backoff=RETRY_MS,
    max_backoff=RETRY_MS,
    time_limit=TIME_LIMIT_MS,
)
def refresh_slow_catalog_for_user(user_id: int) -> None:
    """Read one merchant's till to the end, however long it takes to answer."""
    _refresh(user_id, patience_seconds=math.inf)


def _refresh(user_id: int, *, patience_seconds: float) -> None:
    connection = EvotorConnection.objects.claimed().installed().for_user(user_id).first()
    if connection is None or connection.user is None or not connection.user.is_active:
        return
    now = clock.now()
    if connection.is_paused(now):
        return
    try:
        with reading(connection, patience_seconds) as patience:
            summary = refresh_till(connection, now=now, patience=patience)
        summary.raise_if_nothing_read()
    except Transient as error:
        raise Retry(f"{error.code}: Evotor is down", delay=RETRY_MS) from error
    except ClientError as error:
        operator_alerts.report(error)
        # Waiting repairs neither a dead token, nor a refusal, nor a fault of ours.
        logger.warning("the till of user %s was not read: %s", user_id, error.code)
        return
    if not summary.complete:
        codes = sorted({problem.code for problem in summary.unread})
        logger.info("the till of user %s was read in part: %s", user_id, ", ".join(codes))
