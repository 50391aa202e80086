"""What happens when the till reports a change or the merchant changes something: wait for more, then sync."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from accounts.models import User
from catalog.models import Store
from catalog.tasks import refresh_catalog_for_user
from connections.clients.service import Service
from connections.models import VkConnection
from evosync.common import clock
from evosync.common.rows import row_or_none
from syncing import queue
from syncing.jobs import computations, lifecycle
from syncing.models import GoodsRule, Listing, SyncConfig, SyncJob
from syncing.services.errors import CannotSync
from syncing.services.settings import rules_of, set_unconfirmed

DEBOUNCE = timedelta(seconds=5)
# A till that reports without a pause is not waited for any longer.
LONGEST_FLURRY = timedelta(seconds=30)


def on_till_push(user_id: int, store_id: str) -> None:
    """Ask for a run of this store, `store_id` being Evotor's, five seconds after the last push.

    A flurry is waited for half a minute at most. A push that comes while a run is going on is
    served by another run after it. A store that we do not know may be a new one, so all are read then.
    """
    user = _syncing_user(user_id)
    if user is not None:
        now = clock.now()
        Store.objects.for_user(user).with_evotor_id(store_id).update(pushed_at=now)
        _run_soon(user, now)


def on_till_receipts(user_id: int, store_id: str) -> None:
    """Ask for a run that reads the stock of this store, `store_id` being Evotor's, as after a push.

    Receipts of a store that is not known as this merchant's are left to the hourly run.
    """
    user = _syncing_user(user_id)
    now = clock.now()
    if user is not None and Store.objects.for_user(user).with_evotor_id(store_id).update(sold_at=now):
        _run_soon(user, now)


def _syncing_user(user_id: int) -> User | None:
    """Return the merchant if automatic sync is on for them."""
    return row_or_none(User.objects.filter(pk=user_id, pk__in=SyncConfig.objects.enabled().values("user")))


def _run_soon(user: User, now: datetime) -> None:
    """Have a run begin after five seconds without a push, at most half a minute after the first one."""
    try:
        job, created = lifecycle.ensure_job(user, trigger=SyncJob.Trigger.WEBHOOK, delay=DEBOUNCE)
    except CannotSync:
        return
    if created:
        _wake_after(user.pk, DEBOUNCE)
        return
    if SyncJob.objects.active().filter(pk=job.pk).past_the_till().update(again=True):
        return
    if job.triggered_by == SyncJob.Trigger.WEBHOOK and job.attempts == 0:
        waiting = SyncJob.objects.active().filter(pk=job.pk, status=SyncJob.Status.PENDING, attempts=0)
        begins = max(now, min(now + DEBOUNCE, job.created_at + LONGEST_FLURRY))
        waiting.update(not_before=begins)
        _wake_after(user.pk, begins - now)


def _wake_after(user_id: int, delay: timedelta) -> None:
    transaction.on_commit(partial(queue.enqueue, user_id, delay_seconds=delay.total_seconds()))


def on_photos_changed(user: User) -> None:
    """Ask for a run five seconds after the merchant added or removed a photo, where sync is on."""
    _ask_for_run(user)
    computations.ask_for_feed(user.pk)


def on_rules_changed(user: User) -> None:
    """Have the feed built by the merchant's new rules, filters or categories; VK waits for the next run."""
    computations.ask_for_feed(user.pk)


def on_decision(user: User) -> None:
    """Ask for a run five seconds after the merchant decided about restricted goods, where sync is on."""
    _ask_for_run(user)
    computations.ask_for_feed(user.pk)


def on_rules_turned(now: datetime) -> None:
    """Ask for a run of everybody whose rule for goods has begun or ended since their last run."""
    turned = GoodsRule.objects.turned_since_last_run(now).values("user_id")
    for user in User.objects.filter(pk__in=turned):
        _ask_for_run(user)


def _ask_for_run(user: User) -> None:
    """Ask for a run, and for another one behind a run that may have planned with what was before."""
    if not SyncConfig.objects.enabled().filter(user=user).exists():
        return
    try:
        job = lifecycle.request_sync(user, trigger=SyncJob.Trigger.MANUAL, delay=DEBOUNCE)
    except CannotSync:
        return
    SyncJob.objects.active().filter(pk=job.pk, status=SyncJob.Status.RUNNING).update(again=True)


def on_connected(user_id: int, service: str) -> None:
    """Ask for a run as soon as a connection is back, so that work resumes by itself after a repair.

    Before the first run only the till is read, so that its goods can be looked at and chosen. Another
    community has a first run of its own: what the merchant has made there by hand is in its preview.
    """
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    if _is_in_another_community(user):
        set_unconfirmed(user)
        SyncJob.objects.active().for_user(user).update(again=False)
    if not SyncConfig.objects.ready(clock.now()).filter(user=user).exists():
        if service == Service.EVOTOR:
            refresh_catalog_for_user.send(user_id)
        return
    try:
        job = lifecycle.request_sync(user, trigger=SyncJob.Trigger.SCHEDULE)
    except CannotSync:
        return
    # A run that ends with what was connected before serves nobody.
    SyncJob.objects.active().filter(pk=job.pk, stop_requested=True).update(again=True)


def _is_in_another_community(user: User) -> bool:
    """Return True if runs showed goods elsewhere, and none here that the merchant has confirmed since."""
    connection = VkConnection.objects.for_user(user).first()
    confirmed_at = rules_of(user).confirmed_at
    if connection is None or connection.group_id is None or confirmed_at is None:
        return False
    listings = Listing.objects.for_user(user)
    is_new = listings.exists() and not listings.in_community(connection.group_id).exists()
    return is_new and confirmed_at < connection.connected_at
