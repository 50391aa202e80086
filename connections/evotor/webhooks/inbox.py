"""Stores deliveries before a worker applies them. A repeated delivery is stored once."""

import hashlib
import json
import logging
from typing import Any

import dramatiq
import redis
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from connections.choices import WebhookKind
from connections.models import WebhookEvent
from connections.queue import enqueue_webhook_event

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
    store_evotor_id: str = "",
    handled: bool = False,
) -> None:
    """Store a delivery and dispatch it to a worker, unless a copy of it has been applied already.

    A push is a hint that something changed, and the same products may change back and forth, so each
    copy of a push is applied again.
    """
    now = timezone.now()
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    try:
        with transaction.atomic():
            event = WebhookEvent.objects.create(
                kind=kind,
                dedupe_key=f"{kind}:{key}"[:128],
                evotor_user_id=evotor_user_id,
                store_evotor_id=store_evotor_id,
                body=text,
                received_at=now,
                handled_at=now if handled else None,
            )
    except IntegrityError:
        event = _count_copy(f"{kind}:{key}"[:128], again=kind == WebhookKind.PRODUCTS)
    if event.handled_at is None:
        dispatch(event.pk)


def _count_copy(dedupe_key: str, *, again: bool) -> WebhookEvent:
    row = WebhookEvent.objects.with_key(dedupe_key)
    row.update(deliveries=F("deliveries") + 1)
    if again:
        row.update(handled_at=None, received_at=timezone.now())
    return row.defer("body").get()


def dispatch(event_id: int) -> None:
    """Ask a worker to apply the event. While the broker is down the event waits in the database."""
    try:
        enqueue_webhook_event(event_id)
    except (dramatiq.errors.ConnectionError, redis.RedisError):
        log.warning("The broker is down; webhook event %s waits in the database.", event_id)
