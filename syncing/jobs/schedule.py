"""When a merchant's scheduled run begins: the same moment of the hour, spread over all merchants.

How many hours lie between two of them, the merchant chooses; a run that failed is made up for an hour later.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from dramatiq import Broker, Message
from dramatiq.broker import MessageProxy
from dramatiq.middleware import SkipMessage
from periodiq import PeriodiqMiddleware

from evosync.common import clock

logger = logging.getLogger(__name__)

# Runs of the hour are spread over this many seconds, so that no minute is busier than another.
SPREAD_SECONDS = 3300
# Those who share so many seconds share a message: ten thousand messages would take long to send.
STEP_SECONDS = 10
# A merchant who was scheduled so lately is not scheduled again, however many schedulers ask.
AT_MOST_EVERY = timedelta(minutes=30)
LATE_SECONDS = 600
# The option of a message that holds when its work was due.
ASKED_AT = "asked_at"


def second_of_hour(user_id: int) -> int:
    """Return the merchant's second within the hour; a golden-ratio step keeps neighbours apart."""
    return user_id * 2039 % SPREAD_SECONDS // STEP_SECONDS * STEP_SECONDS


def next_scheduled_run(
    user_id: int, *, now: datetime, every_hours: int = 1, last: datetime | None = None
) -> datetime:
    """Return when the merchant's next scheduled run is asked for, after `now`.

    `last` is when the schedule asked for the last one that did not fail.
    """
    hour = now.replace(minute=0, second=0, microsecond=0)
    moment = hour + timedelta(seconds=second_of_hour(user_id))
    if moment <= now:
        moment += timedelta(hours=1)
    if last is not None and (short := last + rest_between(every_hours) - moment) > timedelta(0):
        moment += timedelta(hours=-(-short // timedelta(hours=1)))
    return moment


def rest_between(every_hours: int) -> timedelta:
    """Return for how long after a scheduled run no other is asked for: somewhat less than the time chosen."""
    return timedelta(hours=every_hours) - AT_MOST_EVERY


class DelayTolerantPeriodiq(PeriodiqMiddleware):  # type: ignore[misc]
    """Carries periodic messages out also when busy workers take them up minutes late.

    periodiq drops them after 30 seconds, and with them an hour's runs. It compares the scheduler's clock with
    the worker's, which may be minutes apart; how late a message is, the clock that all hosts share tells.
    """

    def __init__(self) -> None:
        super().__init__(skip_delay=LATE_SECONDS)

    def before_enqueue(self, broker: Broker, message: Message[Any], delay: int | None) -> None:
        """Note when the scheduler asked; a message that is tried again keeps the first moment."""
        if "scheduled_at" in message.options:
            message.options.setdefault(ASKED_AT, clock.time())

    def before_process_message(self, broker: Broker, message: MessageProxy) -> None:
        """Skip what is too late. Raises SkipMessage."""
        asked_at = message.options.get(ASKED_AT)
        if asked_at is None:
            super().before_process_message(broker, message)
        elif clock.time() - asked_at > LATE_SECONDS:
            logger.warning("skipped %s: it is more than %s s late", message.actor_name, LATE_SECONDS)
            raise SkipMessage
