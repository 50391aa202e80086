"""Hand-made items beside the goods that they show, as the merchant reads them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from connections.models import VkConnection
from syncing.core.duplicates import MatchedBy
from syncing.models import Listing
from syncing.services.plan_summary import DuplicatePair
from syncing.web.presenters.plan_preview import product_pks

WORDS = {
    MatchedBy.BARCODE: _("the same barcode"),
    MatchedBy.ARTICLE: _("the same article"),
    MatchedBy.NAME: _("the same name"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One pair. Prices are in kopecks, None where unknown; `pk` leads to the product's page."""

    item_id: int
    url: str
    title: str
    price_in_vk: int | None
    pk: int | None
    name: str
    price_in_till: int | None
    likeness: str


def offers(user: User, pairs: Sequence[DuplicatePair]) -> list[Offer]:
    """Return the pairs in words, in their order."""
    pks = product_pks(user, [one.key for one in pairs])
    group_id = VkConnection.objects.for_user(user).values_list("group_id", flat=True).first() or 0
    return [
        Offer(
            item_id=one.item_id,
            url=Listing(vk_group_id=group_id, vk_item_id=one.item_id).vk_url,
            title=one.title,
            price_in_vk=one.price_in_vk,
            pk=pks.get(one.key),
            name=one.name,
            price_in_till=one.price_in_till,
            likeness=gettext(str(WORDS[MatchedBy(one.matched_by)])),
        )
        for one in pairs
    ]
