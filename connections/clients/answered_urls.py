"""Addresses that an answer tells us to send to: only at the hosts that were agreed on, only on the net.

An attacker who forges VK's answers could make this server send pictures to any address, also
of its own network. A name is checked before it is resolved; what it resolves to, before a connection and
once more on the connection that was made, since the second resolution may tell something else.
"""

import ipaddress
import re
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection
from urllib3.exceptions import NewConnectionError

from connections.clients.errors import OperatorActionRequired

# A host that holds anything else, as a backslash, may be read differently by what sends there.
_HOST = re.compile(r"[a-z0-9_.:-]+")
# RFC 6052. Python counts it as reserved, with all of ::/8.
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# RFC 5214: 0000:5efe or 0200:5efe before the IPv4 address; the bit that differs says "unique".
_ISATAP, _ISATAP_MASK = 0x0000_5EFE, 0xFDFF_FFFF


class AnsweredUrls:
    """Which addresses may be sent to: names with the names below them, and IP addresses as such.

    An IP address that is named may be private, as that of a stand-in; what a name leads to may not, unless
    `allow_private`.
    """

    def __init__(self, hosts: Sequence[str], *, allow_private: bool = False) -> None:
        self._hosts = tuple(host.lower().strip(".") for host in hosts if host)
        self._allow_private = allow_private

    def check(self, service: str, code: str, url: str) -> None:
        """Return if the address may be sent to. Raises OperatorActionRequired with the reason."""
        host = _host_of(url)
        if not self.allows(url):
            text = f"an answer led to {host or 'no host'}, which is none of {', '.join(self._hosts)}"
            raise OperatorActionRequired(service, code, text, host=host)

    def allows(self, url: str) -> bool:
        """Return True if the address may be sent to."""
        host = _host_of(url)
        return self.knows(host) and self._is_plain(url, host)

    def knows(self, host: str) -> bool:
        """Return True if the host is one of those that were agreed on, or below one."""
        if _is_address(host):
            return host in self._hosts
        return any(host == known or host.endswith(f".{known}") for known in self._hosts)

    def may_be_private(self, url: str) -> bool:
        """Return True if the address may lead into a private network."""
        return self._allow_private or _is_address(_host_of(url))

    def _is_plain(self, url: str, host: str) -> bool:
        """Return True for https without a user, or http to an address that may be private."""
        parts = urlsplit(url)
        schemes = {"https", "http"} if self.may_be_private(url) else {"https"}
        return parts.scheme in schemes and parts.username is None


class PrivateAddress(NewConnectionError):
    """A name led to an address that is not on the public net; nothing was sent."""


def require_public_name(connection: HTTPConnection) -> None:
    """Raise PrivateAddress if the name that is about to be connected to leads into a private network."""
    try:
        found = socket.getaddrinfo(connection.host, connection.port, type=socket.SOCK_STREAM)
    except OSError:
        # Connecting will fail with the same, and say so.
        return
    for entry in found:
        _require_public(connection, str(entry[4][0]))


def require_public_peer(connection: HTTPConnection, link: socket.socket) -> None:
    """Raise PrivateAddress if the other end is in a private network; the socket is closed then."""
    try:
        _require_public(connection, str(link.getpeername()[0]))
    except PrivateAddress:
        link.close()
        raise


def _require_public(connection: HTTPConnection, address: str) -> None:
    if not is_public(address):
        raise PrivateAddress(connection, f"{connection.host} leads to a private address")


def is_public(address: str) -> bool:
    """Return True for an address of the public net; an IPv6 form of an IPv4 address is judged by that.

    Of NAT64 only the well-known network leads to the public net. Teredo, the forms for one network's own
    translation (64:ff9b:1::/48) and the outdated ::a.b.c.d are never public.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or _translated(found)
        if inner is not None:
            return is_public(str(inner))
        tunnelled = _tunnelled(found)
        if tunnelled is not None and not is_public(str(tunnelled)):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def _translated(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address behind NAT64, through which a host without IPv4 reaches everything."""
    return _last_part(address) if address in NAT64 else None


def _tunnelled(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address at the end of an ISATAP tunnel, whatever network it is in."""
    marked = int(address) >> 32 & _ISATAP_MASK == _ISATAP
    return _last_part(address) if marked else None


def _last_part(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)


def _host_of(url: str) -> str:
    """Return the host without its last dot, empty where readers of addresses may not agree on it."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    return host if _HOST.fullmatch(host) and url.isprintable() else ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
