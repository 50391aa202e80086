"""What only the operator can fix: told to staff once, shown to them until it is fixed.

Merchants' runs wait meanwhile. None of their connections goes offline, and they get no email.
"""

import logging
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from connections.choices import SERVICE_LABELS
from connections.clients.errors import ClientError, OperatorActionRequired
from connections.clients.service import Service
from connections.models import OperatorAlert
from connections.queue import enqueue_operator_alert
from evosync.common import clock
from evosync.common.email import send_templated_email, site_url
from evosync.common.kept_statements import has_rows

log = logging.getLogger(__name__)

# Every connection is asked more often than this, so what was not seen for so long is over.
STALE_AFTER = timedelta(hours=2)


def report(error: ClientError) -> None:
    """Open an alert, or note that it is still so; do nothing for an error of another kind."""
    if not isinstance(error, OperatorActionRequired):
        return
    now = clock.now()
    with transaction.atomic():
        alert, is_new = OperatorAlert.objects.select_for_update().get_or_create(
            code=error.code,
            host=error.host,
            defaults={"detail": error.text[:500], "opened_at": now, "last_seen_at": now},
        )
        is_opened = is_new or alert.resolved_at is not None
        if is_opened:
            alert.opened_at, alert.resolved_at, alert.detail = now, None, error.text[:500]
            transaction.on_commit(partial(enqueue_operator_alert, alert.pk))
        alert.last_seen_at = now
        alert.save()
    if is_opened:
        log.error("%s: %s. Runs wait until the operator has fixed it.", error.code, error.text)


def resolve_for(service: Service, *, now: datetime) -> None:
    """Close the alerts about this service's API, which has just answered."""
    urls = (
        (settings.VK_API_URL, settings.VK_API_FALLBACK_URL)
        if service == Service.VK
        else (settings.EVOTOR_API_URL,)
    )
    if not has_rows(_open_alerts):
        return
    hosts = [urlsplit(url).hostname or "" for url in urls if url]
    # An alert without a host is about our own file of certificates.
    if OperatorAlert.objects.open().of_service(service).of_hosts(["", *hosts]).update(resolved_at=now):
        log.warning("%s can be reached again; the runs that waited go on.", service.value)


def _open_alerts() -> QuerySet[OperatorAlert]:
    """Ask for any alert: that there is none is the rule, and said without taking a lock."""
    return OperatorAlert.objects.open()


def resolve_stale(*, now: datetime) -> None:
    """Close the alerts that were not seen for two hours: hosts that only a login or an upload asks."""
    OperatorAlert.objects.open().unseen_since(now - STALE_AFTER).update(resolved_at=now)


def send_operator_alert(alert: OperatorAlert) -> None:
    """Email the operators, or all staff where none are named; each in their language."""
    for address, language in _recipients():
        send_templated_email(
            address,
            language=language,
            template="connections/email/operator_alert",
            context={
                "service": SERVICE_LABELS[alert.service],
                "detail": alert.detail,
                "code": alert.code,
                "url": site_url("/admin/"),
            },
        )


def _recipients() -> list[tuple[str, str]]:
    if settings.OPERATOR_EMAILS:
        return [(address, settings.LANGUAGE_CODE) for address in settings.OPERATOR_EMAILS]
    return list(User.objects.filter(is_staff=True, is_active=True).values_list("email", "language"))
