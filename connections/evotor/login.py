"""Connects a till by Evotor's OAuth, where the operator has an OAuth client.

It is one more way to get a token: whose account it opens is asked as for a pasted one.
"""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from connections.choices import EvotorConnectionType
from connections.clients.errors import ClientError
from connections.errors import refusal_of
from connections.evotor.connect import connect_evotor
from connections.evotor.tokens import expiry, oauth_client
from connections.models import EvotorConnection


def is_offered() -> bool:
    """Return True if the operator has set EVOTOR_OAUTH_CLIENT_ID."""
    return bool(settings.EVOTOR_OAUTH_CLIENT_ID)


def redirect_uri() -> str:
    """Return the address that Evotor sends the browser back to; it is registered with the client."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('evotor_oauth:callback')}"


def finish_login(user: User, *, code: str, now: datetime) -> EvotorConnection:
    """Exchange the code and link the account that the token opens. Raises CannotConnect."""
    try:
        tokens = oauth_client().exchange_code(code=code, redirect_uri=redirect_uri())
    except ClientError as error:
        raise refusal_of(error) from None
    return connect_evotor(
        user,
        token=tokens.access_token,
        now=now,
        connection_type=EvotorConnectionType.OAUTH,
        refresh_token=tokens.refresh_token,
        expires_at=expiry(tokens, now),
    )
