"""Leaves many goods out of VK, or lets them in again, by filters for single products."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.formats import localize
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product
from evosync.common.batching import chunks
from syncing.models import SyncConfig, SyncFilter
from syncing.services.bulk.records import ROWS_AT_ONCE, CannotChange, Change, Goods, changed_only
from syncing.services.settings import lock_config

Entity, Mode = SyncFilter.Entity, SyncFilter.Mode
# Every page that shows goods reads all filters.
MOST_LINES = 5_000

Lines = Mapping[str, SyncFilter]


class ListEnds(CannotChange):
    """No product would be chosen singly any more, so that all others would go to VK."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was changed: the list for VK would be empty, and so all other goods would go to VK. "
                "Choose others first, or remove the choices on the page of filters."
            )
        )


class ListBegins(CannotChange):
    """The first product would be chosen singly, so that all others would leave VK."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was changed: it would be the first product that is chosen for VK one by one, so all "
                "other goods would leave VK."
            )
        )


def leave_out(user: User, goods: Sequence[Goods]) -> Change:
    """Exclude these goods one by one.

    Raises CannotChange for more than can be listed singly, and for all that the merchant has listed.
    """
    return set_modes(user, dict.fromkeys((one.evotor_id for one in goods), Mode.EXCLUDE.value))


def put_in(user: User, goods: Sequence[Goods]) -> Change:
    """Let these goods in: where the merchant lists what goes to VK they join the list.

    Filters of stores and groups, and what VK forbids, stand.
    """
    with transaction.atomic():
        wanted = Mode.INCLUDE.value if is_list(modes_of(lock_config(user))) else None
        return set_modes(user, dict.fromkeys((one.evotor_id for one in goods), wanted))


def is_list(modes: Mapping[str, str | None]) -> bool:
    """Return True if the merchant lists singly what goes to VK, by the modes of their products."""
    return Mode.INCLUDE in modes.values()


def modes_of(config: SyncConfig) -> dict[str, str]:
    """Return the modes of the lines for single products, by Evotor's ids."""
    return _modes(_lines(config))


def set_modes(user: User, wanted: Mapping[str, str | None], *, may_end_list: bool = False) -> Change:
    """Give products these modes, None for no line.

    Raises CannotChange for too many lines, and where that would begin the merchant's list of what goes to VK,
    or end it: then all other goods leave VK or go there.
    """
    with transaction.atomic():
        config = lock_config(user)
        lines = _lines(config)
        change = changed_only(_modes(lines), wanted)
        _write(config, lines, change.after, may_end_list=may_end_list, may_begin_list=False)
    return change


def restore(user: User, change: Change) -> int:
    """Write back what stood before, where nobody has changed it since; return for how many goods.

    Raises CannotChange as `set_modes` does, but lets the list of before begin again.
    """
    with transaction.atomic():
        config = lock_config(user)
        lines = _lines(config)
        modes = _modes(lines)
        back = {key: mode for key, mode in change.before.items() if modes.get(key) == change.after[key]}
        _write(config, lines, back, may_end_list=False, may_begin_list=True)
    return len(back)


def _lines(config: SyncConfig) -> dict[str, SyncFilter]:
    return {row.entity_id: row for row in config.filters.filter(entity_type=Entity.PRODUCT)}


def _modes(lines: Lines) -> dict[str, str]:
    return {key: row.filter_mode for key, row in lines.items()}


def _write(
    config: SyncConfig,
    lines: Lines,
    wanted: Mapping[str, str | None],
    *,
    may_end_list: bool,
    may_begin_list: bool,
) -> None:
    """Write the modes, None for no line; a line that is followed by another goes with it."""
    both = {lines[key].follows: mode for key, mode in wanted.items() if key in lines and lines[key].follows}
    all_wanted = {**{key: mode for key, mode in both.items() if key in lines}, **wanted}
    was_list, stays_list = is_list(_modes(lines)), is_list(_modes(lines) | all_wanted)
    if was_list and not stays_list and not may_end_list:
        raise ListEnds
    if stays_list and not was_list and not may_begin_list:
        raise ListBegins
    missing = [key for key, mode in all_wanted.items() if mode and key not in lines]
    if len(lines) + len(missing) > MOST_LINES:
        raise CannotChange(
            _("At most %(most)s goods can be chosen one by one. Choose by group or store instead.")
            % {"most": localize(MOST_LINES)}
        )
    for mode in (None, *Mode.values):
        pks = [lines[key].pk for key, one in all_wanted.items() if one == mode and key in lines]
        for some in chunks(pks, ROWS_AT_ONCE):
            rows = config.filters.filter(pk__in=some)
            if mode is None:
                rows.delete()
            else:
                rows.update(filter_mode=mode)
    known = _known(config.user, missing)
    SyncFilter.objects.bulk_create(
        [
            SyncFilter(
                sync_config=config,
                entity_type=Entity.PRODUCT,
                entity_id=key,
                entity_name=known[key][0],
                parent_entity_id=known[key][1],
                filter_mode=all_wanted[key] or "",
            )
            for key in missing
            if key in known
        ],
        batch_size=ROWS_AT_ONCE,
    )


def _known(user: User, evotor_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return names and groups by Evotor's ids."""
    found: dict[str, tuple[str, str]] = {}
    for some in chunks(evotor_ids, ROWS_AT_ONCE):
        rows = Product.objects.for_user(user).filter(evotor_id__in=some)
        found |= {
            key: (name, group)
            for key, name, group in rows.values_list("evotor_id", "name", "group_evotor_id")
        }
    return found
