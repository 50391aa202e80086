"""How much of what merchants sell stands in VK as the till has it."""

from fractions import Fraction

from django.db.models import Sum

from syncing.models import SyncJob
from syncing.models.jobs import SyncJobQuerySet

Status = SyncJob.Status


def accuracy_ratio(finished: SyncJobQuerySet) -> Fraction | None:
    """Return the share of goods that agreed with the till after these runs, None where there were none.

    Unchanged goods agreed before; changed ones agree afterwards unless VK refused them.
    """
    sums = finished.of_outcome(Status.SUCCESS, Status.PARTIAL).aggregate(
        unchanged=Sum("items_unchanged"), done=Sum("done"), errors=Sum("error_count")
    )
    total = (sums["unchanged"] or 0) + (sums["done"] or 0)
    good = max(total - (sums["errors"] or 0), 0)
    return Fraction(good, total) if total else None
