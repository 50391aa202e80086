"""How many goods are ready for VK, and what the others lack, with the list that shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import ngettext_lazy

from accounts.models import User
from catalog.models import Product
from syncing.core.choices import Reason
from syncing.core.readiness import READY, UNREADY, Standing
from syncing.models import Computation, SyncJob
from syncing.services.catalog_reasons import CatalogReasons
from syncing.services.catalog_states import Show, in_state

# What the merchant can do something about; the filters' and the law's "no" is no gap.
REPAIRABLE = (
    Reason.NO_CATEGORY,
    Reason.NO_PRICE,
    Reason.UNSURE,
    Reason.MAY_BE_KEPT_OUT,
    Reason.BAD_NAME,
    Reason.NOT_FOR_SALE,
)

# The plural goes by `n`; `number` is how the merchant writes it.
TEXTS: Mapping[str, Any] = {
    Reason.NO_CATEGORY: ngettext_lazy(
        "%(number)s without a VK category", "%(number)s without a VK category", "n"
    ),
    Reason.NO_PRICE: ngettext_lazy("%(number)s without a price", "%(number)s without a price", "n"),
    Reason.UNSURE: ngettext_lazy(
        "%(number)s may be forbidden in VK", "%(number)s may be forbidden in VK", "n"
    ),
    Reason.MAY_BE_KEPT_OUT: ngettext_lazy(
        "%(number)s that lost the mark of forbidden goods",
        "%(number)s that lost the mark of forbidden goods",
        "n",
    ),
    Reason.BAD_NAME: ngettext_lazy(
        "%(number)s without a usable name", "%(number)s without a usable name", "n"
    ),
    Reason.NOT_FOR_SALE: ngettext_lazy(
        "%(number)s that the till may not sell", "%(number)s that the till may not sell", "n"
    ),
    Standing.REFUSED: ngettext_lazy("%(number)s that VK refused", "%(number)s that VK refused", "n"),
    Standing.NO_ROOM: ngettext_lazy(
        "%(number)s that VK has no room for", "%(number)s that VK has no room for", "n"
    ),
    Standing.HELD: ngettext_lazy(
        "%(number)s in a run that waits for your yes", "%(number)s in a run that waits for your yes", "n"
    ),
    Standing.NEXT_RUN: ngettext_lazy(
        "%(number)s of them goes to VK with the next run",
        "%(number)s of them go to VK with the next run",
        "n",
    ),
    Standing.SOLD_OUT: ngettext_lazy(
        "%(number)s sold out and hidden by your rules", "%(number)s sold out and hidden by your rules", "n"
    ),
    Standing.HIDDEN: ngettext_lazy("%(number)s hidden by you in VK", "%(number)s hidden by you in VK", "n"),
    Standing.KEPT_OUT: ngettext_lazy("%(number)s whose run you undid", "%(number)s whose run you undid", "n"),
    Standing.WAITS: ngettext_lazy(
        "%(number)s twice in the till or of an unknown group",
        "%(number)s twice in the till or of an unknown group",
        "n",
    ),
    Show.BARE_IN_VK: ngettext_lazy(
        "%(number)s without a photo of yours", "%(number)s without a photo of yours", "n"
    ),
}
# Of what would go with the next run, while no run can begin.
CUT_OFF = ngettext_lazy(
    "%(number)s of them waits until VK follows the till again",
    "%(number)s of them wait until VK follows the till again",
    "n",
)
# Neither ready nor lacking anything.
ASIDES = (Standing.SOLD_OUT, Standing.HIDDEN, Standing.KEPT_OUT, Standing.WAITS)


@dataclass(frozen=True, slots=True)
class Gap:
    """What so many goods lack. `url` leads to exactly those goods."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """Goods that VK can show out of those that it could, as last counted.

    Of the ready ones `waiting` go there with the next run, as soon as one can begin. `asides` are goods
    that are neither, as the merchant wants it. What a click changed counts as soon as a worker has counted
    again.
    """

    ready: int
    total: int
    gaps: list[Gap]
    waiting: Gap | None = None
    asides: list[Gap] = field(default_factory=list)
    undecided: int = 0


def readiness(
    user: User,
    row: Computation | None,
    *,
    community: int,
    in_vk: int,
    last: SyncJob | None,
    is_cut_off: bool = False,
) -> Readiness | None:
    """Return the goods' readiness as a worker has counted it in `row`, None before there is anything to tell.

    Before the first count it is as the last run left it, with `in_vk` items that shoppers see. With
    `is_cut_off` no run can begin.
    """
    if row is not None and row.result and row.result.get("standings") is not None:
        found = _counted(CatalogReasons.from_json(row.result), is_cut_off=is_cut_off)
    else:
        found = _at_last_run(in_vk, last.skipped_by_reason if last else {})
    if not found.total:
        return None
    goods = Product.objects.for_user(user).present()
    # A photo of what VK never shows would be work for nothing.
    if bare := in_state(goods, Show.BARE_IN_VK, community).count():
        found.gaps.append(_gap(Show.BARE_IN_VK, bare, parameter="show"))
    return found


def _counted(reasons: CatalogReasons, *, is_cut_off: bool) -> Readiness:
    numbers = {one: reasons.number_of(one) for one in Standing}
    gaps = _gaps(reasons.counts()) | {one: numbers[one] for one in UNREADY if numbers[one]}
    ready = sum(numbers[one] for one in READY)
    waiting = numbers[Standing.NEXT_RUN]
    return Readiness(
        ready,
        ready + sum(gaps.values()),
        [_gap(reason, number) for reason, number in gaps.items()],
        waiting=_gap(Standing.NEXT_RUN, waiting, said=CUT_OFF if is_cut_off else None) if waiting else None,
        asides=[_gap(one, numbers[one]) for one in ASIDES if numbers[one]],
        undecided=len(reasons.doubts),
    )


def _at_last_run(in_vk: int, skipped: Mapping[str, int]) -> Readiness:
    gaps = _gaps(skipped)
    return Readiness(
        in_vk,
        in_vk + sum(gaps.values()),
        [_gap(reason, number) for reason, number in gaps.items()],
        # About goods without their mark a run may have asked instead.
        undecided=skipped.get(Reason.UNSURE, 0),
    )


def _gaps(skipped: Mapping[str, int]) -> dict[str, int]:
    return {reason: skipped[reason] for reason in REPAIRABLE if skipped.get(reason)}


def _gap(reason: str, number: int, *, parameter: str = "why", said: Any = None) -> Gap:
    text = (said or TEXTS[reason]) % {"n": number, "number": number_format(number)}
    return Gap(text, f"{reverse('catalog:list')}?{parameter}={reason}")
