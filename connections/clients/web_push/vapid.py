"""Tells push services who sends: a token signed with the installation's key (RFC 8292)."""

import json
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from connections.clients.web_push.encoding import decode, encode
from connections.clients.web_push.encryption import CURVE, public_bytes

PRIVATE_BYTES = 32
# Services take a day at most; their clocks and ours may differ.
TOKEN_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True, repr=False)
class VapidKey:
    """The installation's key. Browsers bind a subscription to its public part."""

    private: ec.EllipticCurvePrivateKey

    @classmethod
    def from_text(cls, text: str) -> "VapidKey":
        """Return the key that `to_text` has written. Raises ValueError for anything else."""
        data = decode(text.strip())
        if len(data) != PRIVATE_BYTES:
            raise ValueError("a key has 32 bytes")
        return cls(ec.derive_private_key(int.from_bytes(data), CURVE))

    @classmethod
    def new(cls) -> "VapidKey":
        """Return a new key."""
        return cls(ec.generate_private_key(CURVE))

    def to_text(self) -> str:
        """Return the private key as the setting holds it."""
        return encode(self.private.private_numbers().private_value.to_bytes(PRIVATE_BYTES))

    @property
    def public_text(self) -> str:
        """The public key, as browsers and services are told it."""
        return encode(public_bytes(self.private))

    def authorization(self, *, origin: str, contact: str, now: float) -> str:
        """Return the header for a service at this origin; `contact` is where its people reach ours."""
        claims = {"aud": origin, "exp": int(now) + TOKEN_SECONDS, "sub": contact}
        signed = f"{_part({'typ': 'JWT', 'alg': 'ES256'})}.{_part(claims)}"
        r, s = decode_dss_signature(self.private.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        signature = encode(r.to_bytes(PRIVATE_BYTES) + s.to_bytes(PRIVATE_BYTES))
        return f"vapid t={signed}.{signature}, k={self.public_text}"


def _part(values: dict[str, object]) -> str:
    return encode(json.dumps(values, separators=(",", ":")).encode())
