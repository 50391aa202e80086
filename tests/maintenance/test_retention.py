"""Tables and pages after ninety days, half a year and three years are as small as after one retention."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_dramatiq.models import Task
from model_bakery import baker

from accounts.models import User
from accounts.retention import KEEP_RECORDS
from catalog.models import Product, ProductPhoto
from connections.models import WebhookEvent
from evosync.common.batching import BATCH, delete_in_batches
from syncing.models import Listing, SyncJob, SyncJobItem
from syncing.services import retention
from syncing.services.retention import prune, prune_messages
from tests.maintenance.simulating import GROWING, RUNS_A_DAY, days, live_a_day, sizes

pytestmark = pytest.mark.django_db

RECORDS = {"accounts.SecurityEvent", "accounts.SupportVisit", "admin.LogEntry", "connections.LinkingRecord"}
PAGES = ("/", "/sync/", "/history/", "/catalogue/", "/connections/", "/connections/start/")
STAFF_PAGES = (
    "/admin/",
    "/admin/syncing/syncjob/",
    "/admin/syncing/syncjobitem/",
    "/admin/connections/webhookevent/",
    "/admin/connections/healthchecklog/",
    "/admin/django_dramatiq/task/",
    "/admin/admin/logentry/",
)
TABLE = re.compile(r"^\| `(\w+\.\w+)` \|", re.MULTILINE)


def merchants(number: int = 2) -> list[User]:
    return [User.objects.create_user(f"m{n}@example.com", "a long passphrase") for n in range(number)]


def load(client: Client, path: str) -> int:
    """Return the number of queries of a page."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path, secure=True).status_code == 200, path
    return len(asked)


@pytest.mark.once
def test_ninety_more_days_add_no_row_and_no_query(client: Client, settings: Any) -> None:
    settings.ADMIN_REQUIRES_MFA = False
    (person,) = merchants(1)
    User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    # What is kept longest is kept for half a year; from then on ninety days must change nothing.
    full = retention.KEEP_GONE.days + 2
    before: dict[str, int] = {}
    queries: dict[str, int] = {}
    for day, now in days(datetime(2026, 1, 1, 3, tzinfo=UTC), full + 90):
        live_a_day([person], now)
        if day >= full:
            prune(now)
        if day in {full, full + 90}:
            client.force_login(person)
            for path in (*PAGES, *STAFF_PAGES):
                load(client, path)
            asked = {path: load(client, path) for path in (*PAGES, *STAFF_PAGES)}
            assert asked == (queries or asked)
            before, queries = before or sizes(), asked
    after = sizes()
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert grown == dict.fromkeys(RECORDS, 90)
    assert before["syncing.SyncJob"] == RUNS_A_DAY * (retention.KEEP_JOBS.days + 1)


def test_records_of_staff_and_of_links_end_after_three_years() -> None:
    people = merchants(1)
    now = timezone.now()
    for moment in (*(now - KEEP_RECORDS - timedelta(days=days_more) for days_more in (1, 2)), now):
        live_a_day(people, moment)
    deleted = prune(now)
    assert (deleted["support_visits"], deleted["staff_actions"], deleted["linking_records"]) == (2, 2, 2)


def test_every_table_is_in_the_operators_list_and_every_growing_one_is_pruned() -> None:
    page = (django_settings.BASE_DIR / "docs/operators.md").read_text()
    listed = TABLE.findall(page)
    assert len(listed) == len(set(listed))
    models = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert set(listed) == models
    assert {model._meta.label for model in GROWING} <= models


def test_deleting_goes_in_batches_each_in_a_transaction_of_its_own() -> None:
    now = timezone.now()
    WebhookEvent.objects.bulk_create(
        WebhookEvent(kind="x", dedupe_key=str(number), body="{}", received_at=now)
        for number in range(BATCH * 2 + 5)
    )
    with CaptureQueriesContext(connection) as asked:
        assert delete_in_batches(WebhookEvent.objects.all()) == BATCH * 2 + 5
    deletes = [query["sql"] for query in asked if query["sql"].lstrip().upper().startswith("DELETE")]
    assert len(deletes) >= 3
    assert max(sql.count(",") for sql in deletes) < BATCH
    assert not WebhookEvent.objects.exists()


def test_items_are_walked_only_as_far_as_there_is_something_to_delete(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retention, "BATCH", 10)
    now = timezone.now()
    user = merchants(1)[0]
    old, young = (
        baker.make(
            SyncJob, user=user, status="success", active_key=None, finished_at=now - timedelta(days=days_ago)
        )
        for days_ago in (40, 1)
    )
    open_job = baker.make(SyncJob, user=user, status="running", active_key=user.pk)
    SyncJobItem.objects.bulk_create(
        SyncJobItem(job=job, action="update") for job in [old] * 8 + [open_job] * 4 + [old] * 8 + [young] * 60
    )
    with CaptureQueriesContext(connection) as asked:
        assert prune(now)["job_items"] == 16
    assert len([query for query in asked if "syncing_syncjobitem" in query["sql"]]) < 10
    assert SyncJobItem.objects.filter(job=open_job).count() == 4
    assert SyncJobItem.objects.filter(job=young).count() == 60


def test_messages_that_went_well_go_after_hours_and_failures_stay_a_week() -> None:
    now = timezone.now()
    ages = {("done", 5): True, ("done", 7): False, ("failed", 7): True, ("failed", 24 * 8): False}
    for status, hours in ages:
        task = baker.make(Task, status=status, message_data=b"{}", actor_name=f"{status} {hours}")
        Task.tasks.filter(pk=task.pk).update(updated_at=now - timedelta(hours=hours))
    assert prune_messages(now) == {"messages": 2}
    left = set(Task.tasks.values_list("actor_name", flat=True))
    assert left == {f"{status} {hours}" for (status, hours), stays in ages.items() if stays}


@pytest.mark.parametrize(
    ("state", "has_photo", "days_gone", "stays"),
    [
        ("removed", False, 181, False),
        ("removed", False, 179, True),
        ("removed", True, 181, True),
        ("hidden", False, 181, True),
        ("live", False, 181, True),
        ("removing", False, 181, True),
        ("", False, 181, False),
    ],
)
def test_a_product_that_left_is_forgotten_only_when_nothing_of_it_is_left(
    *, state: str, has_photo: bool, days_gone: int, stays: bool
) -> None:
    now = timezone.now()
    user = merchants(1)[0]
    live_a_day([user], now)
    product = Product.objects.get()
    Product.objects.update(missing_since=now - timedelta(days=days_gone))
    Listing.objects.update(state=state) if state else Listing.objects.all().delete()
    if has_photo:
        ProductPhoto.objects.create(user=user, product=product, file="x.jpg", content_hash="x")
    prune(now)
    assert Product.objects.exists() == stays
    assert Listing.objects.exists() == (stays and bool(state))


def test_a_live_session_stays_in_the_merchants_list_and_an_ended_one_goes(client: Client) -> None:
    now = timezone.now()
    user = merchants(1)[0]
    live_a_day([user], now)
    prune(now + timedelta(days=13))
    assert sizes()["usersessions.UserSession"] == sizes()["sessions.Session"] == 1
    prune(now + timedelta(days=15))
    assert sizes()["usersessions.UserSession"] == sizes()["sessions.Session"] == 0
