"""Limits on wrong passwords: they slow down who guesses, not whose password is guessed.

Wrong passwords are counted for an address and a client together, for a client, and for an address in all.
A browser that has logged in to the account before has a limit of its own, so strangers cannot use up
the owner's. A right password counts as no try.
"""

from dataclasses import dataclass, field

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.http import HttpRequest

from accounts.known_devices import device_of
from evosync.common.addresses import look_of

APP = "allauth.account"


@dataclass
class Tries:
    """What one login has counted, to be taken back if the password is right."""

    usages: list[RateLimitUsage] = field(default_factory=list)

    def rollback(self) -> None:
        """Take the count back."""
        for usage in self.usages:
            usage.rollback()
        self.usages.clear()


def count_try(request: HttpRequest, address: str) -> Tries | None:
    """Count a try; return None where there were too many, and then this one is not counted."""
    tries = Tries()
    for action, key in _limits(request, address):
        usage = ratelimit.consume(request, app=APP, action=action, key=key, limit_get=True)
        if usage is None:
            tries.rollback()
            return None
        tries.usages.append(usage)
    return tries


def forget_tries(request: HttpRequest, address: str) -> None:
    """Forget what was counted for this address: its owner has set a new password."""
    for action, key in _limits(request, address):
        if key is not None:
            ratelimit.clear(request, app=APP, action=action, key=key)


def _limits(request: HttpRequest, address: str) -> list[tuple[str, str | None]]:
    look, device = look_of(address), device_of(request)
    if device is not None and device.knows(address):
        return [("login_device", f"{look} {device.number}")]
    pair = f"{look} {ratelimit.get_ip(request)}"
    return [("login_pair", pair), ("login_client", None), ("login_address", look)]
