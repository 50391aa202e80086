"""Finds the goods that VK refused and that are other ones by now."""

from collections.abc import Iterable, Mapping

from accounts.models import User
from catalog.models import Product, ProductPhoto
from syncing import mappers
from syncing.core.evaluation import Evaluator
from syncing.core.records import SourceGroup
from syncing.core.refusals import is_changed
from syncing.models import Listing
from syncing.services.categories import known_categories
from syncing.services.inputs import RuleInputs
from syncing.services.tags import tags_for
from syncing.shop_mappers import VK_LIMITS


def corrected_goods(
    user: User, rows: Iterable[tuple[Product, Listing]], given: RuleInputs, groups: Iterable[SourceGroup]
) -> set[int]:
    """Return the row ids of the goods of which the next run sends something else than VK refused.

    Nothing is read where nothing was refused. The goods must be ones that no filter or rule leaves out.
    """
    refused = {
        product: listing.refused for product, listing in rows if listing.last_error and listing.refused
    }
    if not refused:
        return set()
    groups = list(groups)
    evaluator = Evaluator(given.rules, given.filters, groups, VK_LIMITS, known_categories())
    photos = mappers.PhotoKeys(_photos_of(user, refused), groups, given.store_ids)
    tags = tags_for(user, given.rules, refused)
    found = set()
    for product, fields in refused.items():
        record = mappers.product_record(
            product, given.store_ids[product.store_id], photos.of(product), tags=tags.get(product.pk, ())
        )
        item = evaluator.item_of(record, category=evaluator.category_of(record))
        if is_changed(fields, item, has_own_title=bool(record.own_title)):
            found.add(product.pk)
    return found


def _photos_of(user: User, goods: Mapping[Product, object]) -> list[ProductPhoto]:
    return list(ProductPhoto.objects.for_user(user).showing(goods).select_related("group").in_order())
