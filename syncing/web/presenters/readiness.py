"""How many goods are ready for VK, and what the others lack, with the list that shows it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import User
from catalog.models import Product
from syncing.choices import ComputationKind
from syncing.core.choices import Reason
from syncing.jobs import computations
from syncing.models import SyncJob
from syncing.services.catalog_reasons import CatalogReasons
from syncing.services.catalog_states import Show, in_state

# What the merchant can do something about; the filters' and the law's "no" is no gap.
REPAIRABLE = (Reason.NO_CATEGORY, Reason.NO_PRICE, Reason.UNSURE, Reason.BAD_NAME, Reason.NOT_FOR_SALE)


@dataclass(frozen=True, slots=True)
class Gap:
    """What so many goods lack. `url` leads to exactly those goods."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """Goods that VK can show out of those that it could, as last counted."""

    ready: int
    total: int
    gaps: list[Gap]


def left_out(user: User, last: SyncJob | None) -> Mapping[str, int]:
    """Return how many goods are out by reason, as the last run planned or the catalogue shows them since."""
    counted = computations.find(user, ComputationKind.CATALOG)
    planned_at = last.finished_at if last else None
    if (
        counted
        and counted.computed_at
        and counted.result
        and not (planned_at and planned_at > counted.computed_at)
    ):
        return CatalogReasons.from_json(counted.result).counts()
    return last.skipped_by_reason if last else {}


def readiness(user: User, *, community: int, in_vk: int, skipped: Mapping[str, int]) -> Readiness | None:
    """Return the goods' readiness, None before there is anything to tell.

    `in_vk` counts the community's items, `skipped` are the reasons with their numbers.
    """
    lacking = {reason: skipped[reason] for reason in REPAIRABLE if skipped.get(reason)}
    total = in_vk + sum(lacking.values())
    if not total:
        return None
    gaps = [Gap(_text(reason, number), _url(reason)) for reason, number in lacking.items()]
    goods = Product.objects.for_user(user).present()
    # A photo of what VK never shows would be work for nothing.
    if bare := in_state(goods, Show.BARE_IN_VK, community).count():
        text = ngettext("%(n)d without a photo of yours", "%(n)d without a photo of yours", bare)
        gaps.append(Gap(text % {"n": bare}, f"{reverse('catalog:list')}?show={Show.BARE_IN_VK}"))
    return Readiness(in_vk, total, gaps)


def _url(reason: Reason) -> str:
    return f"{reverse('catalog:list')}?why={reason}"


def _text(reason: Reason, number: int) -> str:
    match reason:
        case Reason.NO_CATEGORY:
            text = ngettext("%(n)d without a VK category", "%(n)d without a VK category", number)
        case Reason.NO_PRICE:
            text = ngettext("%(n)d without a price", "%(n)d without a price", number)
        case Reason.UNSURE:
            text = ngettext("%(n)d may be forbidden in VK", "%(n)d may be forbidden in VK", number)
        case Reason.BAD_NAME:
            text = ngettext("%(n)d without a usable name", "%(n)d without a usable name", number)
        case _:
            text = ngettext("%(n)d that the till may not sell", "%(n)d that the till may not sell", number)
    return text % {"n": number}
