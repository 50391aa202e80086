"""The half of Evotor that calls us: webhooks with right or wrong authorization (reference, evotor.md §4).

A `WebhookCall` is the finished request, so a test can repeat it, shuffle it or hand it to a test
client; `Webhooks.send` delivers it over HTTP as Evotor does: ten seconds, no redirects.
"""

import base64
import http.client
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlsplit

from sandbox.evotor.records import TillProduct
from sandbox.evotor.render import product_v1, time_text
from sandbox.evotor.state import EvotorState

TIMEOUT: Final = 10.0
APP_ID: Final = "4b6f1f1e-9f4a-4c27-9b6c-0f6d5a3f2c11"
JSON_TYPE: Final = "application/json; charset=utf-8"
V2_TYPE: Final = "application/vnd.evotor.v2+json;charset=UTF-8"


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """One delivery: its path below the prefix, its body, its headers and its method."""

    path: str
    body: bytes
    headers: dict[str, str] = field(repr=False)
    verb: str = "POST"

    def with_authorization(self, value: str | None) -> "WebhookCall":
        """Return the delivery with another Authorization header, or with none."""
        headers = {name: text for name, text in self.headers.items() if name != "Authorization"}
        if value is not None:
            headers["Authorization"] = value
        return replace(self, headers=headers)

    def with_header(self, name: str, value: str | None) -> "WebhookCall":
        """Return the delivery with another value of a header, or without it."""
        headers = {key: text for key, text in self.headers.items() if key != name}
        return replace(self, headers=headers if value is None else headers | {name: value})

    def with_slash(self) -> "WebhookCall":
        """Return the delivery with a trailing slash in its path."""
        return replace(self, path=self.path.rstrip("/") + "/")


@dataclass(frozen=True, slots=True)
class WebhookAnswer:
    """What we answered to a delivery."""

    status: int
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


def bearer(token: str) -> str:
    """Return the header value of a Bearer token."""
    return f"Bearer {token}"


def basic(login: str, password: str) -> str:
    """Return the header value of Basic authorization."""
    return "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()


class Webhooks:
    """Makes and sends deliveries.

    `base_url` includes our prefix; `app_token` is the one that we typed in Evotor's portal.
    """

    def __init__(
        self, state: EvotorState, base_url: str, *, app_token: str, content_type: str = JSON_TYPE
    ) -> None:
        self._state = state
        self._base = urlsplit(base_url)
        self._app_token = app_token
        self._content_type = content_type
        self._sequence: dict[str, int] = {}
        self._installations = 0
        self._documents = 0

    # -- deliveries ------------------------------------------------------------------------------

    def user_create(self, user_id: str | None = None, **custom: Any) -> WebhookCall:
        """Return `user/create`; `custom` are the fields of the market's form."""
        return self._call("/user/create", self._user(user_id) | custom)

    def user_verify(self, user_id: str | None = None, **custom: Any) -> WebhookCall:
        """Return `user/verify`; `custom` are the fields of the market's form, such as the link code."""
        return self._call("/user/verify", self._user(user_id) | custom)

    def user_token(self, user_id: str | None = None, token: str | None = None) -> WebhookCall:
        """Return `user/token` with the merchant's present cloud token, or with another."""
        chosen = user_id or self._state.user_id
        if token is None:
            token = self._state.merchants[chosen].token
        return self._call("/user/token", self._user(chosen) | {"token": token})

    def subscription_event(
        self, kind: str, user_id: str | None = None, *, subscription_id: str = "sub-1", **more: Any
    ) -> WebhookCall:
        """Return `subscription/event`; sequence numbers grow from 1 within a subscription."""
        number = self._sequence[subscription_id] = self._sequence.get(subscription_id, 0) + 1
        event = {
            "subscriptionId": subscription_id,
            "productId": APP_ID,
            "timestamp": time_text(self._state.clock()),
            "sequenceNumber": number,
            "type": kind,
        }
        return self._call("/subscription/event", event | self._user(user_id) | more)

    def installation_event(self, kind: str, user_id: str | None = None, *, event_id: str = "") -> WebhookCall:
        """Return `installation/event`: ApplicationInstalled or ApplicationUninstalled."""
        self._installations += 1
        event = {
            "id": event_id or f"installation-{self._installations}",
            "timestamp": int(self._state.clock() * 1000),
            "version": 2,
            "type": kind,
            "data": {"productId": APP_ID} | self._user(user_id),
        }
        return self._call("/installation/event", event)

    def products(
        self, store_id: str, product_ids: Sequence[str], *, user_token: str | None = None
    ) -> WebhookCall:
        """Return the product push of a store: the V1 array.

        `user_token` is the one we gave Evotor; without it the application's token comes, and beside it the
        account and the store.
        """
        with self._state.lock:
            products = self._state.stores[store_id].products
            body = [product_v1(products[number]) for number in product_ids]
        call = self._call(f"/inventories/stores/{store_id}/products", body)
        return self._notification(call, store_id, user_token)

    def document(
        self,
        store_id: str,
        sold: Mapping[str, float],
        *,
        kind: str = "SELL",
        user_token: str | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> WebhookCall:
        """Return a receipt, SELL or PAYBACK, of so much of each product; `more` are its other fields."""
        with self._state.lock:
            store, now = self._state.stores[store_id], self._state.clock()
            positions = [self._position(store.products[one], quantity) for one, quantity in sold.items()]
            self._documents += 1
            number = self._documents
        body = {
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{store_id}/documents/{number}")),
            "number": number,
            "type": kind,
            "user_id": store.user_id,
            "store_id": store_id,
            "device_id": store_id.replace("-AAAA-", "-BBBB-"),
            "close_date": time_text(now),
            "created_at": time_text(now),
            "body": {"positions": positions, "result_sum": sum(one["result_sum"] for one in positions)},
        }
        path = f"/inventories/stores/{store_id}/documents"
        call = replace(self._call(path, body | dict(more or {})), verb="PUT")
        return self._notification(call, store_id, user_token)

    def _position(self, product: TillProduct, quantity: float) -> dict[str, Any]:
        price = product.fields.get("price") or 0
        return {
            "product_id": product.id,
            "product_name": product.fields.get("name"),
            "quantity": quantity,
            "initial_quantity": product.fields.get("quantity"),
            "price": price,
            "sum": round(price * quantity, 2),
            "result_sum": round(price * quantity, 2),
        }

    def _notification(self, call: WebhookCall, store_id: str, user_token: str | None) -> WebhookCall:
        if user_token is not None:
            return call.with_authorization(bearer(user_token))
        user_id = self._state.stores[store_id].user_id
        return call.with_header("X-Evotor-User-Id", user_id).with_header("X-Evotor-Store-Uuid", store_id)

    def _user(self, user_id: str | None) -> dict[str, Any]:
        return {"userId": user_id or self._state.user_id}

    def _call(self, path: str, body: object) -> WebhookCall:
        headers = {
            "Content-Type": self._content_type,
            "Accept": "application/json",
            "Authorization": bearer(self._app_token),
        }
        return WebhookCall(path, json.dumps(body, ensure_ascii=False).encode(), headers)

    # -- sending ---------------------------------------------------------------------------------

    def send(self, call: WebhookCall) -> WebhookAnswer:
        """Deliver over HTTP. Raises OSError or http.client.HTTPException where nothing answers."""
        secure = self._base.scheme == "https"
        make = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = make(self._base.hostname or "", self._base.port, timeout=TIMEOUT)
        try:
            path = self._base.path.rstrip("/") + call.path
            connection.request(call.verb, path, call.body, call.headers)
            response = connection.getresponse()
            return WebhookAnswer(response.status, response.read())
        finally:
            connection.close()


def installation_story(webhooks: Webhooks, **custom: Any) -> list[WebhookCall]:
    """Return the deliveries of a first installation, in the order that the reference gives (§5.1)."""
    return [
        webhooks.user_verify(**custom),
        webhooks.subscription_event(
            "SubscriptionCreated", planId="base", trialPeriodDuration="P14DT", deviceNumber=1
        ),
        webhooks.installation_event("ApplicationInstalled"),
        webhooks.user_token(),
    ]
