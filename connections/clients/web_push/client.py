"""Sends messages to browsers' push services: RFC 8030, with the encryption and the sender's token.

The address of a subscription is what a browser has told us, so it is held to a list of hosts, and what a
name leads to must be on the public net: nobody makes us send into our own network.
"""

import time
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import requests

from connections.clients.answered_urls import AnsweredUrls
from connections.clients.errors import AuthRevoked, ClientError, OperatorActionRequired, Transient
from connections.clients.http import new_public_session, new_session, send
from connections.clients.messengers.errors import error_of, pause_of
from connections.clients.web_push.encoding import decode
from connections.clients.web_push.encryption import AUTH_BYTES, LARGEST_MESSAGE, encrypt, public_key
from connections.clients.web_push.vapid import VapidKey

SERVICE = "push"
METHOD = "message"
LONGEST_ADDRESS = 2048
TIMEOUT = (10, 20)
DEADLINE = 30.0


@dataclass(frozen=True, slots=True, repr=False)
class Subscription:
    """What a browser gives to whom it lets send: an address, and the keys of its messages.

    `sender` is our public key that it was made for. Anyone who has the address can disturb the browser, so
    it is a secret.
    """

    address: str
    browser_key: bytes
    auth: bytes
    sender: str

    @classmethod
    def checked(cls, *, address: str, browser_key: str, auth: str, sender: str) -> "Subscription":
        """Return the subscription that a browser tells. Raises ValueError where a part is none."""
        found = cls(address, decode(browser_key), decode(auth), sender)
        public_key(found.browser_key)
        if len(found.auth) != AUTH_BYTES or not 0 < len(address) <= LONGEST_ADDRESS:
            raise ValueError("the secret or the address has a wrong length")
        return found


class PushClient:
    """Speaks as this installation. Nothing is repeated: a message whose answer is lost may have arrived."""

    def __init__(self, *, key: VapidKey, contact: str, hosts: AnsweredUrls) -> None:
        self._key, self._contact, self._hosts = key, contact, hosts

    @property
    def sender(self) -> str:
        """Our public key, which browsers bind a subscription to."""
        return self._key.public_text

    def send(self, subscription: Subscription, message: bytes, *, lasts: int) -> None:
        """Hand a message of at most LARGEST_MESSAGE bytes to the browser's service.

        It keeps the message for `lasts` seconds where the browser is away. Raises AuthRevoked where the
        subscription is gone or was made for another key of ours.
        """
        if subscription.sender != self.sender:
            raise AuthRevoked(SERVICE, f"{SERVICE}.other_key", "made for another key", method=METHOD)
        if not self.may_send_to(subscription.address):
            raise AuthRevoked(SERVICE, f"{SERVICE}.host", "no service that is known", method=METHOD)
        parts = urlsplit(subscription.address)
        headers = {
            "Authorization": self._key.authorization(
                origin=f"{parts.scheme}://{parts.netloc}", contact=self._contact, now=time.time()
            ),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(lasts),
            "Urgency": "normal",
        }
        body = encrypt(message, browser_key=subscription.browser_key, auth=subscription.auth)
        response = self._post(subscription.address, body, headers)
        if not response.ok:
            raise _refusal(response)

    def may_send_to(self, address: str) -> bool:
        """Return True for an address of a push service that the settings name, at its usual port."""
        try:
            port = urlsplit(address).port
        except ValueError:
            return False
        is_plain = address.isascii() and address.isprintable() and " " not in address
        return (
            is_plain and self._hosts.allows(address) and (port is None or self._hosts.may_be_private(address))
        )

    def _post(self, address: str, body: bytes, headers: dict[str, str]) -> requests.Response:
        is_private = self._hosts.may_be_private(address)
        # A session for one message: services close idle connections, and no cookie of theirs comes along.
        with new_session() if is_private else new_public_session() as session:
            return send(
                SERVICE,
                METHOD,
                lambda: session.post(
                    address, data=body, headers=headers, timeout=TIMEOUT, stream=True, allow_redirects=False
                ),
                deadline=DEADLINE,
            )


def _refusal(response: requests.Response) -> ClientError:
    status = response.status_code
    # What a service says may hold the address.
    text, code = HTTPStatus(status).phrase if status in set(HTTPStatus) else "", f"{SERVICE}.{status}"
    is_gone = status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
    if status == HTTPStatus.FORBIDDEN:
        # Our token is not taken: the key, the clock or the contact is wrong.
        return OperatorActionRequired(SERVICE, code, text, method=METHOD, status=status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        pause = pause_of(response.headers.get("Retry-After"))
        return Transient(SERVICE, code, text, retry_after=pause, method=METHOD, status=status)
    return error_of(
        SERVICE,
        METHOD,
        response,
        text=text,
        retry_after=response.headers.get("Retry-After"),
        is_gone=is_gone,
    )


__all__ = ["LARGEST_MESSAGE", "PushClient", "Subscription"]
