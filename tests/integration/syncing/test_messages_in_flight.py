"""Messages that the release before put on the queue run on this one, and ours run there."""

import json
from typing import Any

import dramatiq
import pytest
from django.core.mail import EmailMessage
from dramatiq import Message

import catalog.tasks  # noqa: F401 - declares its actors
import syncing.tasks  # noqa: F401 - declares its actors
from accounts.models import User
from catalog.models import Product
from syncing import queue
from syncing.jobs.lifecycle import request_sync
from syncing.models import AccountClosure, Notification, SyncJob
from tests.integration.syncing.running import ITEMS
from tests.queues import waiting, work_off

pytestmark = pytest.mark.django_db(transaction=True)

# Every actor of both apps with its queue, as the first release declared them.
OLD = {
    "run_sync_for_user": "sync",
    "run_bulk_sync_for_user": "bulk",
    "run_sync_all": "sync",
    "start_scheduled_syncs": "default",
    "sweep_stale_jobs": "default",
    "send_notices": "default",
    "settle_farewells": "default",
    "send_goodbye": "default",
    "prune_old_logs": "default",
    "prune_old_messages": "default",
    "refresh_all_catalogs": "default",
    "refresh_catalog_for_user": "default",
}
# A worker takes a message by its actor's name, whichever queue it comes by; both releases serve both queues.
NOW = OLD | {"send_notices": "health"}
CLOSED = {"kind": "left", "goods": "hide", "done": 3, "refused": 0, "names": [], "more": 0}


def put_old(actor: str, *args: Any) -> None:
    """Put a message on the queue byte for byte as the release before encoded it."""
    body = {
        "queue_name": OLD[actor],
        "actor_name": actor,
        "args": list(args),
        "kwargs": {},
        "options": {},
        "message_id": f"00000000-0000-4000-8000-{len(actor):012}",
        "message_timestamp": 1764000000000,
    }
    dramatiq.get_broker().enqueue(Message.decode(json.dumps(body, separators=(",", ":")).encode()))


def test_every_old_name_is_still_an_actor() -> None:
    broker = dramatiq.get_broker()
    assert {name: broker.get_actor(name).queue_name for name in OLD} == NOW


def test_every_old_message_runs_and_does_its_work(user: User, mailoutbox: list[EmailMessage]) -> None:
    waiting()
    request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    waiting()
    messages: dict[str, tuple[Any, ...]] = {
        "refresh_catalog_for_user": (user.pk,),
        "run_sync_for_user": (user.pk,),
        "run_bulk_sync_for_user": (user.pk,),
        "start_scheduled_syncs": ([user.pk],),
        "send_goodbye": ("former@example.com", "en", CLOSED),
    }
    for actor in OLD:
        put_old(actor, *messages.get(actor, ()))
    assert work_off() >= len(OLD)
    assert Product.objects.for_user(user).count() == ITEMS
    job = SyncJob.objects.for_user(user).order_by("pk")[0]
    assert (job.status, job.items_created) == (SyncJob.Status.SUCCESS, ITEMS)
    assert [message.to for message in mailoutbox] == [["former@example.com"]]


def test_old_messages_send_due_notifications_and_advance_closures(
    user: User, mailoutbox: list[EmailMessage]
) -> None:
    Notification.objects.create(user=user, trouble=Notification.Trouble.FAILED, open_key=f"{user.pk}:failed")
    put_old("send_notices")
    work_off()
    assert [message.to for message in mailoutbox] == [[user.email]]
    User.objects.filter(pk=user.pk).update(is_active=False)
    AccountClosure.objects.create(
        user=user, goods=AccountClosure.ItemsAfterClosure.HIDE, then=AccountClosure.Then.DELETE
    )
    put_old("settle_farewells")
    work_off()
    assert not User.objects.filter(pk=user.pk).exists()


def test_what_services_put_on_the_queue_names_an_actor_and_its_queue() -> None:
    # A worker of the release before drops these: the sweeper asks again, and so does who wrote to the bot.
    dropped = {queue.COMPUTE, queue.ANSWER_BOT, queue.IMPORT_PHOTOS}
    # It does not serve this one's queue at all: the sweeper sends a message to another.
    unserved = {queue.RUN_SLOW_SYNC, queue.COMPUTE_SLOWLY}
    assert dict(queue.ALL).items() - dropped - unserved <= NOW.items()


def test_our_messages_are_those_that_the_release_before_would_have_made(db: None) -> None:
    waiting()
    queue.enqueue(7)
    queue.enqueue(8, bulk=True)
    queue.enqueue_notifications()
    queue.enqueue_closure_email("a@example.com", "ru", CLOSED)
    sent = {(m.actor_name, m.queue_name, json.dumps(list(m.args))) for m in waiting()}
    assert sent == {
        ("run_sync_for_user", "sync", "[7]"),
        ("run_bulk_sync_for_user", "bulk", "[8]"),
        ("send_notices", "health", "[]"),
        ("send_goodbye", "default", json.dumps(["a@example.com", "ru", CLOSED])),
    }
