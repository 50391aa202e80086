"""How the goods of a group would look in VK with a text that is being written."""

from dataclasses import dataclass, replace
from itertools import islice

from accounts.models import User
from catalog.models import Product, ProductGroup
from syncing import mappers
from syncing.core.evaluation import Evaluator
from syncing.services.inputs import rule_inputs
from syncing.services.own_words import GroupChoice, with_choice
from syncing.shop_mappers import VK_LIMITS
from syncing.web.presenters.groups import groups_of

SHOWN = 3
UNREAD = ("search_text", "content_hash")
# So many are looked at for goods that go to VK at all, a part at a time: most groups begin with some.
LOOKED_AT, ROWS_AT_ONCE = 1_000, 100


@dataclass(frozen=True, slots=True)
class TextSample:
    """One product of the group as VK would show it."""

    title: str
    description: str
    album: str


def text_samples(user: User, group: ProductGroup, choice: GroupChoice) -> list[TextSample]:
    """Return up to three goods of the group, or of those below it, under this choice. Writes nothing."""
    groups, given = groups_of(user), rule_inputs(user)
    records = [mappers.group_record(row, given.store_ids[row.store_id]) for row in groups.rows]
    key = group.evotor_id
    rules = replace(
        given.rules,
        template_by_group=with_choice(given.rules.template_by_group, key, choice.template),
        album_by_group=with_choice(given.rules.album_by_group, key, choice.album),
    )
    evaluator = Evaluator(rules, given.filters, records, VK_LIMITS)
    rows = Product.objects.for_user(user).present().in_store(group.store_id).order_by("name", "pk")
    rows = rows.filter(group_evotor_id__in=groups.within(group), price__gt=0).defer(*UNREAD)
    goods = (
        mappers.product_record(row, given.store_ids[row.store_id])
        for start in range(0, LOOKED_AT, ROWS_AT_ONCE)
        for row in rows[start : start + ROWS_AT_ONCE]
    )
    shown = islice((one for one in goods if evaluator.exclusion(one) is None), SHOWN)
    items = (evaluator.item_of(record, category=None) for record in shown)
    return [TextSample(item.title, item.description, item.album) for item in items]
