"""When a merchant's hourly run begins: the same moment of every hour, spread over all merchants."""

from datetime import datetime, timedelta

from periodiq import PeriodiqMiddleware

# Runs of the hour are spread over this many seconds, so that no minute is busier than another.
SPREAD_SECONDS = 3300
# Those who share so many seconds share a message: ten thousand messages would take long to send.
STEP_SECONDS = 10
# A merchant who was scheduled so lately is not scheduled again, however many schedulers ask.
AT_MOST_EVERY = timedelta(minutes=30)
LATE_SECONDS = 600


def second_of_hour(user_id: int) -> int:
    """Return the merchant's second within the hour; a golden-ratio step keeps neighbours apart."""
    return user_id * 2039 % SPREAD_SECONDS // STEP_SECONDS * STEP_SECONDS


def next_scheduled_run(user_id: int, *, now: datetime) -> datetime:
    """Return when the merchant's next hourly run is asked for, after `now`."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    moment = hour + timedelta(seconds=second_of_hour(user_id))
    return moment if moment > now else moment + timedelta(hours=1)


class DelayTolerantPeriodiq(PeriodiqMiddleware):  # type: ignore[misc]
    """Carries periodic messages out also when busy workers take them up minutes late.

    periodiq drops them after 30 seconds, and with them an hour's runs.
    """

    def __init__(self) -> None:
        super().__init__(skip_delay=LATE_SECONDS)
