"""Links that answer one list of held prices without a login: signed, for a day, and for one answer.

A link is bound to exactly the prices that waited when it was made, to the merchant's password and to where
it was sent: its signature is made from all of them. It works once, because a price that is answered waits
no more, and a price that waits again is another row than before.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.models import User
from evosync.common import clock
from evosync.common.email import site_url
from syncing.choices import ChannelKind
from syncing.models import PLAN_LASTS, HeldPrice
from syncing.services.decision_links import CLOCKS_DIFFER, holder_of
from syncing.services.held_prices import MARK_LENGTH, Verdict, waiting

# The merchant, the list's mark, the second at which it was signed, the channel, and the signature.
TOKEN = re.compile(r"([0-9]{1,18})-([0-9a-f]{16})-([0-9]{1,12})-([a-z_]{1,16})-([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class PriceDecision:
    """What a link is about: the prices that wait, all of them as they were when it was made."""

    user: User
    channel: ChannelKind
    rows: list[HeldPrice]
    mark: str


def address_of(user: User, rows: Iterable[HeldPrice], channel: str) -> str:
    """Return the link to answer these prices, as a whole address."""
    issued, mark = int(clock.now().timestamp()), _mark_of(rows)
    token = f"{user.pk}-{mark}-{issued}-{channel}-{_signature(user, mark, issued, channel)}"
    return site_url(reverse("syncing:decide_prices", args=[token]))


def find(token: str, *, now: datetime) -> PriceDecision | None:
    """Return what a link may answer now.

    None for one that is forged, used or too old, whose list is another one by now, whose merchant has left,
    or has since set another password or changed where such messages go.
    """
    found = TOKEN.fullmatch(token)
    if found is None or found[4] not in ChannelKind.values:
        return None
    user = User.objects.filter(pk=int(found[1]), is_active=True).first()
    if user is None:
        return None
    mark, issued = found[2], int(found[3])
    if not hmac.compare_digest(_signature(user, mark, issued, found[4]), found[5]):
        return None
    age = now - datetime.fromtimestamp(issued, tz=UTC)
    if age >= PLAN_LASTS or age.total_seconds() < -CLOCKS_DIFFER:
        return None
    rows = waiting(user)
    if not rows or _mark_of(rows) != mark:
        return None
    return PriceDecision(user, ChannelKind(found[4]), rows, mark)


def answer(decision: PriceDecision, verdict: str) -> int:
    """Answer all prices of the list; return how many, 0 where they are others by now."""
    with transaction.atomic():
        rows = waiting(decision.user, lock=True)
        if not rows or _mark_of(rows) != decision.mark:
            return 0
        HeldPrice.objects.filter(pk__in=[row.pk for row in rows]).update(
            verdict=Verdict(verdict), decided_at=clock.now()
        )
    return len(rows)


def _mark_of(rows: Iterable[HeldPrice]) -> str:
    # A price that is held again is a new row, so an old link does not know it.
    lines = sorted((row.pk, row.product_id, row.old_kopecks, row.new_kopecks) for row in rows)
    return hashlib.sha256(repr(lines).encode()).hexdigest()[:MARK_LENGTH]


def _signature(user: User, mark: str, issued: int, channel: str) -> str:
    value = f"{mark}:{issued}:{channel}:{holder_of(user, channel)}"
    return salted_hmac("syncing.price_link", value, algorithm="sha256").hexdigest()
