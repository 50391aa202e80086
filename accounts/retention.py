"""Deletes old rows of tables that grow with every visit: sessions, email keys, records of staff."""

from datetime import datetime, timedelta

from allauth.account.models import EmailConfirmation
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from accounts.models import SecurityEvent, SupportVisit
from accounts.sessions import hash_old_keys
from evosync.common.batching import delete_in_batches

# Visits of support and changes by staff are asked about long afterwards, and are few.
KEEP_RECORDS = timedelta(days=3 * 365)
KEEP_KEYS = timedelta(days=30)
KEEP_EVENTS = timedelta(days=365)
# A session that is being made has its row a moment after its entry in the merchant's list.
YOUNG = timedelta(days=1)


def prune_visits(now: datetime) -> dict[str, int]:
    """Delete ended sessions, old email keys, and staff's records of over three years.

    Keys of sessions that an older release stored in clear are hashed.
    """
    hashed = hash_old_keys()
    gone = UserSession.objects.filter(last_seen_at__lt=now - YOUNG).exclude(
        Exists(Session.objects.filter(session_key=OuterRef("session_key")))
    )
    return {
        "session_keys_hashed": hashed,
        "sessions": delete_in_batches(Session.objects.filter(expire_date__lt=now)),
        "user_sessions": delete_in_batches(gone),
        "email_keys": delete_in_batches(EmailConfirmation.objects.filter(created__lt=now - KEEP_KEYS)),
        "staff_actions": delete_in_batches(LogEntry.objects.filter(action_time__lt=now - KEEP_RECORDS)),
        "security_events": delete_in_batches(SecurityEvent.objects.older_than(now - KEEP_EVENTS)),
        "support_visits": delete_in_batches(SupportVisit.objects.older_than(now - KEEP_RECORDS)),
    }
