"""Makes a bundle of certificates to trust: the usual authorities, and roots that the operator adds."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import certifi
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization


class BadRoot(Exception):
    """The file is no certificate that could be added as a root; the text says why."""


@dataclass(frozen=True, slots=True)
class Root:
    """A root certificate. `fingerprint` is SHA-256 in capital hex, two digits a group."""

    subject: str
    fingerprint: str
    valid_until: datetime
    pem: bytes


def read_roots(data: bytes, *, now: datetime) -> list[Root]:
    """Return the certificates in a PEM or DER file. Raises BadRoot where one of them is no valid root."""
    try:
        if b"-----BEGIN CERTIFICATE-----" in data:
            found = x509.load_pem_x509_certificates(data)
        else:
            found = [x509.load_der_x509_certificate(data)]
    except ValueError:
        raise BadRoot("it holds no certificate in PEM or DER") from None
    return [_root(certificate, now) for certificate in found]


def _root(certificate: x509.Certificate, now: datetime) -> Root:
    name = certificate.subject.rfc4514_string()
    try:
        certificate.verify_directly_issued_by(certificate)
    except (ValueError, TypeError, InvalidSignature):
        raise BadRoot(f"{name} is not signed by itself, so it is no root") from None
    try:
        is_ca = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        is_ca = False
    if not is_ca:
        raise BadRoot(f"{name} is the certificate of one server, not of an authority")
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise BadRoot(f"{name} is valid only until {certificate.not_valid_after_utc:%Y-%m-%d}")
    digest = certificate.fingerprint(hashes.SHA256()).hex().upper()
    return Root(
        subject=name,
        fingerprint=":".join(digest[start : start + 2] for start in range(0, len(digest), 2)),
        valid_until=certificate.not_valid_after_utc,
        pem=certificate.public_bytes(serialization.Encoding.PEM),
    )


def bundle_with(roots: list[Root]) -> bytes:
    """Return certifi's authorities and these roots as one PEM file."""
    usual = Path(certifi.where()).read_bytes().rstrip() + b"\n"
    return usual + b"".join(b"\n# " + root.subject.encode() + b"\n" + root.pem for root in roots)
