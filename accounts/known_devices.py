"""Browsers that have logged in before: strangers who guess a password do not stand in their owner's way.

A signed cookie names the browser and the accounts that it has logged in to. It lets nobody in; it only
gives the browser a limit of its own on wrong passwords.
"""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from evosync.common.addresses import look_of

SALT = "accounts.known_device"
MAX_AGE = 180 * 24 * 60 * 60
# Accounts that one browser remembers.
MOST_ACCOUNTS = 5


@dataclass(frozen=True, slots=True)
class Device:
    """A browser's number, and fingerprints of the accounts' addresses."""

    number: str
    accounts: tuple[str, ...]

    def knows(self, address: str) -> bool:
        """Return True if this browser has logged in to the account with this address."""
        return _fingerprint(address) in self.accounts


def device_of(request: HttpRequest) -> Device | None:
    """Return the browser that the cookie names, None without a cookie of ours."""
    value = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        number, accounts = signing.loads(value, salt=SALT, max_age=MAX_AGE)
        return Device(str(number), tuple(accounts))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def remember_device(request: HttpRequest, response: HttpResponse, address: str) -> None:
    """Let the browser remember that it has logged in to this account."""
    device = device_of(request)
    number = device.number if device is not None else secrets.token_hex(16)
    known = device.accounts if device is not None else ()
    own = _fingerprint(address)
    accounts = [own, *(other for other in known if other != own)][:MOST_ACCOUNTS]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps([number, accounts], salt=SALT),
        max_age=MAX_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _fingerprint(address: str) -> str:
    return salted_hmac(SALT, look_of(address), algorithm="sha256").hexdigest()[:32]
