"""The statements of an hourly run find their rows by an index, however many rows other merchants have."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from catalog.models import Product, ProductGroup, Store
from syncing.models import Listing, SyncJob, SyncJobItem
from tests.integration.syncing.running import run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.mariadb]

BIG = {"catalog_product", "catalog_productgroup", "syncing_listing", "syncing_syncjob", "syncing_syncjobitem"}
OTHERS, GOODS, JOBS = 40, 50, 20


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
                if step["table"] in BIG and step["type"] in {"ALL", "index"}:
                    found.append(f"{step['type']} of {step['table']}: {sql[:300]}")
    return found


def test_a_run_with_a_change_scans_no_big_table(crowd: User, box: Any) -> None:
    store = next(iter(box.evotor.stores.values()))
    box.evotor.edit_product(store.id, next(iter(store.products)), price=7)
    assert full_scans(lambda: run(crowd)) == []


def test_an_unchanged_run_scans_no_big_table(crowd: User) -> None:
    for _ in range(3):
        run(crowd)
    assert full_scans(lambda: run(crowd)) == []


def test_a_scan_of_a_big_table_is_seen(crowd: User) -> None:
    assert full_scans(lambda: list(Product.objects.filter(description="none"))) != []
