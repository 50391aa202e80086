"""Letters about runs: one when a trouble begins, one when it has ended by itself, never one an hour.

A trouble is a row, opened and closed by how runs end; whether a letter is due is read from the row, so
a lost message, a killed worker or a mail server that is away only makes it late.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from dramatiq.errors import BrokerError
from redis.exceptions import RedisError

from connections.models import EvotorConnection, VkConnection
from evosync.common.email import send_templated_email, site_url
from syncing.models import Farewell, Notice, SyncJob
from syncing.services.labels import error_message
from syncing.services.safety_messages import sentence

logger = logging.getLogger(__name__)

Status, Trouble = SyncJob.Status, Notice.Trouble

FAILED_IN_A_ROW = 2
# A trouble that comes back so soon after its letter is told only if it is still there by then.
QUIET = timedelta(hours=6)
# Whoever sends a letter has this long; a worker killed in the middle of it leaves it to the next.
CLAIM = timedelta(minutes=10)
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=5), timedelta(hours=6)
MOST_AT_ONCE = 500
# So many letters in a row that cannot be sent mean that the mail server is away.
MOST_FAILURES = 3
NAMES, GROUPS, MOST_READ = 5, 5, 2000


def note_run(job: SyncJob) -> None:
    """Open or close the merchant's notices by how his run has ended."""
    if Farewell.objects.of_job(job).exists():
        return
    match job.status:
        case Status.SUCCESS:
            _close(job, Trouble.FAILED, Trouble.ERRORS)
            _close_brake(job)
        case Status.PARTIAL:
            _close(job, Trouble.FAILED)
            _close_brake(job)
            _open(job, Trouble.ERRORS)
        case Status.NEEDS_APPROVAL:
            _close(job, Trouble.FAILED)
            _open(job, Trouble.BRAKE)
        case Status.FAILED if _is_worth_a_letter(job):
            _open(job, Trouble.FAILED)


def _is_worth_a_letter(job: SyncJob) -> bool:
    """Say whether runs fail again and again, and not for a connection: those have letters of their own."""
    ended = SyncJob.objects.for_user(job.user).finished().newest().exclude(status=Status.CANCELLED)
    if list(ended.values_list("status", flat=True)[:FAILED_IN_A_ROW]) != [Status.FAILED] * FAILED_IN_A_ROW:
        return False
    ends = (EvotorConnection.objects.for_user(job.user), VkConnection.objects.for_user(job.user))
    return all(rows.filter(is_online=True).exists() for rows in ends)


def _open(job: SyncJob, kind: str) -> None:
    now = timezone.now()
    told = Notice.objects.for_user(job.user).of_trouble(kind).told().values_list("sent_at", flat=True).first()
    values = {
        "user": job.user,
        "trouble": kind,
        "job": job,
        "opened_at": now,
        "not_before": max(now, told + QUIET) if told else now,
    }
    notice, opened = Notice.objects.get_or_create(open_key=f"{job.user_id}:{kind}", defaults=values)
    if opened:
        _nudge()
    else:
        # The letter that is still to be sent, and the page it leads to, are about the latest run.
        Notice.objects.filter(pk=notice.pk).update(job=job)


def _close_brake(job: SyncJob) -> None:
    """Close the question; who has answered it himself need not be told."""
    _close(job, Trouble.BRAKE, tell=not job.approved_plan)


def _close(job: SyncJob, *kinds: str, tell: bool = True) -> None:
    now = timezone.now()
    rows = Notice.objects.for_user(job.user).open().of_trouble(*kinds)
    if rows.update(open_key=None, closed_at=now, tell_end=tell, not_before=now, tries=0) and tell:
        _nudge()


def _nudge() -> None:
    """Have letters sent at once; without a broker the schedule sends them minutes later."""
    from syncing.tasks import send_notices

    def send() -> None:
        try:
            send_notices.send()
        except (RedisError, BrokerError, OSError):
            logger.warning("letters wait for the schedule: the broker is away")

    transaction.on_commit(send)


def deliver_due(now: datetime) -> int:
    """Send the letters that are due; return how many went out. Safe to be called by many at once."""
    sent = failures = 0
    rows = Notice.objects.due(now).select_related("user", "job").order_by("not_before", "pk")
    for notice in rows[:MOST_AT_ONCE]:
        if not _claim(notice, now):
            continue
        try:
            _send(notice)
        except (SMTPException, OSError) as error:
            # Its words may hold the address.
            logger.warning("notice %s could not be sent: %s", notice.pk, type(error).__name__)
            failures += 1
        except Exception:
            logger.exception("notice %s could not be written", notice.pk)
            failures += 1
        else:
            sent, failures = sent + 1, 0
            Notice.objects.filter(pk=notice.pk).update(
                **{"sent_at" if notice.open_key else "end_sent_at": timezone.now()}, tries=0
            )
            continue
        _put_off(notice, now)
        if failures == MOST_FAILURES:
            break
    return sent


def _claim(notice: Notice, now: datetime) -> bool:
    """Take the letter for this worker: of several that try, the row lets one through."""
    mine = Notice.objects.filter(pk=notice.pk, not_before=notice.not_before, open_key=notice.open_key)
    return bool(mine.update(not_before=now + CLAIM))


def _put_off(notice: Notice, now: datetime) -> None:
    delay = min(FIRST_RETRY * 2 ** min(notice.tries, 10), LONGEST_RETRY)
    Notice.objects.filter(pk=notice.pk).update(not_before=now + delay, tries=min(notice.tries + 1, 1000))


def _send(notice: Notice) -> None:
    user = notice.user
    with translation.override(user.language):
        context = _context(notice)
    kind = notice.trouble if notice.open_key else f"{notice.trouble}_end"
    send_templated_email(
        user.email, language=user.language, template=f"syncing/email/{kind}", context=context
    )


@dataclass(slots=True)
class Refusal:
    """Goods that VK refused for one reason: how many, the first names, what it means and what to do."""

    text: str
    next_step: str
    number: int = 0
    names: list[str] = field(default_factory=list)

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.number - len(self.names)


def _context(notice: Notice) -> dict[str, Any]:
    """Return what the letter says, in the active language."""
    job = notice.job
    context: dict[str, Any] = {
        "job": job,
        "url": site_url(reverse("syncing:job", args=[job.pk]) if job else reverse("syncing:history")),
        "profile_url": site_url(reverse("accounts:profile")),
    }
    if job is not None:
        context["trouble"] = (
            None if job.error_code == "brake" else error_message(job.error_code, job.error_detail)
        )
        context["questions"] = [sentence(*question) for question in job.questions]
        context["refusals"] = refusals_of(job)[:GROUPS]
    return context


def refusals_of(job: SyncJob) -> list[Refusal]:
    """Return what VK refused in a run, by reason, the commonest first."""
    found: dict[str, Refusal] = {}
    rows = job.items.failed().order_by("pk").values_list("product_name", "error_code", "error_text")
    for name, code, said in rows[:MOST_READ]:
        known = error_message(code, said)
        refusal = found.setdefault(
            code, Refusal(known.text if known else said, known.next_step if known else "")
        )
        refusal.number += 1
        if len(refusal.names) < NAMES:
            refusal.names.append(name)
    return sorted(found.values(), key=lambda refusal: -refusal.number)
