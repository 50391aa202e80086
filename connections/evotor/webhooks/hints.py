"""What a data notification says: which store has changed. Nothing else of it is kept or applied."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest

from connections.evotor.webhooks.parsing import ID_LENGTH, Body, text
from connections.evotor.webhooks.responses import bad_syntax, incorrect, missing, no_such_resource
from connections.models import EvotorConnection
from connections.signals import store_named

STORE_HEADER = "X-Evotor-Store-Uuid"
# Documents of the till that leave the stock as it is; of what Evotor adds one day, each is a hint.
WITHOUT_STOCK = frozenset(
    {
        "CASH_INCOME",
        "CASH_OUTCOME",
        "CLOSE_SESSION",
        "CORRECTION",
        "FPRINT",
        "OPEN_SESSION",
        "POS_OPEN_SESSION",
        "REVALUATION",
        "X_REPORT",
        "Z_REPORT",
    }
)


def store_in_address(request: HttpRequest, in_path: str) -> str:
    """Return the store that the path or the header names, or "". Refuses two different ones.

    A path may carry the portal's own placeholder, `{storeUuid}`, which names no store.
    """
    header = request.headers.get(STORE_HEADER, "").strip()
    path = "" if in_path.startswith("{") else in_path.strip()
    if header and path and header != path:
        raise incorrect(STORE_HEADER, header)
    return _checked(header or path)


def _checked(store_id: str) -> str:
    if len(store_id) > ID_LENGTH or not store_id.isprintable():
        raise incorrect("storeUuid", store_id)
    return store_id


def require_store_of(connection: EvotorConnection, store_id: str) -> None:
    """Refuse a push about a store of somebody else. A store that nobody knows yet may be a new one."""
    if not store_id:
        raise missing("storeUuid")
    if connection.user_id is None:
        return
    answers = store_named.send(sender=EvotorConnection, user_id=connection.user_id, store_id=store_id)
    if any(is_anothers for _receiver, is_anothers in answers):
        raise no_such_resource()


def stores_with_new_stock(body: Any, *, named: str, evotor_user_id: str) -> set[str]:
    """Return the stores whose stock these documents of the till have changed.

    `named` is the store of the address. Refuses documents of another account or of another store.
    """
    found = set()
    for document in _documents(body):
        owner = text(document, "user_id", "userId", "userUuid", limit=ID_LENGTH)
        if owner and owner != evotor_user_id:
            raise incorrect("user_id", owner)
        store_id = _checked(text(document, "store_id", "storeId", "storeUuid", limit=ID_LENGTH))
        if store_id and named and store_id != named:
            raise incorrect("store_id", store_id)
        kind = text(document, "type", limit=64)
        if kind.upper() in WITHOUT_STOCK:
            continue
        if not (store_id or named):
            raise missing("store_id")
        found.add(store_id or named)
    return found


def _documents(body: Any) -> Iterator[Body]:
    """Yield the documents of a delivery: version 2 sends one, or a page; version 1 a list."""
    if isinstance(body, dict):
        items = body.get("items")
        body = items if isinstance(items, list) else [body]
    if not isinstance(body, list):
        raise bad_syntax()
    for document in body:
        if not isinstance(document, dict):
            raise bad_syntax()
        yield document
