"""Days of a few merchants' lives as rows, in every table that grows by itself."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import models
from django_dramatiq.models import Task

from accounts.models import SecurityEvent, SupportVisit, User
from catalog.models import Product, Store
from connections.models import EvotorConnection, HealthCheckLog, LinkCode, LinkingRecord, WebhookEvent
from syncing.models import Listing, Notification, SyncJob, SyncJobItem

RUNS_A_DAY = 2
ITEMS_A_RUN = 3

# What a simulated day adds a row to; every other table is bounded by something else (docs/operators.md).
GROWING: tuple[type[models.Model], ...] = (
    LinkingRecord,
    EmailConfirmation,
    EvotorConnection,
    HealthCheckLog,
    LinkCode,
    Listing,
    LogEntry,
    Notification,
    Product,
    SecurityEvent,
    Session,
    SupportVisit,
    SyncJob,
    SyncJobItem,
    Task,
    UserSession,
    WebhookEvent,
)


def live_a_day(merchants: list[User], now: datetime) -> None:
    """Add what one day adds for these merchants."""
    for user in merchants:
        _add_runs(user, now)
        _add_change_of_goods(user, now)
        _add_visits(user, now)
        _add_connections_life(user, now)


def _add_runs(user: User, now: datetime) -> None:
    jobs = SyncJob.objects.bulk_create(
        SyncJob(
            user=user,
            triggered_by="schedule",
            status="success",
            created_at=now,
            started_at=now,
            finished_at=now,
            items_unchanged=10,
        )
        for _ in range(RUNS_A_DAY)
    )
    SyncJobItem.objects.bulk_create(
        SyncJobItem(job=job, action="update", result="done", product_name=f"Tea {number}")
        for job in jobs
        for number in range(ITEMS_A_RUN)
    )
    Notification.objects.create(user=user, trouble="x", closed_at=now)
    for status in (Task.STATUS_DONE, Task.STATUS_FAILED):
        task = Task.tasks.create(id=uuid.uuid4(), status=status, message_data=_message(), actor_name="x")
        Task.tasks.filter(pk=task.pk).update(created_at=now, updated_at=now)


def _message() -> bytes:
    return b'{"queue_name":"sync","actor_name":"x","args":[],"kwargs":{},"options":{},"message_id":"1"}'


def _add_change_of_goods(user: User, now: datetime) -> None:
    """One product leaves the till today and what VK had of it is removed; a new one takes its place."""
    store, _ = Store.objects.get_or_create(
        user=user, evotor_id="S", defaults={"name": "Tea", "fetched_at": now}
    )
    Product.objects.filter(store=store, missing_since=None).update(missing_since=now)
    Listing.objects.filter(user=user, state="live").update(state="removed")
    product = Product.objects.create(
        user=user, store=store, evotor_id=str(uuid.uuid4()), name="Tea", fetched_at=now
    )
    Listing.objects.create(
        user=user,
        vk_group_id=user.pk,
        store_evotor_id="S",
        product_evotor_id=product.evotor_id,
        product=product,
        stamp="x",
        state="live",
    )


def _add_visits(user: User, now: datetime) -> None:
    key = uuid.uuid4().hex
    Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(days=14))
    UserSession.objects.create(user=user, session_key=key, ip="127.0.0.1", last_seen_at=now, created_at=now)
    address, _ = EmailAddress.objects.get_or_create(user=user, email=user.email)
    letter = EmailConfirmation.objects.create(email_address=address, key=key)
    EmailConfirmation.objects.filter(pk=letter.pk).update(created=now)
    entry = LogEntry.objects.create(
        user=user, content_type=ContentType.objects.get_for_model(User), action_flag=2, object_repr="x"
    )
    LogEntry.objects.filter(pk=entry.pk).update(action_time=now)
    SecurityEvent.objects.create(user=user, kind="login", created_at=now)
    SupportVisit.objects.create(merchant=user, staff_email="s@example.com", started_at=now, ends_at=now)


def _add_connections_life(user: User, now: datetime) -> None:
    HealthCheckLog.objects.create(user=user, service="vk", event="offline", checked_at=now)
    WebhookEvent.objects.create(
        kind="x", dedupe_key=uuid.uuid4().hex, body="{}", received_at=now, handled_at=now
    )
    LinkCode.objects.create(user=user, code_hash=uuid.uuid4().hex, expires_at=now)
    LinkingRecord.objects.create(event="code_issued", user=user, created_at=now)
    stub = EvotorConnection.objects.create(evotor_user_id=uuid.uuid4().hex)
    EvotorConnection.objects.filter(pk=stub.pk).update(updated_at=now)


def sizes() -> dict[str, int]:
    """Return the number of rows of every growing table."""
    return {model._meta.label: model._base_manager.count() for model in GROWING}


def days(start: datetime, number: int) -> Iterator[tuple[int, datetime]]:
    """Yield (day, its moment)."""
    for day in range(1, number + 1):
        yield day, start + timedelta(days=day)
