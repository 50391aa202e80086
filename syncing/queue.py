"""Messages that wake workers, built by the actor's name, so that no sender imports an actor.

Jobs live in the database; a queue message only wakes a worker, so losing Redis loses no work. The
names stay as they are: messages of the release before are still on the queue during an upgrade.
"""

import logging
from collections.abc import Mapping
from typing import Any

from dramatiq.errors import BrokerError
from redis.exceptions import RedisError

from evosync.common.queue import enqueue as put

logger = logging.getLogger(__name__)

# Actor → queue, as `syncing.tasks` declares them.
RUN_SYNC = ("run_sync_for_user", "sync")
RUN_BULK_SYNC = ("run_bulk_sync_for_user", "bulk")
RUN_SLOW_SYNC = ("run_slow_sync_for_user", "slow")
SEND_NOTIFICATIONS = ("send_notices", "health")
SEND_CLOSURE_EMAIL = ("send_goodbye", "default")
COMPUTE = ("compute_for_user", "default")
COMPUTE_SLOWLY = ("compute_slowly_for_user", "slow")
ANSWER_BOT = ("answer_bot", "default")
IMPORT_PHOTOS = ("import_photos_for_user", "default")
ALL = (
    RUN_SYNC,
    RUN_BULK_SYNC,
    RUN_SLOW_SYNC,
    SEND_NOTIFICATIONS,
    SEND_CLOSURE_EMAIL,
    COMPUTE,
    COMPUTE_SLOWLY,
    ANSWER_BOT,
    IMPORT_PHOTOS,
)


def enqueue(user_id: int, *, delay_seconds: float = 0, bulk: bool = False, slow: bool = False) -> None:
    """Wake a worker for the merchant's job: of the short queue, or that for long uploads or slow services.

    A broker that is away is no error: `requeue_stale` finds the job by its row.
    """
    try:
        actor, queue_name = RUN_SLOW_SYNC if slow else RUN_BULK_SYNC if bulk else RUN_SYNC
        put(actor, user_id, queue_name=queue_name, delay_seconds=delay_seconds)
    except (RedisError, BrokerError, OSError):
        logger.warning("no message for user %s: the broker is away; the sweeper will send it", user_id)


def enqueue_computation(user_id: int, kind: str, *, delay_seconds: float = 0, slow: bool = False) -> None:
    """Have a result computed that a page shows; `slow` is for one that waits for a slow service.

    Without a broker the sweeper sends the message later.
    """
    try:
        actor, queue_name = COMPUTE_SLOWLY if slow else COMPUTE
        put(actor, user_id, str(kind), queue_name=queue_name, delay_seconds=delay_seconds)
    except (RedisError, BrokerError, OSError):
        logger.warning("no message for user %s: the broker is away; the sweeper will send it", user_id)


def enqueue_photo_import(user_id: int, *, delay_seconds: float = 0) -> None:
    """Have a merchant's many photos worked on; without a broker the sweeper sends the message later."""
    try:
        put(IMPORT_PHOTOS[0], user_id, delay_seconds=delay_seconds)
    except (RedisError, BrokerError, OSError):
        logger.warning("no message for user %s: the broker is away; the sweeper will send it", user_id)


def enqueue_notifications() -> None:
    """Have due notifications sent now; without a broker the schedule sends them minutes later."""
    try:
        actor, queue_name = SEND_NOTIFICATIONS
        put(actor, queue_name=queue_name)
    except (RedisError, BrokerError, OSError):
        logger.warning("notifications wait for the schedule: the broker is away")


def enqueue_bot_answer(kind: str, *, chat: str, name: str, text: str, code_hash: str) -> None:
    """Have a message to a bot answered. Raises where the broker is away."""
    put(ANSWER_BOT[0], str(kind), chat, name, text, code_hash)


def enqueue_closure_email(email: str, language: str, facts: Mapping[str, Any]) -> None:
    """Have a former user told the result of the account closure. Raises where the broker is away."""
    put(SEND_CLOSURE_EMAIL[0], email, language, dict(facts))
