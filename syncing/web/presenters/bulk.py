"""The page that asks before many goods are changed, and what is said afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.formats import localize
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from syncing.choices import BulkAction, ComputationKind
from syncing.core.choices import Reason
from syncing.jobs import computations
from syncing.services.bulk.decisions import unsure_goods
from syncing.services.bulk.give_back import changed_goods
from syncing.services.bulk.records import Change, Goods
from syncing.services.bulk.undo import LastChange
from syncing.services.catalog_reasons import CatalogReasons

NAMED = 10
# What of an address is the search, and not the selection.
SEARCH = ("q", "show", "why", "store", "group", "price_from", "price_to")
# The action that solves what keeps goods out, for lists of goods that are out for one reason.
SOLUTIONS: Mapping[str, BulkAction] = {
    Reason.NO_CATEGORY: BulkAction.CATEGORY,
    Reason.UNSURE: BulkAction.ALLOW,
    Reason.FILTER_PRODUCT: BulkAction.INCLUDE,
    Reason.RULE: BulkAction.RULE,
}
DECIDING = (BulkAction.ALLOW, BulkAction.FORBID)
# Said of one product as of many.
CONSEQUENCES: Mapping[BulkAction, object] = {
    BulkAction.EXCLUDE: gettext_lazy(
        "What you leave out does not go to VK, and the next run hides it there."
    ),
    BulkAction.INCLUDE: gettext_lazy(
        "VK gets it with the next run, unless a filter of a group or store, a rule for goods or VK’s ban "
        "keeps it out."
    ),
    BulkAction.CATEGORY: gettext_lazy(
        "This category counts before that of a group. The next run writes it to VK."
    ),
    BulkAction.TEXT: gettext_lazy(
        "This text goes to VK in place of the till's description; the next run writes it."
    ),
    BulkAction.ALBUM: gettext_lazy(
        "This album counts before that of a group or rule; the next run makes it where VK has none."
    ),
    BulkAction.PHOTO: gettext_lazy(
        "This photo comes after the others; a product with five photos is left as it is."
    ),
    BulkAction.ALLOW: gettext_lazy(
        "This decides only what EvoSync is unsure about. What VK surely forbids stays out of VK."
    ),
    BulkAction.FORBID: gettext_lazy(
        "This decides only what EvoSync is unsure about, and keeps it out of VK."
    ),
    BulkAction.GIVE_BACK: gettext_lazy(
        "What you changed in VK is overwritten by the till with the next run: names, texts, pictures."
    ),
    BulkAction.RULE: gettext_lazy(
        "A rule changes the prices of all goods that fit, also of those that come later."
    ),
}


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the page shows: how many of the chosen goods are concerned, the first, what becomes of them."""

    action: BulkAction
    chosen: int
    number: int
    goods: Sequence[Goods]
    sentence: str

    @property
    def more(self) -> int:
        """How many goods are not named."""
        return self.number - len(self.goods)


def kept_search(address: QueryDict) -> list[tuple[str, str]]:
    """Return what of the address is the search, without empty parts."""
    return [(name, str(address[name])) for name in SEARCH if address.get(name)]


def with_search(url: str, address: QueryDict) -> str:
    """Return the address with the search of another one."""
    search = urlencode(kept_search(address))
    return f"{url}?{search}" if search else url


def action_for(why: str) -> str:
    """Return the action that solves why these goods are out, else the first of all."""
    return SOLUTIONS.get(why, BulkAction.CATEGORY)


def confirmation(user: User, action: BulkAction, goods: Sequence[Goods]) -> Confirmation:
    """Return what the merchant is asked about the chosen goods."""
    concerned = _concerned(user, action, goods)
    return Confirmation(action, len(goods), len(concerned), concerned[:NAMED], str(CONSEQUENCES[action]))


def _concerned(user: User, action: BulkAction, goods: Sequence[Goods]) -> Sequence[Goods]:
    """Return those of the chosen goods that the action can change."""
    if action in DECIDING:
        return list(unsure_goods(user, goods))
    return changed_goods(user, goods) if action is BulkAction.GIVE_BACK else goods


def reasons_found(user: User) -> CatalogReasons | None:
    """Return the reasons that a worker has found last, None before the first time. Asks for nothing."""
    row = computations.find(user, ComputationKind.CATALOG)
    return CatalogReasons.from_json(row.result) if row and row.result else None


def done_text(change: Change) -> str:
    """Return what is said after the change."""
    if not change.number:
        return _("Nothing was changed: it is so already, or does not concern these goods.")
    return ngettext(
        "%(n)s product is changed. The next run brings VK in line with it.",
        "%(n)s products are changed. The next run brings VK in line with it.",
        change.number,
    ) % {"n": localize(change.number)}


def last_change_text(last: LastChange) -> str:
    """Return what was changed last, for the offer to take it back."""
    label = BulkAction(last.action).label
    text = ngettext("%(what)s: %(n)s product.", "%(what)s: %(n)s products.", last.number)
    return text % {"what": label, "n": localize(last.number)}
