"""Who sends a request, as far as a server can tell."""

from dataclasses import dataclass

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest

AGENT_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Visitor:
    """An IP address, as our own proxies report it, and the name that the browser gives itself."""

    ip: str | None = None
    user_agent: str = ""


def visitor_of(request: HttpRequest | None) -> Visitor:
    """Return who sends this request; nobody where there is none, as in a command."""
    if request is None:
        return Visitor()
    agent = "".join(sign for sign in request.headers.get("User-Agent", "") if sign.isprintable())
    return Visitor(get_client_ip(request) or None, agent[:AGENT_LENGTH])
