"""What the workers' clock costs after years of history: rows that each periodic actor reads on MariaDB.

`python -m bench.triggers [ROWS]` starts a MariaDB and a Redis of its own, makes that many rows (1,000,000) of
every table that grows with time, all of them done with, and carries out what runs every minute, every few
minutes and every hour. Rows are those that the server's handlers read, so they are counts and hold on every
machine; the budget is of rows a merchant, as history must not matter. Ends with 1 where it is broken.
"""

import logging
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bench.big_merchant import copies, make_numbers
from bench.growth import made_merchant, run_once
from bench.refresh import throw_away_database
from bench.standins import StandIns
from bench.table import BROKEN, HOLDS

ROWS, MERCHANTS, GOODS = 1_000_000, 100, 100
# Each merchant has rows that are no history, and retention looks at a thousand items before it stops.
MOST_READ = 30 * MERCHANTS
MESSAGES = 20_000
TOKEN = "no service is asked"  # noqa: S105 - of nobody
SHOWN = 3
HEADER = "| Actor | Rows read | Seconds | Verdict |\n|---|---|---|---|"


@dataclass(slots=True)
class Work:
    """What one actor did: rows read in all, seconds, and (rows read, statement) of each statement."""

    rows: int = 0
    seconds: float = 0.0
    statements: list[tuple[int, str]] = field(default_factory=list)


def make(rows: int, merchants: int = MERCHANTS) -> None:
    """Make merchants with a history of so many rows in every table that grows with time."""
    from django.utils import timezone

    now = timezone.now()
    make_numbers(max(rows, merchants))
    _merchants(merchants - 1, now)
    user = f"{_first_user().pk} + n % {merchants}"
    _runs(rows, user, now)
    _notifications(rows, user, now)
    _connections(rows, user, now)
    _imports(rows, merchants, user, now)


def _first_user() -> Any:
    from accounts.models import User

    return User.objects.order_by("pk")[0]


def _merchants(number: int, now: datetime) -> None:
    """Make merchants with both connections and rules."""
    from accounts.models import User
    from connections.models import EvotorConnection, VkConnection
    from syncing.models import Computation, SyncConfig

    users = User.objects.bulk_create(User(email=f"m{n}@example.com") for n in range(number))
    SyncConfig.objects.bulk_create(
        SyncConfig(user=one, is_enabled=True, confirmed_at=now, last_run_at=now) for one in users
    )
    EvotorConnection.objects.bulk_create(
        EvotorConnection(
            user=one, is_online=True, access_token=TOKEN, evotor_user_id=f"e{one.pk}", last_checked_at=now
        )
        for one in users
    )
    VkConnection.objects.bulk_create(
        VkConnection(user=one, is_online=True, access_token=TOKEN, group_id=one.pk, last_checked_at=now)
        for one in users
    )
    Computation.objects.bulk_create(
        Computation(user=one, kind=kind, computed_at=now) for one in users for kind in Computation.Kind.values
    )


def _runs(rows: int, user: str, now: datetime) -> None:
    from syncing.models import SyncJob, SyncJobItem

    one, past = _first_user(), now - timedelta(days=2)
    job = SyncJob.objects.create(
        user=one,
        triggered_by="schedule",
        status=SyncJob.Status.SUCCESS,
        created_at=past,
        started_at=past,
        heartbeat_at=past,
        finished_at=past,
    )
    first = copies(job, rows, user_id=user, status="CASE WHEN n % 9 = 0 THEN 'failed' ELSE 'success' END")
    item = SyncJobItem.objects.create(job=job, product_name="Кружка", action="update", result="done")
    copies(item, rows, job_id=f"{first} + n")


def _notifications(rows: int, user: str, now: datetime) -> None:
    """Make troubles that ended, told or before anybody was told, and what the channels sent."""
    from syncing.models import Notification, NotificationChannel, NotificationDelivery

    one = _first_user()
    past = now - timedelta(days=1)
    told = Notification.objects.create(
        user=one,
        trouble=Notification.Trouble.FAILED,
        opened_at=past,
        sent_at=past,
        queued_at=past,
        closed_at=past,
        tell_end=True,
        end_sent_at=past,
        end_queued_at=past,
        not_before=past,
    )
    is_short, is_silent = "n % 3 = 1", "n % 3 = 2"
    first = copies(
        told,
        rows,
        user_id=user,
        sent_at=f"CASE WHEN {is_short} THEN NULL ELSE sent_at END",
        queued_at=f"CASE WHEN {is_short} THEN NULL ELSE queued_at END",
        tell_end=f"CASE WHEN {is_short} OR {is_silent} THEN 0 ELSE 1 END",
        end_sent_at=f"CASE WHEN {is_short} OR {is_silent} THEN NULL ELSE end_sent_at END",
        end_queued_at=f"CASE WHEN {is_short} OR {is_silent} THEN NULL ELSE end_queued_at END",
    )
    channel = NotificationChannel.objects.create(user=one, kind="email", key="email:1")
    delivery = NotificationDelivery.objects.create(
        channel=channel,
        notification=told,
        stage="begin",
        key="x",
        state="sent",
        not_before=past,
        sent_at=past,
    )
    copies(delivery, rows, notification_id=f"{first} + n", key="'k' || n")


def _connections(rows: int, user: str, now: datetime) -> None:
    """Make deliveries of Evotor's, all handled but some parked ones, and the history of health."""
    from connections.models import HealthCheckLog, LinkingRecord, WebhookEvent

    one = _first_user()
    past = now - timedelta(days=1)
    event = WebhookEvent.objects.create(
        kind="products", dedupe_key="x", body="{}", received_at=past, handled_at=past
    )
    is_parked = "n % 500 = 0"
    copies(
        event,
        rows,
        dedupe_key="'k' || n",
        evotor_user_id="'e' || n",
        handled_at=f"CASE WHEN {is_parked} THEN NULL ELSE handled_at END",
        parked_at=f"CASE WHEN {is_parked} THEN handled_at ELSE NULL END",
        retry_at="CASE WHEN n % 7 = 0 THEN handled_at ELSE NULL END",
    )
    copies(HealthCheckLog.objects.create(user=one, service="vk", event="online"), rows, user_id=user)
    copies(LinkingRecord.objects.create(user=one, event="linked"), rows, user_id=user)


def _imports(rows: int, merchants: int, user: str, now: datetime) -> None:
    """Make imports of photos that the merchants have left as they are, and messages that went well."""
    from django_dramatiq.models import Task

    from catalog.models import PhotoImport, PhotoImportFile

    one = _first_user()
    sent = PhotoImport.objects.create(user=one, state="done", changed_at=now)
    first = copies(sent, merchants - 1, user_id=f"{one.pk} + n + 1")
    file = PhotoImportFile.objects.create(photo_import=sent, name="1.jpg", state="ready", is_matched=True)
    copies(file, rows, photo_import_id=f"{first} + n % {merchants - 1}")
    with_messages = [
        Task(id=f"{n:032x}", status=Task.STATUS_DONE, message_data=b"", actor_name="a", queue_name="q")
        for n in range(min(rows, MESSAGES))
    ]
    Task.tasks.bulk_create(with_messages, batch_size=5_000)


def actors() -> dict[str, Any]:
    """Return every actor that the clock starts, by name."""
    from django.utils.module_loading import autodiscover_modules
    from dramatiq import get_broker

    autodiscover_modules("tasks")
    found = get_broker().actors.items()
    return {name: actor for name, actor in sorted(found) if "periodic" in actor.options}


def carried_out(work: Callable[[], object]) -> Work:
    """Do some work; return what it cost."""
    from django.db import connection

    done = Work()

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if "Handler_read" in sql:
            return execute(sql, *rest)
        before = _rows_read()
        answer = execute(sql, *rest)
        read = _rows_read() - before
        done.rows += read
        done.statements.append((read, sql))
        return answer

    started = time.perf_counter()
    with connection.execute_wrapper(note):
        work()
    done.seconds = time.perf_counter() - started
    return done


def _rows_read() -> int:
    """Return how many rows this connection has had read."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW SESSION STATUS LIKE 'Handler_read%%'")
        return sum(int(value) for _name, value in cursor.fetchall())


def main(arguments: Sequence[str]) -> int:
    """Print what every periodic actor reads; return 1 where one reads history."""
    parser = ArgumentParser(prog="bench.triggers", description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=ROWS)
    given = parser.parse_args(arguments)
    from tests.servers import both

    logging.disable(logging.WARNING)
    with both() as servers:
        os.environ.update(servers)
        with throw_away_database(), StandIns() as box:
            started = time.perf_counter()
            user, _shop = made_merchant(box, GOODS)
            for _ in range(3):
                run_once(user, box)
            make(given.rows)
            _analyze()
            seconds = time.perf_counter() - started
            print(f"{given.rows:,} rows of each history, made in {seconds:.0f} s\n\n{HEADER}")
            works: dict[str, Callable[[], object]] = {name: actor.fn for name, actor in actors().items()}
            works |= merchants_works(user, box)
            found = [_holds(name, work) for name, work in works.items()]
    return 0 if all(found) else 1


def merchants_works(user: Any, box: StandIns) -> dict[str, Callable[[], object]]:
    """Return what is done for one merchant of many runs, whose goods are as many as the merchants."""
    from syncing import tasks

    return {
        "start_scheduled_syncs": lambda: tasks.start_scheduled_syncs.fn([user.pk]),
        "an unchanged run": lambda: run_once(user, box),
    }


def _holds(name: str, work: Callable[[], object]) -> bool:
    done = carried_out(work)
    holds = done.rows <= MOST_READ
    print(f"| `{name}` | {done.rows:,} | {done.seconds:.2f} | {HOLDS if holds else BROKEN} |", flush=True)
    if not holds:
        for rows, sql in sorted(done.statements, reverse=True)[:SHOWN]:
            print(f"    {rows:,}: {sql[:1200]}")
    return holds


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        # Of rows that came all at once MariaDB knows nothing yet, and guesses badly.
        cursor.execute(f"ANALYZE TABLE {', '.join(connection.introspection.table_names())}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
