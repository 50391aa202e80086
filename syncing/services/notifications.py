"""What merchants are told about runs: once when a trouble begins, once when it has ended by itself.

A trouble is a row, opened and closed by how runs end. `deliveries` hands it to the merchant's channels.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from connections.models import EvotorConnection, VkConnection
from evosync.common import clock
from evosync.common.email import render_templates, site_url
from evosync.common.kept_statements import has_rows
from syncing import queue
from syncing.choices import ChannelKind, JobCode
from syncing.core.choices import Reason
from syncing.models import AccountClosure, HeldPrice, Notification, ShopLimits, SyncJob
from syncing.models.notifications import QUIET
from syncing.services import decision_links, price_links
from syncing.services.held_prices import waiting
from syncing.services.labels import error_message, roubles
from syncing.services.safety_messages import sentence

Status, Trouble = SyncJob.Status, Notification.Trouble

FAILED_IN_A_ROW = 2
NAMES, GROUPS, MOST_READ = 5, 5, 2000


def record_outcome(job: SyncJob) -> None:
    """Open or close the merchant's notifications by how their run has ended."""
    if job.status == Status.SUCCESS and not _may_change(job):
        return
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
        case Status.FAILED if _is_worth_telling(job):
            _open(job, Trouble.FAILED)


def _may_change(job: SyncJob) -> bool:
    """Return True if a success has a trouble to tell, or one to end."""
    if job.held_prices or job.skipped_by_reason.get(Reason.LIMIT):
        return True
    return has_rows(_in_trouble, job.user_id)


def _in_trouble(user_id: int) -> QuerySet[User]:
    """Ask for a merchant who was told of a trouble, or in whose shop a group has no album."""
    mine = OuterRef("pk")
    without = ShopLimits.objects.filter(user=mine).exclude(without_album={})
    told = Notification.objects.filter(user=mine).open()
    return User.objects.filter(Exists(told) | Exists(without), pk=user_id)


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


def _is_worth_telling(job: SyncJob) -> bool:
    """Return True if runs fail again and again, and not for a connection, which has its own email."""
    ended = SyncJob.objects.for_user(job.user).finished().newest().exclude(status=Status.CANCELLED)
    if list(ended.values_list("status", flat=True)[:FAILED_IN_A_ROW]) != [Status.FAILED] * FAILED_IN_A_ROW:
        return False
    ends = (EvotorConnection.objects.for_user(job.user), VkConnection.objects.for_user(job.user))
    return all(rows.filter(is_online=True).exists() for rows in ends)


def _open(job: SyncJob, kind: str) -> None:
    now = clock.now()
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
        # What is still to be sent, and the page it leads to, are about the latest run.
        Notification.objects.filter(pk=notification.pk).update(job=job)


def _close_held_plan(job: SyncJob) -> None:
    """Close the question; a merchant who has answered it need not be told."""
    _close(job, Trouble.HELD_PLAN, tell=not job.approved_plan)


def _close(job: SyncJob, *kinds: str, tell: bool = True) -> None:
    now = clock.now()
    rows = Notification.objects.for_user(job.user).open().of_trouble(*kinds)
    if rows.update(open_key=None, closed_at=now, tell_end=tell, not_before=now) and tell:
        transaction.on_commit(queue.enqueue_notifications)


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel sends: plain text, with buttons (label and address) where the channel has any."""

    subject: str
    body: str
    buttons: tuple[tuple[str, str], ...] = ()


def message_of(notification: Notification, kind: str) -> Message:
    """Return what a channel of this kind says: that the trouble is there, or that it has ended."""
    user, job = notification.user, notification.job
    is_open = notification.open_key is not None
    with translation.override(user.language):
        context = _context(notification) | {"is_email": kind == ChannelKind.EMAIL}
        buttons = [(_("Open EvoSync"), str(context["url"]))]
        if is_open and notification.trouble == Trouble.HELD_PLAN and job is not None:
            context["decide_url"] = decision_links.address_of(job, kind)
            buttons.insert(0, (_("See the list and decide"), str(context["decide_url"])))
        if is_open and notification.trouble == Trouble.HELD_PRICES and (rows := waiting(user)):
            context |= _waiting_prices(rows)
            context["decide_url"] = price_links.address_of(user, rows, kind)
            buttons.insert(0, (_("See the list and decide"), str(context["decide_url"])))
    trouble = Trouble(notification.trouble).name.lower()
    template = f"syncing/email/{trouble if is_open else f'{trouble}_end'}"
    subject, body = render_templates(template, language=user.language, context=context)
    return Message(subject, body, tuple(buttons))


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
    """Return what is said, in the active language."""
    job = notification.job
    context: dict[str, Any] = {
        "job": job,
        "url": site_url(reverse("syncing:job", args=[job.pk]) if job else reverse("syncing:history")),
        "profile_url": site_url(reverse("syncing:notifications")),
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
    lines = [(name, old, new) for _, _, name, old, new in kept["lines"]]
    return _price_lines(lines, kept["number"]) | {"url": site_url(reverse("syncing:held_prices"))}


def _waiting_prices(rows: list[HeldPrice]) -> dict[str, Any]:
    """Return the same of the prices that wait now: some of the run's may have been answered meanwhile."""
    return _price_lines([(row.product.name, row.old_kopecks, row.new_kopecks) for row in rows], len(rows))


def _price_lines(lines: list[tuple[str, int, int]], number: int) -> dict[str, Any]:
    named = [(name, roubles(old), roubles(new)) for name, old, new in lines[:NAMES]]
    return {"held": named, "held_number": number, "held_more": number - len(named)}


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
