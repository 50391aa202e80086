"""Runs, pages and the queue find their rows by an index, however many rows other merchants have."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from catalog.models import Product, ProductGroup, Store
from connections import tasks as connection_tasks
from connections.models import HealthCheckLog, WebhookEvent
from syncing import tasks
from syncing.models import Listing, Notification, SyncJob, SyncJobItem
from syncing.services.catalog_states import Show
from tests.integration.syncing.running import run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.mariadb]

BIG = {
    "catalog_product",
    "catalog_productgroup",
    "connections_healthchecklog",
    "connections_webhookevent",
    "syncing_listing",
    "syncing_notice",
    "syncing_syncjob",
    "syncing_syncjobitem",
}
# Every list that a merchant pages through, with each of its filters.
PAGES = (
    "/",
    *(f"/catalogue/?show={show}" for show in Show),
    "/catalogue/?q=Кружка",
    "/catalogue/?price_from=100&price_to=200",
    "/catalogue/check/",
    "/catalogue/shelf/",
    "/catalogue/photos/",
    "/connections/",
    "/history/",
    "/notifications/",
    "/sync/",
    "/sync/preview/",
    "/sync/filters/",
    "/sync/prices/",
    "/sync/undone/",
    "/sync/categories/",
)
QUEUE: dict[str, Callable[[User], object]] = {
    "the hour's runs": lambda user: tasks.run_sync_all.fn(),
    "one merchant's run": lambda user: tasks.start_scheduled_syncs.fn([user.pk]),
    "runs that were lost": lambda user: tasks.sweep_stale_jobs.fn(),
    "results that were lost": lambda user: tasks.sweep_computations.fn(),
    "notifications": lambda user: tasks.send_notifications.fn(),
    "closed accounts": lambda user: tasks.advance_closures.fn(),
    "deliveries of Evotor's": lambda user: connection_tasks.sweep_webhook_events.fn(),
    "checks of connections": lambda user: connection_tasks.check_all_connections.fn(),
}
OTHERS, GOODS, JOBS = 40, 50, 20
# A range that holds this many of the others' rows is a scan under another name.
MOST_ROWS = 300


@pytest.fixture
def crowd(user: User) -> User:
    """Return a merchant among many whose rows fill the tables."""
    now = timezone.now()
    others = User.objects.bulk_create(User(email=f"other{n}@example.com") for n in range(OTHERS))
    stores = Store.objects.bulk_create(
        Store(user=one, evotor_id="s", name="Лавка", fetched_at=now) for one in others
    )
    ProductGroup.objects.bulk_create(
        ProductGroup(user=one.user, store=one, evotor_id=f"g{n}", name=f"Посуда {n}", fetched_at=now)
        for one in stores
        for n in range(GOODS)
    )
    Product.objects.bulk_create(
        Product(user=one.user, store=one, evotor_id=f"p{n}", name=f"Кружка {n}", fetched_at=now)
        for one in stores
        for n in range(GOODS)
    )
    Listing.objects.bulk_create(
        Listing(
            user=one,
            vk_group_id=1000 + number,
            store_evotor_id="s",
            product_evotor_id=f"p{n}",
            stamp=f"ES{number:06}{n:08}",
            vk_item_id=n + 1,
            state=Listing.State.LIVE,
        )
        for number, one in enumerate(others)
        for n in range(GOODS)
    )
    jobs = SyncJob.objects.bulk_create(
        SyncJob(user=one, status=SyncJob.Status.SUCCESS, finished_at=now - timedelta(hours=n))
        for one in others
        for n in range(JOBS)
    )
    SyncJobItem.objects.bulk_create(
        SyncJobItem(job=job, product_name="Кружка", action="update", result="done")
        for job in jobs
        for _ in range(3)
    )
    Notification.objects.bulk_create(
        Notification(
            user=job.user,
            trouble=Notification.Trouble.FAILED,
            opened_at=now - timedelta(days=2),
            closed_at=now - timedelta(days=1),
            not_before=now - timedelta(days=1),
            sent_at=now - timedelta(days=2),
            tell_end=True,
            end_sent_at=now - timedelta(days=1),
            end_queued_at=now - timedelta(days=1),
        )
        for job in jobs
    )
    # Ended before anybody was told.
    Notification.objects.bulk_create(
        Notification(
            user=job.user,
            trouble=Notification.Trouble.FAILED,
            closed_at=now - timedelta(days=1),
            not_before=now - timedelta(days=1),
        )
        for job in jobs
    )
    WebhookEvent.objects.bulk_create(
        WebhookEvent(
            kind="products",
            dedupe_key=f"k{n}",
            received_at=now - timedelta(days=1),
            handled_at=now,
            body="{}",
        )
        for n in range(OTHERS * JOBS)
    )
    HealthCheckLog.objects.bulk_create(
        HealthCheckLog(user=one, service="vk", event="online", checked_at=now - timedelta(hours=n))
        for one in others
        for n in range(JOBS)
    )
    run(user)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE TABLE {', '.join(sorted(BIG))}")
    return user


def full_scans(work: Callable[[], object]) -> list[str]:
    """Do some work; return its statements that read all of a big table."""
    statements: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, is_many: object, context: Any) -> Any:
        if not is_many and sql.startswith(("SELECT", "UPDATE", "DELETE")):
            statements.append((sql, params))
        return execute(sql, params, is_many, context)

    with connection.execute_wrapper(note):
        work()
    found = []
    with connection.cursor() as cursor:
        for sql, params in dict.fromkeys((sql, tuple(params or ())) for sql, params in statements):
            cursor.execute(f"EXPLAIN {sql}", params)
            names = [column[0] for column in cursor.description or ()]
            for row in cursor.fetchall():
                step = dict(zip(names, row, strict=True))
                is_scan = (
                    step["type"] in {"ALL", "index"} or int(str(step["rows"] or 0).split()[0]) > MOST_ROWS
                )
                if step["table"] in BIG and is_scan:
                    found.append(f"{step['type']} of {step['table']}, {step['rows']} rows: {sql[:300]}")
    return found


def long_reads(work: Callable[[], object]) -> list[str]:
    """Do some work; return its statements that had many rows read, as the server's handlers count them.

    A join may read few rows for each of many, which no step of a plan shows.
    """
    found = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        if "Handler_read" in sql:
            return execute(sql, *rest)
        before = rows_read()
        answer = execute(sql, *rest)
        if (read := rows_read() - before) > MOST_ROWS:
            found.append(f"{read} rows: {sql[:300]}")
        return answer

    with connection.execute_wrapper(note):
        work()
    return found


def rows_read() -> int:
    """Return how many rows the server has read for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW SESSION STATUS LIKE 'Handler_read%%'")
        return sum(int(value) for _name, value in cursor.fetchall())


def test_a_run_with_a_change_scans_no_big_table(crowd: User, box: Any) -> None:
    store = next(iter(box.evotor.stores.values()))
    box.evotor.edit_product(store.id, next(iter(store.products)), price=7)
    assert full_scans(lambda: run(crowd)) == []


def test_an_unchanged_run_scans_no_big_table(crowd: User) -> None:
    for _ in range(3):
        run(crowd)
    assert full_scans(lambda: run(crowd)) == []


def test_no_page_and_no_look_at_the_queue_scans_a_big_table(crowd: User, client: Client) -> None:
    client.force_login(crowd)
    job = SyncJob.objects.for_user(crowd).newest().first()
    assert job is not None
    found = {}
    for address in (*PAGES, f"/history/{job.pk}/"):
        found[address] = full_scans(lambda: visited(client, address))  # noqa: B023 - called at once
    for what, look in QUEUE.items():
        found[what] = full_scans(lambda: look(crowd))  # noqa: B023 - called at once
        found[what] += long_reads(lambda: look(crowd))  # noqa: B023 - called at once
    assert {what: scans for what, scans in found.items() if scans} == {}


def visited(client: Client, address: str) -> None:
    """Open a page, which must be there."""
    assert client.get(address).status_code == HTTPStatus.OK, address


def test_a_scan_of_a_big_table_is_seen(crowd: User) -> None:
    assert full_scans(lambda: list(Product.objects.filter(description="none"))) != []
