"""What a run makes of VK's limits of one method: that kind of work is suspended, the others go on."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils.translation import gettext as _

from connections.clients.error_catalog import lookup
from connections.clients.errors import ClientError, Suspended
from connections.clients.service import Service
from connections.models import VkConnection
from connections.status import suspend_method
from evosync.common import clock
from evosync.common.times import format_time
from syncing.core.choices import Reason
from syncing.publishing.publisher import Publisher
from syncing.publishing.vk.methods import SUSPENSION_CODE
from syncing.services.planning import Planned


def suspended_methods(connection: VkConnection) -> Mapping[str, ClientError]:
    """Return the methods that VK takes no calls of now, each with the refusal that said so."""
    return {
        method: Suspended(Service.VK, code, method=method, only_method=True)
        for method, (code, _until) in connection.suspended_methods(clock.now()).items()
    }


def record_suspensions(connection: VkConnection, publisher: Publisher) -> None:
    """Remember which methods VK has just refused, so that no run asks again before the suspension ends."""
    known = set(map(id, publisher.suspended.values()))
    now = clock.now()
    for error in publisher.refusals:
        if isinstance(error, Suspended) and id(error) not in known:
            until = now + timedelta(seconds=error.pause_seconds)
            suspend_method(connection, error.method, until=until, code=error.code)


def suspension_message(
    connection: VkConnection, publisher: Publisher, planned: Planned
) -> tuple[str, str] | None:
    """Return the code and the sentence for a run that left a kind of work to a later one, else None."""
    skipped = [skip for skip in planned.plan.skipped if skip.reason == Reason.SUSPENDED]
    refused = next((error for error in publisher.refusals if isinstance(error, Suspended)), None)
    if refused is None and not skipped:
        return None
    suspended = connection.suspended_methods(clock.now()).values()
    code = refused.code if refused else next((code for code, _end in suspended), SUSPENSION_CODE)
    until = max((end for _code, end in suspended), default=clock.now())
    more = _("EvoSync goes on with this at %(time)s by itself; everything else is kept right meanwhile.")
    return str(code), f"{_(lookup(code).text)} {more % {'time': format_time(until)}}"
