"""The weekly digest: what the week brought, in a few lines."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Sum
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from evosync.common.email import site_url
from syncing.core.choices import Reason
from syncing.models import HeldPrice, SyncJob, SyncJobItem
from syncing.services.accuracy import accuracy_ratio
from syncing.services.notifications import Message

WEEK = timedelta(days=7)
# Until the end of Tuesday, so that a week of which nobody was told on Monday is not left out.
LAST_DAY, HOUR = 1, 9


def week_that_is_due(now: datetime, time_zone: str) -> str | None:
    """Return the name of the week that has ended where it is Monday morning or soon after, in this zone.

    From nine o'clock on, on Tuesday too.
    """
    local = now.astimezone(ZoneInfo(time_zone))
    if local.weekday() > LAST_DAY or local.hour < HOUR:
        return None
    year, week, _day = (local - WEEK).isocalendar()
    return f"{year}-{week:02}"


def message_of(user: User, *, now: datetime) -> Message:
    """Return the digest of the seven days before `now`, in the active language."""
    jobs = SyncJob.objects.for_user(user).finished_since(now - WEEK)
    new = jobs.aggregate(number=Sum("items_created"))["number"] or 0
    prices = SyncJobItem.objects.of_jobs(jobs).price_changes().count()
    ratio = accuracy_ratio(jobs)
    parts = [
        ngettext("%(n)s new product", "%(n)s new products", new) % {"n": localize(new)},
        ngettext("%(n)s price change", "%(n)s price changes", prices) % {"n": localize(prices)},
    ]
    if ratio is not None:
        # Not rounded up: 99.96 % is not all.
        parts.append(
            _("accuracy %(percent)s %%")
            % {"percent": localize(int(ratio * 1000) / 10 if ratio != 1 else 100)}
        )
    number, waiting = _what_waits(user)
    if number:
        parts.append(ngettext("%(n)s waits for you", "%(n)s wait for you", number) % {"n": localize(number)})
    lines = [", ".join(parts) + ".", *(waiting or [_("Nothing waits for you.")])]
    url = site_url(reverse("syncing:dashboard"))
    return Message(_("EvoSync: your week"), "\n".join([*lines, "", url]) + "\n", ((_("Open EvoSync"), url),))


def _what_waits(user: User) -> tuple[int, list[str]]:
    """Return how many things wait for the merchant now, and what they are, a line each."""
    jobs = SyncJob.objects.for_user(user)
    last = jobs.finished().newest().first()
    plans = jobs.awaiting_approval().count()
    prices = HeldPrice.objects.for_user(user).waiting().count()
    undecided = last.skipped_by_reason.get(Reason.UNSURE, 0) if last else 0
    refused = last.error_count if last else 0
    lines = []
    if plans:
        lines.append(_("A run waits for your answer."))
    if prices:
        text = ngettext("%(n)s price waits for your yes", "%(n)s prices wait for your yes", prices)
        lines.append(text % {"n": localize(prices)} + ".")
    if undecided:
        text = ngettext(
            "%(n)s product waits for your decision", "%(n)s products wait for your decision", undecided
        )
        lines.append(text % {"n": localize(undecided)} + ".")
    if refused:
        text = ngettext("VK refuses %(n)s product.", "VK refuses %(n)s products.", refused)
        lines.append(text % {"n": localize(refused)})
    return plans + prices + undecided + refused, lines
