"""Where goods stand that are to be in VK, and which of them are ready."""

import pytest

from syncing.core.readiness import NOWHERE, READY, UNREADY, Appearance, Standing, standing_of
from syncing.core.records import Undone

SHOWN = Appearance(is_shown=True)
TAKEN_OUT = Undone(kept={"hidden": True}, instead_of={"hidden": False})
SHOWN_AGAIN = Undone(kept={"hidden": False}, instead_of={"hidden": True})
OTHER_PRICE = Undone(kept={"price_kopecks": 100}, instead_of={"price_kopecks": 200})


def standing(
    item: Appearance = NOWHERE,
    undone: Undone | None = None,
    *,
    is_sold_out: bool = False,
    is_held: bool = False,
    must_wait: bool = False,
) -> Standing:
    return standing_of(item, undone, is_sold_out=is_sold_out, is_held=is_held, must_wait=must_wait)


def test_what_shoppers_see_and_what_lacks_nothing_is_ready() -> None:
    assert standing(SHOWN) is Standing.IN_VK
    assert standing() is Standing.NEXT_RUN
    assert {Standing.IN_VK, Standing.NEXT_RUN} == set(READY)


def test_what_vk_refused_or_has_no_room_for_or_a_held_plan_would_show_is_not_ready() -> None:
    assert standing(Appearance(is_refused=True)) is Standing.REFUSED
    assert standing(is_held=True) is Standing.HELD
    assert {Standing.REFUSED, Standing.NO_ROOM, Standing.HELD} == set(UNREADY)


def test_a_held_plan_and_equal_goods_do_not_matter_to_what_is_shown() -> None:
    assert standing(SHOWN, is_held=True, must_wait=True) is Standing.IN_VK


def test_what_must_wait_is_not_promised_for_the_next_run() -> None:
    assert standing(must_wait=True) is Standing.WAITS
    assert standing(must_wait=True, is_held=True) is Standing.WAITS


@pytest.mark.parametrize("item", [NOWHERE, SHOWN, Appearance(is_refused=True)])
def test_what_the_rules_hide_when_sold_out_counts_so_at_once(item: Appearance) -> None:
    assert standing(item, is_sold_out=True) is Standing.SOLD_OUT


def test_what_the_merchant_hid_in_vk_is_as_they_want_it() -> None:
    assert standing(Appearance(owns_hidden=True)) is Standing.HIDDEN
    assert standing(Appearance(owns_hidden=True), is_sold_out=True) is Standing.HIDDEN


def test_what_the_merchant_showed_by_hand_is_in_vk() -> None:
    shown = Appearance(is_shown=True, owns_hidden=True)
    assert standing(shown, TAKEN_OUT, is_sold_out=True) is Standing.IN_VK


def test_what_an_undo_took_out_stays_out() -> None:
    assert standing(undone=TAKEN_OUT) is Standing.KEPT_OUT
    assert standing(SHOWN, TAKEN_OUT) is Standing.KEPT_OUT
    assert standing(undone=TAKEN_OUT, is_sold_out=True) is Standing.KEPT_OUT


def test_an_undone_hiding_and_other_undone_values_leave_it_ready() -> None:
    assert standing(SHOWN, SHOWN_AGAIN, is_sold_out=True) is Standing.IN_VK
    assert standing(undone=OTHER_PRICE) is Standing.NEXT_RUN
