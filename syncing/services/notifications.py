"""Emails about runs: one when a trouble begins, one when it has ended by itself, never one an hour.

A trouble is a row, opened and closed by how runs end; whether an email is due is read from the row, so
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

from accounts.models import User
from connections.models import EvotorConnection, VkConnection
from evosync.common.email import send_templated_email, site_url
from syncing import queue
from syncing.choices import JobCode
from syncing.core.choices import Reason
from syncing.models import AccountClosure, Notification, ShopLimits, SyncJob
from syncing.services.labels import error_message, roubles
from syncing.services.safety_messages import sentence

logger = logging.getLogger(__name__)

Status, Trouble = SyncJob.Status, Notification.Trouble

FAILED_IN_A_ROW = 2
# A trouble that comes back so soon after its email is told only if it is still there by then.
QUIET = timedelta(hours=6)
# A worker that sends an email has this long; one killed in the middle of it leaves it to the next.
CLAIM = timedelta(minutes=10)
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=5), timedelta(hours=6)
MOST_AT_ONCE = 500
# So many emails in a row that cannot be sent mean that the mail server is away.
MOST_FAILURES = 3
NAMES, GROUPS, MOST_READ = 5, 5, 2000


def record_outcome(job: SyncJob) -> None:
    """Open or close the merchant's notifications by how their run has ended."""
    if AccountClosure.objects.of_job(job).exists():
        return
    match job.status:
        case Status.SUCCESS:
            _record_held_prices(job)
            _close(job, Trouble.FAILED, Trouble.ERRORS)
            _close_held_plan(job)
            _record_limits(job)
        case Status.PARTIAL:
            _record_held_prices(job)
            _close(job, Trouble.FAILED)
            _close_held_plan(job)
            _open(job, Trouble.ERRORS)
            _record_limits(job)
        case Status.NEEDS_APPROVAL:
            _close(job, Trouble.FAILED)
            _open(job, Trouble.HELD_PLAN)
        case Status.FAILED if _is_worth_an_email(job):
            _open(job, Trouble.FAILED)


def _record_held_prices(job: SyncJob) -> None:
    """Tell the merchant once that new prices wait for their yes; that none does any more they know."""
    if job.held_prices:
        _open(job, Trouble.HELD_PRICES)
    else:
        _close(job, Trouble.HELD_PRICES, tell=False)


def _record_limits(job: SyncJob) -> None:
    """Tell the merchant once that VK has no room for some products or for the albums of some groups."""
    if job.skipped_by_reason.get(Reason.LIMIT) or without_album(job.user):
        _open(job, Trouble.LIMITS)
    else:
        _close(job, Trouble.LIMITS)


def without_album(user: User) -> dict[str, int]:
    """Return the groups that VK has no room for an album of, each with the number of its products."""
    connection = VkConnection.objects.for_user(user).first()
    if connection is None or connection.group_id is None:
        return {}
    row = ShopLimits.objects.of_shop(user, connection.group_id)
    return dict(row.without_album) if row else {}


def _is_worth_an_email(job: SyncJob) -> bool:
    """Return True if runs fail again and again, and not for a connection, which has its own email."""
    ended = SyncJob.objects.for_user(job.user).finished().newest().exclude(status=Status.CANCELLED)
    if list(ended.values_list("status", flat=True)[:FAILED_IN_A_ROW]) != [Status.FAILED] * FAILED_IN_A_ROW:
        return False
    ends = (EvotorConnection.objects.for_user(job.user), VkConnection.objects.for_user(job.user))
    return all(rows.filter(is_online=True).exists() for rows in ends)


def _open(job: SyncJob, kind: str) -> None:
    now = timezone.now()
    told = (
        Notification.objects.for_user(job.user)
        .of_trouble(kind)
        .told()
        .values_list("sent_at", flat=True)
        .first()
    )
    values = {
        "user": job.user,
        "trouble": kind,
        "job": job,
        "opened_at": now,
        "not_before": max(now, told + QUIET) if told else now,
    }
    notification, opened = Notification.objects.get_or_create(
        open_key=f"{job.user_id}:{kind}", defaults=values
    )
    if opened:
        transaction.on_commit(queue.enqueue_notifications)
    else:
        # The email that is still to be sent, and the page it leads to, are about the latest run.
        Notification.objects.filter(pk=notification.pk).update(job=job)


def _close_held_plan(job: SyncJob) -> None:
    """Close the question; a merchant who has answered it need not be told."""
    _close(job, Trouble.HELD_PLAN, tell=not job.approved_plan)


def _close(job: SyncJob, *kinds: str, tell: bool = True) -> None:
    now = timezone.now()
    rows = Notification.objects.for_user(job.user).open().of_trouble(*kinds)
    if rows.update(open_key=None, closed_at=now, tell_end=tell, not_before=now, tries=0) and tell:
        transaction.on_commit(queue.enqueue_notifications)


def send_due(now: datetime) -> int:
    """Send the emails that are due; return how many went out. Safe to be called by many at once."""
    sent = failures = 0
    rows = Notification.objects.due(now).select_related("user", "job").order_by("not_before", "pk")
    for notification in rows[:MOST_AT_ONCE]:
        if not _claim(notification, now):
            continue
        try:
            _send(notification)
        except (SMTPException, OSError) as error:
            # Its words may hold the address.
            logger.warning("notification %s could not be sent: %s", notification.pk, type(error).__name__)
            failures += 1
        except Exception:
            logger.exception("notification %s could not be written", notification.pk)
            failures += 1
        else:
            sent, failures = sent + 1, 0
            Notification.objects.filter(pk=notification.pk).update(
                **{"sent_at" if notification.open_key else "end_sent_at": timezone.now()}, tries=0
            )
            continue
        _put_off(notification, now)
        if failures == MOST_FAILURES:
            break
    return sent


def _claim(notification: Notification, now: datetime) -> bool:
    """Claim the email for this worker: of several that try, the row lets one through."""
    mine = Notification.objects.filter(
        pk=notification.pk, not_before=notification.not_before, open_key=notification.open_key
    )
    return bool(mine.update(not_before=now + CLAIM))


def _put_off(notification: Notification, now: datetime) -> None:
    delay = min(FIRST_RETRY * 2 ** min(notification.tries, 10), LONGEST_RETRY)
    Notification.objects.filter(pk=notification.pk).update(
        not_before=now + delay, tries=min(notification.tries + 1, 1000)
    )


def _send(notification: Notification) -> None:
    user = notification.user
    with translation.override(user.language):
        context = _context(notification)
    trouble = Trouble(notification.trouble).name.lower()
    template = f"syncing/email/{trouble if notification.open_key else f'{trouble}_end'}"
    send_templated_email(user.email, language=user.language, template=template, context=context)


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


def _context(notification: Notification) -> dict[str, Any]:
    """Return what the email says, in the active language."""
    job = notification.job
    context: dict[str, Any] = {
        "job": job,
        "url": site_url(reverse("syncing:job", args=[job.pk]) if job else reverse("syncing:history")),
        "profile_url": site_url(reverse("accounts:profile")),
    }
    if job is not None:
        context["trouble"] = (
            None if job.error_code == JobCode.PLAN_HELD else error_message(job.error_code, job.error_detail)
        )
        context["questions"] = [sentence(*question) for question in job.questions]
        if notification.trouble == Trouble.LIMITS:
            groups = without_album(notification.user)
            context["no_room"] = job.skipped_by_reason.get(Reason.LIMIT, 0)
            context["groups"], context["more_groups"] = list(groups)[:NAMES], max(0, len(groups) - NAMES)
        context["refusals"] = refusals_of(job)[:GROUPS]
        if notification.trouble == Trouble.HELD_PRICES:
            context |= _held_prices(job)
    return context


def _held_prices(job: SyncJob) -> dict[str, Any]:
    """Return the prices that wait, as lines of the email: name, price in VK, new price."""
    kept = job.held_prices or {"number": 0, "lines": []}
    lines = [(name, roubles(old), roubles(new)) for _, _, name, old, new in kept["lines"][:NAMES]]
    return {
        "held": lines,
        "held_number": kept["number"],
        "held_more": kept["number"] - len(lines),
        "url": site_url(reverse("syncing:held_prices")),
    }


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
