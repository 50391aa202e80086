"""Messages that wake workers, built by the actor's name, so that no sender imports an actor.

Jobs live in the database; a queue message only wakes a worker, so losing Redis loses no work. The
names stay as they are: messages of the release before are still on the queue during an upgrade.
"""

import logging
from collections.abc import Mapping
from typing import Any

import dramatiq
from dramatiq.errors import BrokerError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# Actor → queue, as `syncing.tasks` declares them.
RUN_SYNC = ("run_sync_for_user", "sync")
RUN_BULK_SYNC = ("run_bulk_sync_for_user", "bulk")
SEND_NOTIFICATIONS = ("send_notices", "default")
SEND_CLOSURE_EMAIL = ("send_goodbye", "default")
ALL = (RUN_SYNC, RUN_BULK_SYNC, SEND_NOTIFICATIONS, SEND_CLOSURE_EMAIL)


def enqueue(user_id: int, *, delay_seconds: float = 0, bulk: bool = False) -> None:
    """Wake a worker for the merchant's job, of the short queue or of that for long uploads.

    A broker that is away is no error: `requeue_stale` finds the job by its row.
    """
    try:
        _send(RUN_BULK_SYNC if bulk else RUN_SYNC, user_id, delay_ms=int(delay_seconds * 1000))
    except (RedisError, BrokerError, OSError):
        logger.warning("no message for user %s: the broker is away; the sweeper will send it", user_id)


def enqueue_notifications() -> None:
    """Have due notifications sent now; without a broker the schedule sends them minutes later."""
    try:
        _send(SEND_NOTIFICATIONS)
    except (RedisError, BrokerError, OSError):
        logger.warning("notifications wait for the schedule: the broker is away")


def enqueue_closure_email(email: str, language: str, facts: Mapping[str, Any]) -> None:
    """Have a former user told the result of the account closure. Raises where the broker is away."""
    _send(SEND_CLOSURE_EMAIL, email, language, dict(facts))


def _send(actor: tuple[str, str], *args: Any, delay_ms: int = 0) -> None:
    name, queue_name = actor
    broker = dramatiq.get_broker()
    # The in-memory broker knows only declared queues, and a process without workers declares none.
    broker.declare_queue(queue_name)
    message: dramatiq.Message[None] = dramatiq.Message(
        queue_name=queue_name, actor_name=name, args=args, kwargs={}, options={}
    )
    broker.enqueue(message, delay=delay_ms or None)
