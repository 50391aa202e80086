"""Finds whether a table may be older than what the merchant has changed since in EvoSync."""

from datetime import UTC, datetime

from accounts.choices import SecurityEventKind
from accounts.models import SecurityEvent, User
from syncing.models import TableExport, TableImport
from syncing.services.bulk.undo import LastChange, last_changes
from syncing.services.tables.exports import is_written_at_once


def later_change(table: TableImport) -> LastChange | None:
    """Return the last change of many goods before the upload, None with a newer download or without one.

    A file says nothing of when it was written, so this is a guess by what the merchant has downloaded.
    """
    uploaded = table.created_at.timestamp()
    last = next((one for one in last_changes(table.user) if one.at <= uploaded), None)
    if last is None or _has_download(table.user, since=datetime.fromtimestamp(last.at, UTC)):
        return None
    return last


def _has_download(user: User, *, since: datetime) -> bool:
    if is_written_at_once(user):
        events = SecurityEvent.objects.for_user(user)
        return events.of_kind(SecurityEventKind.GOODS_EXPORTED, since=since).exists()
    return TableExport.objects.for_user(user).made_since(since).exists()
