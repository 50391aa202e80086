"""Finds the site's port before the work starts, and holds it until the site opens."""

import socket
from typing import Final

FIRST: Final = 8000
TRIES: Final = 100


class PortTaken(Exception):
    """The port that was asked for, or every port that was tried, belongs to another program."""


def reserve_port(wanted: int | None = None) -> socket.socket:
    """Return a socket that holds the wanted port, or to the first free one from 8000 on.

    Close it right before the server takes its place. Raises PortTaken, and ValueError for a number
    that is no port.
    """
    for port in [wanted] if wanted is not None else range(FIRST, FIRST + TRIES):
        held = socket.socket()
        # As Django's server does: a port that was closed a moment ago is free.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            held.bind(("127.0.0.1", port))
            # Two sockets may be bound to one address as long as none of them listens.
            held.listen()
        except OverflowError:
            held.close()
            raise ValueError(f"{port} is not a port") from None
        except OSError:
            held.close()
        else:
            return held
    raise PortTaken(f"Port {wanted}" if wanted is not None else f"Every port from {FIRST} on")


def port_of(held: socket.socket) -> int:
    """Return the number of a reserved port."""
    return int(held.getsockname()[1])
