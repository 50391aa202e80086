"""The actors of the accounts app. Each takes ids and calls one service."""

import dramatiq

from accounts import security_events
from accounts.choices import SecurityEventKind
from accounts.models import SecurityEvent, User
from accounts.visitors import Visitor


@dramatiq.actor(queue_name="default", max_retries=5, min_backoff=60_000)
def send_security_email(event_id: int) -> None:
    """Email the merchant about a security event."""
    event = SecurityEvent.objects.filter(pk=event_id).select_related("user").first()
    if event is not None:
        security_events.send_security_email(event)


@dramatiq.actor(queue_name="default", max_retries=3)
def record_failure(user_id: int, kind: str, ip: str | None, user_agent: str) -> None:
    """Record a failed login in the account's list, where there is an account."""
    user = User.objects.filter(pk=user_id).first()
    if user is not None:
        security_events.store_event(user, SecurityEventKind(kind), visitor=Visitor(ip, user_agent))
