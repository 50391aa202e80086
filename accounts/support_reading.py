"""What staff read of merchants' goods in the admin, recorded for the merchant's own list of events."""

from collections.abc import Collection

from django.db.models import F
from django.utils import timezone

from accounts.choices import SecurityEventKind
from accounts.models import SecurityEvent, User


def record_reading(staff: User, merchant_ids: Collection[int]) -> None:
    """Record that a member of staff has read about these merchants' goods: one row a person and day.

    The merchant sees who it was, and how many pages it were.
    """
    merchants = set(merchant_ids) - {staff.pk}
    if not merchants:
        return
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    known = SecurityEvent.objects.readings_by(staff, of=merchants, since=today)
    rows = dict(known.values_list("user_id", "pk"))
    SecurityEvent.objects.filter(pk__in=rows.values()).update(times=F("times") + 1)
    SecurityEvent.objects.bulk_create(
        SecurityEvent(user_id=pk, kind=SecurityEventKind.SUPPORT_READ, detail=staff.email)
        for pk in sorted(merchants - rows.keys())
    )
