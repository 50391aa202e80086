"""Goods that may have lost the mark that kept them out of VK, and who is asked about them.

A merchant with a shop in VK says yes to a run that asks. One who only has feeds has no run, so there each
of these goods waits for a decision about its name.
"""

from collections.abc import Callable
from functools import cache, partial

from accounts.models import User
from catalog.models import Product
from evosync.common import clock
from syncing.choices import ComputationKind
from syncing.core.lost_filters import REPLACED_WITHIN
from syncing.core.lost_marks import LostMarks
from syncing.core.records import ProductKey, SyncContext
from syncing.core.restricted_goods.verdicts import Basis, Restriction
from syncing.models import Computation, Listing
from syncing.services.catalog_states import community_of
from syncing.services.context import local_context

# What stands beside such a product where others have the word that made EvoSync unsure.
DETAIL = f"{Restriction.OTHER}:{Basis.LOST_MARK}:"


def perhaps_kept_out(user: User, whole_till: Callable[[], SyncContext]) -> frozenset[ProductKey]:
    """Return the goods that a run asks about before it shows them, but those that VK shows already.

    `whole_till` reads what is in the till and what has left it; it is called only where that matters.
    """
    since, mine = clock.now() - REPLACED_WITHIN, Product.objects.for_user(user)
    if not (mine.missing_after(since).exists() or mine.unmarked_after(since).exists()):
        return frozenset()
    shown = Listing.objects.for_user(user).in_community(community_of(user)).in_vk()
    keys = shown.values_list("store_evotor_id", "product_evotor_id")
    answered = {ProductKey(*pair) for pair in keys}
    return LostMarks(whole_till()).all() - answered


def to_be_decided(user: User) -> frozenset[ProductKey]:
    """Return the goods that no run asks about: single ones, and all where there is no shop in VK."""
    whole_till = cache(partial(local_context, user, with_gone=True))
    if not community_of(user):
        return perhaps_kept_out(user, whole_till)
    recent = Product.objects.for_user(user).unmarked_after(clock.now() - REPLACED_WITHIN)
    if not recent.of_other_type_before().exists():
        return frozenset()
    return perhaps_kept_out(user, whole_till) & LostMarks(whole_till()).single()


def waiting_for_decision(user: User | int) -> set[int]:
    """Return the row ids of those that a worker has found, of a merchant given as a user or an id."""
    found = Computation.objects.for_user(user).of_kind(ComputationKind.CATALOG)
    doubts = found.values_list("result__doubts", flat=True).first() or {}
    return {int(pk) for pk, detail in doubts.items() if detail == DETAIL}
