"""Where a product that neither filters nor rules leave out stands on its way to the shoppers."""

from dataclasses import dataclass
from enum import StrEnum

from syncing.core.records import Undone
from syncing.core.undone import keeps_hidden, stays_out


class Standing(StrEnum):
    """Where such a product stands. The values are stored in rows and stand in addresses."""

    IN_VK = "in_vk"
    # Nothing is missing: the next run shows it.
    NEXT_RUN = "next_run"
    # The last run found no room for it in VK.
    NO_ROOM = "no_room"
    # A plan that would show it waits for the merchant's yes.
    HELD = "held"
    # VK did not take it.
    REFUSED = "refused"
    # Too few are left: the rules hide it until new stock comes.
    SOLD_OUT = "sold_out"
    # The merchant has hidden its item in VK.
    HIDDEN = "hidden"
    # The merchant took back the run that showed it.
    KEPT_OUT = "kept_out"
    # The till has it twice, or has not told its group.
    WAITS = "waits"


# These are ready; those are not, and the merchant can do something about it. All else is as they want it.
READY = (Standing.IN_VK, Standing.NEXT_RUN)
UNREADY = (Standing.REFUSED, Standing.NO_ROOM, Standing.HELD)


@dataclass(frozen=True, slots=True)
class Appearance:
    """What is known of a product's item. `owns_hidden`: whether it is shown is the merchant's own choice."""

    is_shown: bool = False
    is_refused: bool = False
    owns_hidden: bool = False


NOWHERE = Appearance()


def standing_of(
    item: Appearance, undone: Undone | None, *, is_sold_out: bool, is_held: bool, must_wait: bool
) -> Standing:
    """Return where a product stands that is to be in VK.

    `is_sold_out`: the rules hide it for its stock; `is_held`: a plan that waits for a yes would show it;
    `must_wait`: other goods or its group decide first, unless it is shown already.
    """
    if item.owns_hidden:
        return Standing.IN_VK if item.is_shown else Standing.HIDDEN
    if stays_out(undone):
        return Standing.KEPT_OUT
    if keeps_hidden(undone, hidden=is_sold_out):
        return Standing.SOLD_OUT
    if item.is_shown:
        return Standing.IN_VK
    return _standing_outside(item, is_held=is_held, must_wait=must_wait)


def _standing_outside(item: Appearance, *, is_held: bool, must_wait: bool) -> Standing:
    if item.is_refused:
        return Standing.REFUSED
    if must_wait:
        return Standing.WAITS
    return Standing.HELD if is_held else Standing.NEXT_RUN
