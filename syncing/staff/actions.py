"""What staff may do for a merchant: each action calls one service and returns a message with the result."""

from allauth.account.models import EmailAddress
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.tasks import refresh_catalog_for_user
from connections.clients.service import Service
from connections.queue import enqueue_connection_check
from syncing.jobs.lifecycle import request_sync
from syncing.models import SyncJob
from syncing.services.errors import CannotSync
from syncing.services.settings import rules_of, set_enabled


def run(user: User) -> str:
    """Request a job. Raises CannotSync where a service is not connected, and before the first run."""
    _check_confirmed(user)
    job = request_sync(user, trigger=SyncJob.Trigger.ADMIN)
    return _("Run #%(id)d was asked for.") % {"id": job.pk}


def refresh(user: User) -> str:
    """Enqueue a refresh of the catalogue; nothing in VK changes."""
    refresh_catalog_for_user.send(user.pk)
    return _("The till is being read. VK stays as it is.")


def check(user: User) -> str:
    """Enqueue health checks of both connections."""
    for service in Service:
        enqueue_connection_check(service, user.pk)
    return _("Both connections are being checked. The result is in the health history in a few seconds.")


def pause(user: User) -> str:
    """Switch the hourly sync off."""
    set_enabled(user, enabled=False)
    if SyncJob.objects.active().for_user(user).exists():
        return _("The sync is switched off. The run that has begun goes on to its end, or until you stop it.")
    return _("The sync is switched off. VK stays as it is.")


def resume(user: User) -> str:
    """Switch the hourly sync on again. Raises CannotSync where the merchant never switched it on."""
    _check_confirmed(user)
    set_enabled(user, enabled=True)
    return _("The sync is switched on.")


def _check_confirmed(user: User) -> None:
    if rules_of(user).confirmed_at is None:
        raise CannotSync(
            "unconfirmed",
            _("The merchant has not confirmed the first run yet, and nobody else can. Nothing was done."),
        )


def resend_confirmation(user: User, request: HttpRequest) -> str:
    """Send the confirmation email again, unless the address is verified."""
    address = EmailAddress.objects.get_primary(user) or EmailAddress.objects.add_email(
        request, user, user.email
    )
    if address.verified:
        return _("The address is verified already; no email was sent.")
    address.send_confirmation(request)
    return _("The confirmation email was sent again.")
