"""Encrypts a message for one browser, so that its push service cannot read it (RFC 8291, RFC 8188).

The message is one record. It is checked against the example in RFC 8291, appendix A.
"""

import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
PUBLIC_BYTES, AUTH_BYTES, SALT_BYTES = 65, 16, 16
# Push services take 4096 bytes; header, the mark of the last record and the tag are a part of them.
LARGEST_BODY = 4096
RECORD_SIZE = 4096
LARGEST_MESSAGE = LARGEST_BODY - (SALT_BYTES + 4 + 1 + PUBLIC_BYTES) - 1 - 16
LAST_RECORD = b"\x02"


def encrypt(
    message: bytes,
    *,
    browser_key: bytes,
    auth: bytes,
    salt: bytes | None = None,
    own_key: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """Return the body for the push service, in the content coding aes128gcm.

    `browser_key` and `auth` are the subscription's p256dh and auth. `salt` and `own_key` are new for each
    message; only a test gives them. Raises ValueError for keys that are none and for too long a message.
    """
    if len(auth) != AUTH_BYTES or len(message) > LARGEST_MESSAGE:
        raise ValueError("the subscription's secret or the message has a wrong length")
    salt = os.urandom(SALT_BYTES) if salt is None else salt
    own_key = ec.generate_private_key(CURVE) if own_key is None else own_key
    shared = own_key.exchange(ec.ECDH(), public_key(browser_key))
    own_public = public_bytes(own_key)
    material = _derive(shared, auth, b"WebPush: info\x00" + browser_key + own_public, 32)
    key = _derive(material, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derive(material, salt, b"Content-Encoding: nonce\x00", 12)
    header = salt + RECORD_SIZE.to_bytes(4) + bytes([len(own_public)]) + own_public
    return header + AESGCM(key).encrypt(nonce, message + LAST_RECORD, None)


def public_key(data: bytes) -> ec.EllipticCurvePublicKey:
    """Return a browser's key. Raises ValueError unless it is an uncompressed point of the curve."""
    if len(data) != PUBLIC_BYTES:
        raise ValueError("a browser's key has 65 bytes")
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, data)


def public_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return the public part of a key as browsers want it."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
