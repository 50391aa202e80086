"""Emails to the merchant about connections, in their language."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from connections.choices import SERVICE_LABELS, NotificationKind
from connections.clients.error_catalog import VkError, lookup
from connections.clients.service import Service
from evosync.common.email import send_templated_email, site_url


def send_notification(user: User, *, service: Service, kind: NotificationKind, code: str) -> None:
    """Send one plain email: a connection is lost, is back, may be used, or somebody tried to take it over.

    `code` is the error that explains it. A merchant who wants no notifications still gets those about
    attempts to take their till.
    """
    if not user.wants_notifications and kind != NotificationKind.ATTEMPT:
        return
    with translation.override(user.language):
        row = lookup(code) if code else None
        context = {
            "service": SERVICE_LABELS[service],
            "text": _(row.text) if row else "",
            "next_step": _(row.next_step) if row and row.next_step else "",
            "needs_login": code == VkError.RIGHTS_CHANGED,
            "url": site_url(reverse(settings.CONNECTIONS_URL)),
        }
    send_templated_email(
        user.email, language=user.language, template=f"connections/email/{kind.value}", context=context
    )
