"""When a merchant's hourly run begins: the same moment of every hour, spread over all merchants."""

from datetime import datetime, timedelta

# Runs of the hour are spread over this many seconds, so that no minute is busier than another.
SPREAD_SECONDS = 3300


def second_of_hour(user_id: int) -> int:
    """Return the merchant's second within the hour; a golden-ratio step keeps neighbours apart."""
    return user_id * 2039 % SPREAD_SECONDS


def next_scheduled_run(user_id: int, *, now: datetime) -> datetime:
    """Return when the merchant's next hourly run is asked for, after `now`."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    moment = hour + timedelta(seconds=second_of_hour(user_id))
    return moment if moment > now else moment + timedelta(hours=1)
