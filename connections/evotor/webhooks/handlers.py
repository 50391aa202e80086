"""Applies stored deliveries. Every handler may run twice and in any order.

Time is Evotor's, taken from the events themselves, so an old event that comes late changes nothing.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils.dateparse import parse_datetime

from connections.choices import EvotorConnectionType, WebhookKind
from connections.client_factory import evotor_client_for
from connections.clients.error_catalog import EvotorError
from connections.clients.errors import AuthRevoked, ClientError, Transient
from connections.evotor.account_linking import locked_account
from connections.evotor.tokens import token_fingerprint
from connections.health_checks import check_health
from connections.models import EvotorConnection, EvotorSubscription, WebhookEvent
from connections.signals import products_pushed, receipts_pushed
from connections.status import mark_offline
from evosync.common.rows import row_or_none

YEARS = range(2000, 2100)
# Evotor's clock and its deliveries may be so much ahead of ours.
DATED_AHEAD = timedelta(days=1)


def handle(event: WebhookEvent, *, now: datetime) -> bool:
    """Apply one stored delivery and note that it is done. Raises Transient when Evotor is away.

    Returns False if a copy came meanwhile, so that the event wants another round.
    """
    match event.kind:
        case WebhookKind.TOKEN:
            token = json.loads(event.body).get("token", "")
            if token:
                receive_token(event.evotor_user_id, token, now=now)
        case WebhookKind.INSTALLATION:
            apply_installation(event.evotor_user_id, json.loads(event.body), now=now)
        case WebhookKind.SUBSCRIPTION:
            apply_subscription(event.evotor_user_id, json.loads(event.body))
        case WebhookKind.PRODUCTS:
            announce(event, products_pushed)
        case WebhookKind.DOCUMENTS:
            announce(event, receipts_pushed)
    # A copy that came meanwhile has asked for another round; it must not be called done.
    done = WebhookEvent.objects.unhandled().with_key(event.dedupe_key).delivered(event.deliveries)
    if event.kind == WebhookKind.TOKEN:
        changed = done.update(handled_at=now, body=json.dumps({"token": "kept with the connection"}))
    else:
        changed = done.update(handled_at=now)
    return changed == 1


def announce(event: WebhookEvent, signal: Signal) -> None:
    """Tell the apps above that a store changed, if its account belongs to a merchant."""
    connection = row_or_none(EvotorConnection.objects.of_account(event.evotor_user_id).installed())
    if connection is not None and connection.user_id is not None:
        signal.send(sender=WebhookEvent, user_id=connection.user_id, store_id=event.store_evotor_id)


def receive_token(evotor_user_id: str, token: str, *, now: datetime) -> None:
    """Keep a token that Evotor handed over; of two different ones the one that works stays.

    Tokens carry no time, so an old delivery that comes late can be told from a new one only by asking.
    """
    connection = EvotorConnection.objects.of_account(evotor_user_id).first()
    known = connection.access_token if connection is not None else ""
    if known and known != token and not _works(token, evotor_user_id):
        return
    with locked_account(evotor_user_id) as connection:
        if connection.access_token != token:
            connection.access_token = token
            connection.access_token_hash = token_fingerprint(token)
            connection.refresh_token, connection.token_expires_at = "", None
            connection.connection_type = EvotorConnectionType.WEBHOOK
            connection.save()
    if connection.user_id is not None and connection.uninstalled_at is None:
        check_health(connection, now=now)


def _works(token: str, evotor_user_id: str) -> bool:
    try:
        stores = evotor_client_for(token).stores()
    except AuthRevoked:
        return False
    except Transient:
        raise
    except ClientError:
        return False
    return all(store.user_id in (None, "", evotor_user_id) for store in stores)


def apply_installation(evotor_user_id: str, body: dict[str, Any], *, now: datetime) -> None:
    """Stop work when the merchant removed the application, and start it when they installed it again."""
    moment = read_time(body.get("timestamp")) or now
    removed = body.get("type") == "ApplicationUninstalled"
    if not removed and body.get("type") != "ApplicationInstalled":
        return
    with locked_account(evotor_user_id) as connection:
        newest = connection.installation_event_at
        # Of two events of one moment the removal counts, whichever comes first. One that is dated far ahead
        # holds up none that come after it.
        if (
            newest is not None
            and newest <= now + DATED_AHEAD
            and (moment < newest or (moment == newest and not removed))
        ):
            return
        connection.installation_event_at = moment
        connection.uninstalled_at = moment if removed else None
        connection.save(update_fields=["installation_event_at", "uninstalled_at", "updated_at"])
    if removed:
        mark_offline(connection, code=EvotorError.UNINSTALLED, now=now)
    elif connection.user_id is not None and connection.access_token:
        check_health(connection, now=now)


def apply_subscription(evotor_user_id: str, body: dict[str, Any]) -> None:
    """Fold one event into the subscription: of each fact the value with the highest number stays."""
    number, key = int(body["sequenceNumber"]), body["subscriptionId"].strip()
    skipped = {"subscriptionId", "sequenceNumber", "userId", "userUuid"}
    # In its own transaction, so that several first events do not wait for each other (see `locked_account`).
    EvotorSubscription.objects.get_or_create(subscription_id=key, defaults={"evotor_user_id": evotor_user_id})
    with transaction.atomic():
        row = EvotorSubscription.objects.select_for_update().get(subscription_id=key)
        for name, value in body.items():
            if name not in skipped and value not in (None, "") and number > row.facts.get(name, [0])[0]:
                row.facts[name] = [number, value]
        row.save()


def read_time(value: object) -> datetime | None:
    """Return the moment in Evotor's spellings: milliseconds as a number or text, or ISO 8601.

    What lies outside of the years that Evotor can mean is no time: a database may not hold it.
    """
    text = str(value or "").strip()
    try:
        if text.removeprefix("-").isdecimal():
            moment = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(text))
        else:
            parsed = parse_datetime(text)
            if parsed is None:
                return None
            moment = parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year in YEARS else None
