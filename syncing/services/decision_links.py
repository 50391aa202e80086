"""Links that decide about one held plan without a login: signed, for a day, and for one decision.

A link is bound to the run, to the plan's fingerprint, to the merchant's password and to where it was sent:
its signature is made from all of them, so no secret of it is kept. It works once, because a plan that is
decided asks no more, and a later run that stops at the same plan is not opened by the links of the one
before.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.models import User
from evosync.common import clock
from evosync.common.email import site_url
from syncing.choices import ChannelKind, JobDecision, JobStatus
from syncing.models import PLAN_LASTS, NotificationChannel, SyncJob

# The run, the second at which it was signed, the channel, and the signature.
TOKEN = re.compile(r"([0-9]{1,18})-([0-9]{1,12})-([a-z_]{1,16})-([0-9a-f]{64})")
# Two hosts' clocks may differ so much.
CLOCKS_DIFFER = 60


@dataclass(frozen=True, slots=True)
class Decision:
    """What a link is about: the run that asks now, and the channel that brought the link."""

    job: SyncJob
    channel: ChannelKind


def address_of(job: SyncJob, channel: str) -> str:
    """Return the link to decide about a held plan, as a whole address."""
    issued = int(clock.now().timestamp())
    token = f"{job.pk}-{issued}-{channel}-{_signature(job, issued, channel)}"
    return site_url(reverse("syncing:decide", args=[token]))


def find(token: str, *, now: datetime) -> Decision | None:
    """Return what a link may decide now.

    None for one that is forged, used or too old, whose plan is no longer what is asked about, whose merchant
    has left, or has since set another password or changed where such messages go.
    """
    found = TOKEN.fullmatch(token)
    if found is None or found[3] not in ChannelKind.values:
        return None
    job = SyncJob.objects.select_related("user").filter(pk=int(found[1])).first()
    if job is None or not job.plan_hash or not job.user.is_active:
        return None
    if not hmac.compare_digest(_signature(job, int(found[2]), found[3]), found[4]):
        return None
    age = now - datetime.fromtimestamp(int(found[2]), tz=UTC)
    if age >= PLAN_LASTS or age.total_seconds() < -CLOCKS_DIFFER:
        return None
    asking = _asking(job)
    return Decision(asking, ChannelKind(found[3])) if asking else None


def _asking(job: SyncJob) -> SyncJob | None:
    """Return the run that asks about exactly this plan: the job, or a later one that has replaced it."""
    if SyncJob.objects.decided_like(job).exists():
        return None
    if job.status != JobStatus.NEEDS_APPROVAL:
        newest = (
            SyncJob.objects.for_user(job.user).awaiting_approval().newest().select_related("user").first()
        )
        if newest is None or job.decision != JobDecision.REPLACED or newest.plan_hash != job.plan_hash:
            return None
        job = newest
    return None if job.is_expired else job


def holder_of(user: User, channel: str) -> str:
    """Return what a link of this channel is bound to besides its subject: the login, and who gets messages.

    The session's hash changes with the password, with the factors, and where all devices are logged out. A
    link in a mailbox, chat or browser that was the merchant's yesterday decides nothing today.
    """
    keys = NotificationChannel.objects.for_user(user).of_kind(channel).values_list("key", flat=True)
    return ":".join([str(user.pk), user.get_session_auth_hash(), user.email, *sorted(keys)])


def _signature(job: SyncJob, issued: int, channel: str) -> str:
    value = f"{job.pk}:{job.plan_hash}:{issued}:{channel}:{holder_of(job.user, channel)}"
    return salted_hmac("syncing.decision_link", value, algorithm="sha256").hexdigest()
