"""Looks at the certificate that a host shows, as a client of it does."""

import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import certifi

TIMEOUT = 15.0


@dataclass(frozen=True, slots=True)
class ShownCertificate:
    """A trusted certificate: who issued it, and until when it is valid."""

    issuer: str
    valid_until: datetime


def look_at(url: str, *, ca_bundle: str = "") -> ShownCertificate:
    """Return the certificate of the host in an HTTPS address. Raises OSError where it is not trusted.

    `ca_bundle` is trusted in place of the usual authorities.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 443
    context = ssl.create_default_context(cafile=ca_bundle or certifi.where())
    with (
        socket.create_connection((host, port), timeout=TIMEOUT) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        shown = secure.getpeercert() or {}
    # ((("countryName", "RU"),), (("commonName", "…"),))
    issued: Any = shown.get("issuer", ())
    names = {key: value for part in issued for key, value in part}
    until = ssl.cert_time_to_seconds(str(shown["notAfter"]))
    issuer = str(names.get("commonName") or names.get("organizationName") or "?")
    return ShownCertificate(issuer, datetime.fromtimestamp(until, UTC))
