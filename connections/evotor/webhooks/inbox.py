"""Stores deliveries before a worker applies them. A repeated delivery is stored once."""

import hashlib
import json
import logging
from typing import Any

import dramatiq
import redis
from django.db import IntegrityError, transaction
from django.db.models import F

from connections.choices import WebhookKind
from connections.models import WebhookEvent
from connections.queue import enqueue_webhook_event
from evosync.common import clock

log = logging.getLogger(__name__)


def digest(*parts: str | bytes) -> str:
    """Return a key for deliveries that carry no id: one hash over their parts."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.hexdigest()


def store(
    kind: WebhookKind,
    key: str,
    *,
    evotor_user_id: str,
    body: Any,
    handled: bool = False,
) -> None:
    """Store a delivery and dispatch it to a worker, unless a copy has been applied or parked already."""
    now = clock.now()
    dedupe_key = f"{kind}:{key}"[:128]
    try:
        with transaction.atomic():
            event = WebhookEvent.objects.create(
                kind=kind,
                dedupe_key=dedupe_key,
                evotor_user_id=evotor_user_id,
                body=json.dumps(body, ensure_ascii=False),
                received_at=now,
                handled_at=now if handled else None,
            )
    except IntegrityError:
        row = WebhookEvent.objects.with_key(dedupe_key)
        row.update(deliveries=F("deliveries") + 1)
        event = row.defer("body").get()
    if event.handled_at is None and event.parked_at is None:
        dispatch(event.pk)


def store_hint(kind: WebhookKind, *, evotor_user_id: str, store_id: str) -> None:
    """Store that a store has changed, and dispatch it, unless the worker has yet to see the hint before.

    There is one row for an account, a store and a kind, however many hints come, and it has no body.
    """
    dedupe_key = f"{kind}:{digest(evotor_user_id, store_id)}"
    row = WebhookEvent.objects.with_key(dedupe_key)
    if not row.update(deliveries=F("deliveries") + 1):
        try:
            with transaction.atomic():
                event = WebhookEvent.objects.create(
                    kind=kind,
                    dedupe_key=dedupe_key,
                    evotor_user_id=evotor_user_id,
                    store_evotor_id=store_id,
                    received_at=clock.now(),
                )
        except IntegrityError:
            row.update(deliveries=F("deliveries") + 1)
        else:
            dispatch(event.pk)
            return
    # The count stands first: a worker that is at it now sees the copy and does not call it done.
    if row.settled().update(received_at=clock.now(), handled_at=None, **WebhookEvent.UNTRIED):
        dispatch(row.values_list("pk", flat=True).get())


def try_again(event: WebhookEvent) -> None:
    """Take a parked delivery up again, with all of its tries before it."""
    rows = WebhookEvent.objects.parked().filter(pk=event.pk)
    if rows.update(received_at=clock.now(), **WebhookEvent.UNTRIED):
        dispatch(event.pk)


def dispatch(event_id: int, *, delay_seconds: float = 0) -> None:
    """Ask a worker to apply the event. While the broker is down the event waits in the database."""
    try:
        enqueue_webhook_event(event_id, delay_seconds=delay_seconds)
    except (dramatiq.errors.ConnectionError, redis.RedisError):
        log.warning("The broker is down; webhook event %s waits in the database.", event_id)
