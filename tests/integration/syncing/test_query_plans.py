"""Runs, pages and the queue find their rows by an index, however many rows other merchants have."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from catalog.models import Product, ProductGroup, ProductPhoto, Store
from catalog.photos.services import set_shared_photo
from connections import tasks as connection_tasks
from connections.models import HealthCheckLog, WebhookEvent
from sandbox import Sandbox
from sandbox.evotor.webhooks import bearer
from syncing import tasks
from syncing.choices import (
    ChannelKind,
    ComputationKind,
    DeliveryStage,
    DeliveryState,
    PriceCauseChoices,
    PriceVerdictChoices,
)
from syncing.jobs import computations
from syncing.models import (
    Computation,
    HeldPrice,
    Listing,
    Notification,
    NotificationChannel,
    NotificationDelivery,
    SyncJob,
    SyncJobItem,
)
from syncing.services.catalog_states import Show
from syncing.services.shelf_link import issue_link
from tests.integration.shared_start import SharedStart
from tests.integration.syncing.running import run
from tests.queues import work_off
from tests.web.webhooks.tools import APP_TOKEN, PREFIX, deliver

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.mariadb]

BIG = {
    "catalog_product",
    "catalog_productgroup",
    "catalog_productphoto",
    "connections_healthchecklog",
    "connections_webhookevent",
    "syncing_computation",
    "syncing_heldprice",
    "syncing_listing",
    "syncing_notificationdelivery",
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
    "/catalogue/photos/many/",
    "/catalogue/table/",
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
    **{
        f"kept result: {kind.value}": partial(lambda kind, user: computed(user, kind), kind)
        for kind in (
            ComputationKind.PREVIEW,
            ComputationKind.FEED,
            ComputationKind.CATALOG,
            ComputationKind.COUNTS,
        )
    },
}


def computed(user: User, kind: ComputationKind) -> None:
    """Ask for a result as a page does, and compute it as a worker does."""
    computations.ask(user, kind)
    assert computations.compute(user.pk, kind)


OTHERS, GOODS, JOBS = 40, 50, 20
# Merchants of whom only kept results are there, one of each kind.
READERS = 80
# A range that holds this many of the others' rows is a scan under another name.
MOST_ROWS = 300


@SharedStart
def _crowded(_box: Sandbox, user: User | None) -> User:
    """Fill the tables with the rows of many other merchants, and publish this one's goods."""
    assert user is not None
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
    _add_pictures_and_results(now)
    channels = NotificationChannel.objects.bulk_create(
        NotificationChannel(user=one, kind=ChannelKind.EMAIL, key=f"email:{one.pk}") for one in others
    )
    told = {one.user_id: one for one in Notification.objects.all()}
    NotificationDelivery.objects.bulk_create(
        NotificationDelivery(
            channel=one,
            notification=told[one.user_id],
            stage=DeliveryStage.BEGIN,
            key=f"{one.pk}:{n}",
            state=DeliveryState.SENT,
            not_before=now - timedelta(days=1),
            sent_at=now - timedelta(days=1),
        )
        for one in channels
        for n in range(JOBS)
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
    return user


@pytest.fixture
def crowd(user: User, box: Sandbox) -> User:
    """Return a merchant among many whose rows fill the tables."""
    crowded = _crowded(box, user)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE TABLE {', '.join(sorted(BIG))}")
    return crowded


def _add_pictures_and_results(now: datetime) -> None:
    """Give the others' products photos, half of them a held price, readers a result of each kind."""
    products = list(Product.objects.all())
    ProductPhoto.objects.bulk_create(
        ProductPhoto(
            user_id=one.user_id, product=one, file=f"photos/{one.pk}.jpg", content_hash=f"{one.pk:064}"
        )
        for one in products
    )
    ProductPhoto.objects.bulk_create(
        ProductPhoto(
            user_id=one.user_id, group=one, file=f"photos/g{one.pk}.jpg", content_hash=f"{one.pk:064}"
        )
        for one in ProductGroup.objects.all()
    )
    HeldPrice.objects.bulk_create(
        HeldPrice(
            user_id=one.user_id,
            product=one,
            old_kopecks=100,
            new_kopecks=100_000,
            cause=PriceCauseChoices.TENFOLD,
            verdict=PriceVerdictChoices.WAITING,
        )
        for one in products[::2]
    )
    readers = User.objects.bulk_create(User(email=f"reader{n}@example.com") for n in range(READERS))
    Computation.objects.bulk_create(
        Computation(user=one, kind=kind, computed_at=now, result={})
        for one in readers
        for kind in ComputationKind
    )


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
    product = Product.objects.for_user(crowd).first()
    assert job is not None
    assert product is not None
    set_shared_photo(crowd, group=None, jpeg=a_picture())
    photo = ProductPhoto.objects.for_user(crowd).first()
    assert photo is not None
    rows = (
        *(f"/history/{job.pk}/{part}" for part in ("", "items.csv", "undo/")),
        *(f"/catalogue/{product.pk}/{part}" for part in ("", "history/", "words/", "why/")),
        f"/catalogue/photos/{photo.pk}/",
        reverse("shelf:queue", args=[issue_link(crowd).token]),
    )
    found = {}
    for address in (*PAGES, *rows):
        found[address] = full_scans(lambda: visited(client, address))  # noqa: B023 - called at once
    for what, look in QUEUE.items():
        found[what] = full_scans(lambda: look(crowd))  # noqa: B023 - called at once
        found[what] += long_reads(lambda: look(crowd))  # noqa: B023 - called at once
    assert {what: scans for what, scans in found.items() if scans} == {}


@pytest.mark.parametrize("kind", ["products", "receipt"])
def test_a_delivery_of_evotors_scans_no_big_table(
    crowd: User, box: Any, client: Client, settings: Any, kind: str
) -> None:
    settings.EVOTOR_WEBHOOK_TOKEN = [APP_TOKEN]
    store = next(iter(box.evotor.stores.values()))
    goods = list(store.products)[:2]
    evotor = box.webhooks(f"http://testserver{PREFIX}", app_token=APP_TOKEN)
    work_off()
    if kind == "products":
        call = evotor.products(store.id, goods)
    else:
        call = evotor.document(store.id, dict.fromkeys(goods, 1))
    before = WebhookEvent.objects.count()

    def delivered() -> None:
        assert deliver(client, call.with_authorization(bearer(APP_TOKEN))).status_code == HTTPStatus.OK
        assert work_off()

    assert full_scans(delivered) == []
    assert WebhookEvent.objects.count() > before


def a_picture() -> bytes:
    """Return a small JPEG."""
    small = io.BytesIO()
    Image.new("RGB", (400, 400), "white").save(small, "JPEG")
    return small.getvalue()


def visited(client: Client, address: str) -> None:
    """Open a page, which must be there."""
    answer = client.get(address)
    answer.close()
    assert answer.status_code == HTTPStatus.OK, address


def test_a_scan_of_a_big_table_is_seen(crowd: User) -> None:
    assert full_scans(lambda: list(Product.objects.filter(description="none"))) != []
