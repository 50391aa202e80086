"""Records what touches the safety of an account: in the log, in the merchant's list, and by email."""

import logging
from datetime import timedelta
from functools import partial
from smtplib import SMTPException

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone, translation

from accounts.choices import FAILURES, TOLD, TOLD_TO_THE_OTHER, SecurityEventKind
from accounts.models import SecurityEvent, User
from accounts.queue import enqueue_security_email
from accounts.visitors import Visitor, visitor_of
from evosync.common import clock
from evosync.common.email import send_templated_email, site_url

# The operators' log has every event, whatever LOG_LEVEL is.
logger = logging.getLogger("security")

DETAIL_LENGTH = 254
# Failures of this time from one address are one row, and so many rows at most are added in it.
TOGETHER = timedelta(hours=1)
MOST_FAILURES = 20


def record_event(
    user: User, kind: SecurityEventKind, *, request: HttpRequest | None = None, detail: str = ""
) -> None:
    """Record that this has happened to the user's account, now and by the one who sends the request.

    `detail` is shown to the merchant: an address or a name, never a secret.
    """
    visitor = visitor_of(request)
    log_event(kind, user_id=user.pk, visitor=visitor)
    store_event(user, kind, visitor=visitor, detail=detail)


def store_event(user: User, kind: SecurityEventKind, *, visitor: Visitor, detail: str = "") -> None:
    """Record that this has happened, by this visitor; the log has it already."""
    if kind in FAILURES and _counted_with_another(user, kind, visitor):
        return
    event = SecurityEvent.objects.create(
        user=user, kind=kind, detail=detail[:DETAIL_LENGTH], ip=visitor.ip, user_agent=visitor.user_agent
    )
    if kind in TOLD:
        # What has happened has happened, also while the broker is away: the list and the log have it.
        transaction.on_commit(partial(enqueue_security_email, event.pk), robust=True)


def log_event(kind: SecurityEventKind, *, user_id: int | None, visitor: Visitor) -> None:
    """Write the event into the log alone, without an email address or a browser's name."""
    logger.info("security: %s, user %s, from %s", kind.value, user_id or "unknown", visitor.ip or "here")


def _counted_with_another(user: User, kind: SecurityEventKind, visitor: Visitor) -> bool:
    recent = SecurityEvent.objects.for_user(user).of_kind(kind, since=clock.now() - TOGETHER)
    row = recent.from_ip(visitor.ip).first()
    if row is None and recent.count() >= MOST_FAILURES:
        row = recent.first()
    if row is None:
        return False
    SecurityEvent.objects.filter(pk=row.pk).update(times=F("times") + 1)
    return True


def send_security_email(event: SecurityEvent) -> None:
    """Email the merchant about an event; about a change of address, the address that is not told yet."""
    user, kind = event.user, SecurityEventKind(event.kind)
    to = event.detail if kind in TOLD_TO_THE_OTHER else user.email
    send_event_email(
        to,
        language=user.language,
        kind=kind,
        detail=event.detail,
        visitor=Visitor(event.ip, event.user_agent),
    )


def send_event_email(
    to: str, *, language: str, kind: SecurityEventKind, detail: str, visitor: Visitor
) -> None:
    """Email somebody that this has happened to their account."""
    with translation.override(language):
        context = {
            "what": kind.label,
            "detail": detail,
            "timestamp": timezone.localtime(),
            "ip": visitor.ip or "",
            "user_agent": visitor.user_agent,
            "url": site_url("/profile/security/"),
        }
        send_templated_email(to, language=language, template="accounts/email/security", context=context)


def tell_of_closing(user: User, *, to: str, language: str, visitor: Visitor) -> None:
    """Record and email that the account was closed; its row may be gone already, with its list."""
    kind = SecurityEventKind.CLOSING
    is_kept = User.objects.filter(pk=user.pk).exists()
    log_event(kind, user_id=user.pk if is_kept else None, visitor=visitor)
    if is_kept:
        store_event(user, kind, visitor=visitor)
    try:
        send_event_email(to, language=language, kind=kind, detail="", visitor=visitor)
    except (SMTPException, OSError) as error:
        logger.warning("the email about a closed account was not sent: %s", type(error).__name__)
