"""The states by which the catalogue lists goods, and how many are in each."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.db.models import Count, Exists, OuterRef, TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.models import Product, ProductPhoto, ProductQuerySet
from connections.models import VkConnection
from syncing.models import Listing


class Show(TextChoices):
    """Which products the catalogue page lists."""

    ALL = "", _("All goods")
    IN_VK = "in_vk", _("In VK")
    NOT_IN_VK = "not_in_vk", _("Not in VK")
    HIDDEN = "hidden", _("Hidden in VK")
    ERRORS = "errors", _("With errors")
    NO_PHOTO = "no_photo", _("Without a photo of yours")
    BARE_IN_VK = "bare_in_vk", _("In VK without a photo of yours")
    OWN_PHOTO = "own_photo", _("With a photo of yours")
    CHANGED = "changed", _("Changed by you in VK")
    OWN_WORDS = "own_words", _("With words of your own")
    SOLD_OUT = "sold_out", _("Sold out")
    GONE = "gone", _("No longer in the till")


@dataclass(frozen=True, slots=True)
class StateCounts:
    """How many goods are in each state, in each store (by row id) and in each group, without those below it.

    Groups stand under `group_key`; JSON knows only text as keys.
    """

    states: dict[str, int] = field(default_factory=dict)
    stores: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)

    @classmethod
    def from_json(cls, kept: Mapping[str, dict[str, int]]) -> Self:
        """Return what a row has kept."""
        return cls(kept["states"], kept["stores"], kept["groups"])


def group_key(store_id: int, evotor_id: str) -> str:
    """Return what stands for a group among the counts."""
    return f"{store_id}/{evotor_id}"


def count_states(user: User) -> dict[str, Any]:
    """Return what a row keeps: the counts of the whole catalogue. A worker counts; a page does not."""
    goods, community = Product.objects.for_user(user), community_of(user)
    states = {str(show): in_state(in_till(goods, show), show, community).count() for show in Show}
    stores: dict[str, int] = {}
    groups: dict[str, int] = {}
    placed = (
        goods.present().order_by().values_list("store_id", "group_evotor_id").annotate(number=Count("pk"))
    )
    for store_id, group, number in placed:
        stores[str(store_id)] = stores.get(str(store_id), 0) + number
        groups[group_key(store_id, group)] = number
    return asdict(StateCounts(states, stores, groups))


def community_of(user: User) -> int:
    """Return the id of the VK community, 0 while none is chosen."""
    return VkConnection.objects.filter(user=user).values_list("group_id", flat=True).first() or 0


def in_state(products: ProductQuerySet, show: str, community: int) -> ProductQuerySet:
    """Filter to the goods in this state; of every state where `show` is empty."""
    listings = Listing.objects.in_community(community).filter(product=OuterRef("pk"))
    photos = ProductPhoto.objects.filter(product=OuterRef("pk"))
    conditions = {
        Show.IN_VK: Exists(listings.in_vk()),
        Show.NOT_IN_VK: ~Exists(listings.in_vk()),
        Show.HIDDEN: Exists(listings.filter(state=Listing.State.HIDDEN)),
        Show.ERRORS: Exists(listings.repairable()),
        Show.CHANGED: Exists(listings.changed_by_merchant()),
        Show.NO_PHOTO: ~Exists(photos),
        Show.BARE_IN_VK: Exists(listings.in_vk()) & ~Exists(photos),
        Show.OWN_PHOTO: Exists(photos),
    }
    if show == Show.SOLD_OUT:
        return products.filter(quantity__lte=0)
    if show == Show.OWN_WORDS:
        return products.with_own_words()
    condition = conditions.get(Show(show)) if show else None
    return products if condition is None else products.filter(condition)


def in_till(products: ProductQuerySet, show: str) -> ProductQuerySet:
    """Filter to what the till has or, if asked, no longer has.

    What left the till is hidden in VK, or failed to be, so those two lists hold both.
    """
    if show in (Show.HIDDEN, Show.ERRORS):
        return products
    return products.missing() if show == Show.GONE else products.present()
