"""Support visits: the merchant allows them for a day, staff read for half an hour and change nothing."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accounts.choices import SecurityEventKind
from accounts.models import SUPPORT_CONSENT, SupportVisit, User
from accounts.security_events import record_event
from evosync.common import clock

# How long one visit lasts at most.
VISIT = timedelta(minutes=30)


class ImpersonationDenied(Exception):
    """The visit was not started; the message says why and what to do."""


def allow_support(user: User, *, now: datetime) -> datetime:
    """Allow support visits for a day; return until when."""
    user.support_until = now + SUPPORT_CONSENT
    user.save(update_fields=["support_until", "updated_at"])
    return user.support_until


def forbid_support(user: User, *, now: datetime) -> None:
    """Withdraw the consent; a visit that is open ends."""
    user.support_until = None
    user.save(update_fields=["support_until", "updated_at"])
    SupportVisit.objects.for_merchant(user).unended().update(ended_at=now)


def is_support_allowed(user: User, *, now: datetime) -> bool:
    """Return True if the merchant's consent holds."""
    return clock.is_before(user.support_until, now, longest=SUPPORT_CONSENT)


def start_visit(staff: User, *, merchant: User, now: datetime) -> SupportVisit:
    """Start a visit to a merchant's pages and record it. Raises ImpersonationDenied."""
    if merchant.is_staff or merchant.is_superuser or not merchant.is_active:
        raise ImpersonationDenied(_("Only the pages of active merchants can be looked at."))
    until = merchant.support_until
    if until is None or not is_support_allowed(merchant, now=now):
        raise ImpersonationDenied(
            _(
                "The merchant has not allowed it. Ask them to switch on “Support may look” in their profile; "
                "it lasts a day."
            )
        )
    SupportVisit.objects.by_staff(staff).unended().update(ended_at=now)
    record_event(merchant, SecurityEventKind.SUPPORT_VISIT, detail=staff.email)
    return SupportVisit.objects.create(
        staff=staff,
        staff_email=staff.email,
        merchant=merchant,
        started_at=now,
        ends_at=min(now + VISIT, until),
    )


def find_visit(pk: int, *, staff: User, now: datetime) -> SupportVisit | None:
    """Return this person's visit if it is still open and the merchant still allows it."""
    if not staff.is_staff or not staff.has_perm("accounts.look_as_merchant"):
        return None
    visits = SupportVisit.objects.by_staff(staff).open(now).select_related("merchant")
    return visits.filter(pk=pk).first()


def end_visit(pk: int, *, staff: User, now: datetime) -> None:
    """Record the end of a visit; one that has ended keeps its time."""
    SupportVisit.objects.by_staff(staff).unended().filter(pk=pk).update(ended_at=now)
