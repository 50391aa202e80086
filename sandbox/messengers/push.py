"""A push service of a browser's maker as a stand-in, with the browser behind it.

It takes what RFC 8030, 8291, 8188 and 8292 let it take and nothing else: the sender's token is verified, and
the browser reads what is encrypted for it.
"""

import base64
import json
import os
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sandbox.fault_effects import apply_fault
from sandbox.faults import COMMON, Fault, FaultPlan
from sandbox.wire import Request, Response, Server, Serving

CURVE = ec.SECP256R1()
LARGEST_BODY, POINT, DAY = 4096, 65, 86_400


class Refused(Exception):
    """The message is answered with this status."""

    def __init__(self, status: int, text: str, **headers: str) -> None:
        super().__init__(text)
        self.status, self.text, self.headers = status, text, headers


@dataclass(slots=True)
class Browser:
    """One browser that has subscribed: what it tells the page, and the messages that it has read."""

    path: str
    sender: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    auth: bytes = field(default_factory=lambda: os.urandom(16))
    messages: list[dict[str, Any]] = field(default_factory=list)
    is_gone: bool = False

    @property
    def public(self) -> bytes:
        """The key that messages are encrypted for."""
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def read(self, body: bytes) -> bytes:
        """Return what a body says. Raises ValueError or InvalidTag where it cannot be read."""
        salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        record = body[21 + length :]
        if length != POINT or size < len(record):
            raise ValueError("the header is wrong")
        theirs = body[21 : 21 + length]
        point = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs)
        info = b"WebPush: info\0" + self.public + theirs
        secret = _expand(_extract(self.auth, self.key.exchange(ec.ECDH(), point)), info, 32)
        pseudorandom = _extract(salt, secret)
        key = _expand(pseudorandom, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _expand(pseudorandom, b"Content-Encoding: nonce\0", 12)
        text = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        if not text.endswith(b"\x02"):
            raise ValueError("the last record is not marked")
        return text[:-1]


class PushApp:
    """Answers those who have the address of a subscription."""

    def __init__(self, faults: FaultPlan) -> None:
        self.faults, self.lock = faults, threading.Lock()
        self.browsers: dict[str, Browser] = {}
        self.origin = ""

    def handle(self, request: Request) -> Response:
        """Take one message for a browser."""
        fault = self.faults.take("message")
        if fault and fault.unexecuted:
            return apply_fault(Response(), fault)
        try:
            _refuse_by_plan(fault)
            self._take(request)
        except Refused as refused:
            answer = Response.of_json({"message": refused.text}, refused.status, **refused.headers)
            return apply_fault(answer, fault)
        return apply_fault(Response(status=201, headers={"Location": f"{self.origin}/m/1"}), fault)

    def _take(self, request: Request) -> None:
        browser = self.browsers.get(request.path)
        if browser is None:
            raise Refused(404, "no such subscription")
        if browser.is_gone:
            raise Refused(410, "the subscription has ended")
        if request.verb != "POST" or request.headers.get("content-encoding") != "aes128gcm":
            raise Refused(400, "POST with Content-Encoding: aes128gcm")
        if not request.headers.get("ttl", "").isdigit():
            raise Refused(400, "TTL is missing")
        if request.headers.get("urgency", "normal") not in {"very-low", "low", "normal", "high"}:
            raise Refused(400, "Urgency is wrong")
        if len(request.body) > LARGEST_BODY:
            raise Refused(413, "too large")
        self._verify(request.headers.get("authorization", ""), browser)
        try:
            message = json.loads(browser.read(request.body))
        except (ValueError, IndexError, InvalidTag):
            raise Refused(400, "the browser cannot read this") from None
        with self.lock:
            browser.messages.append(message)

    def _verify(self, header: str, browser: Browser) -> None:
        kind, _space, rest = header.partition(" ")
        fields = dict(part.strip().partition("=")[::2] for part in rest.split(","))
        if kind != "vapid" or set(fields) != {"t", "k"}:
            raise Refused(401, "the sender's token is missing")
        if fields["k"] != browser.sender:
            raise Refused(403, "the subscription was made for another sender")
        try:
            signed, _dot, signature = fields["t"].rpartition(".")
            raw = _decode(signature)
            numbers = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
            point = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, _decode(fields["k"]))
            point.verify(numbers, signed.encode(), ec.ECDSA(hashes.SHA256()))
            head, claims = (json.loads(_decode(part)) for part in signed.split("."))
        except (ValueError, InvalidSignature):
            raise Refused(403, "the sender's token is wrong") from None
        is_in_time = time.time() < claims["exp"] <= time.time() + DAY
        is_known = str(claims.get("sub", "")).startswith(("mailto:", "https://"))
        if head.get("alg") != "ES256" or claims["aud"] != self.origin or not is_in_time or not is_known:
            raise Refused(403, "the sender's token is for something else, or out of time")


class PushService(Serving):
    """The service on a port of its own: `with PushService() as service:` serves it until the block ends."""

    def __init__(self) -> None:
        self.faults = FaultPlan(COMMON)
        self._app = PushApp(self.faults)
        self._server = Server(self._app)
        self._app.origin = self._server.url

    def fault(self, kind: str, **values: object) -> Fault:
        """Plan a fault."""
        return self.faults.add(Fault(kind, **values))  # type: ignore[arg-type]

    def subscribe(self, sender: str) -> tuple[Browser, dict[str, str]]:
        """Let a new browser take messages of this sender; return it and what its page would be told."""
        path = f"/push/{os.urandom(12).hex()}"
        browser = self._app.browsers[path] = Browser(path, sender)
        return browser, {
            "endpoint": f"{self.url}{path}",
            "p256dh": _encode(browser.public),
            "auth": _encode(browser.auth),
        }


def _refuse_by_plan(fault: Fault | None) -> None:
    if fault and fault.kind == "error":
        is_busy = fault.status in (429, 503)
        raise Refused(fault.status, fault.text, **{"Retry_After": str(int(fault.seconds))} if is_busy else {})


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _extract(salt: bytes, secret: bytes) -> bytes:
    code = HMAC(salt, hashes.SHA256())
    code.update(secret)
    return code.finalize()


def _expand(pseudorandom: bytes, info: bytes, length: int) -> bytes:
    return HKDFExpand(algorithm=hashes.SHA256(), length=length, info=info).derive(pseudorandom)
