"""Keeping deliveries: written first, worked on later, and the tenth copy is the first one again."""

import hashlib
import json
import logging
from typing import Any

import dramatiq
import redis
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from connections.models import WebhookEvent

log = logging.getLogger(__name__)


class Kind:
    """The kinds of deliveries, as they stand in the table."""

    CREATE = "user/create"
    VERIFY = "user/verify"
    TOKEN = "user/token"  # noqa: S105 - the name of a webhook
    SUBSCRIPTION = "subscription"
    INSTALLATION = "installation"
    PRODUCTS = "products"


def digest(*parts: str | bytes) -> str:
    """Return a key for deliveries that carry no id: one hash over their parts."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.hexdigest()


def keep(
    kind: str, key: str, *, evotor_user_id: str, body: Any, store_evotor_id: str = "", handled: bool = False
) -> None:
    """Store a delivery and hand it to a worker, unless its copy has been worked on already.

    A push is a hint that something changed, and the same goods may change back and forth: each of
    its copies is worked on again.
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
        event = _count_copy(f"{kind}:{key}"[:128], again=kind == Kind.PRODUCTS)
    if event.handled_at is None:
        hand_over(event.pk)


def _count_copy(dedupe_key: str, *, again: bool) -> WebhookEvent:
    row = WebhookEvent.objects.with_key(dedupe_key)
    row.update(deliveries=F("deliveries") + 1)
    if again:
        row.update(handled_at=None, received_at=timezone.now())
    return row.defer("body").get()


def hand_over(event_id: int) -> None:
    """Ask a worker to handle the event. A broker that is away delays it until the next sweep."""
    from connections.tasks import handle_webhook_event

    try:
        handle_webhook_event.send(event_id)
    except (dramatiq.errors.ConnectionError, redis.RedisError):
        log.warning("The broker is away; webhook event %s waits for the sweep.", event_id)
