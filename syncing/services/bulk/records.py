"""What is changed about many goods at once, and what stood there before."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from catalog.models import Product

# As many goods as VK's market holds.
MOST_GOODS = 15_000
ROWS_AT_ONCE = 500


class CannotChange(Exception):
    """Nothing was changed; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Goods:
    """What a bulk change needs of one product."""

    pk: int
    evotor_id: str
    name: str
    group_evotor_id: str


@dataclass(frozen=True, slots=True)
class Change:
    """What was done. `number` goods or names have changed, `left` were left as they are.

    `before` and `after` hold the values by Evotor's id, or by name for decisions; None for no row.
    """

    number: int
    left: int = 0
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


def goods_of(products: QuerySet[Product], most: int = MOST_GOODS) -> list[Goods]:
    """Return the products, one more than `most` where there are too many."""
    rows = products.order_by("pk").values_list("pk", "evotor_id", "name", "group_evotor_id")
    return [Goods(*row) for row in rows[: most + 1]]


def digest_of(goods: Sequence[Goods]) -> str:
    """Return a hash of exactly these goods as they are shown: the confirmation of others is another."""
    shown = json.dumps(sorted((product.pk, product.name) for product in goods))
    return hashlib.sha256(shown.encode()).hexdigest()


def changed_only(before: Mapping[str, Any], wanted: Mapping[str, Any]) -> Change:
    """Return the change from what stood before to what is wanted, without what stays the same."""
    keys = [key for key in wanted if before.get(key) != wanted[key]]
    return Change(
        number=len(keys),
        left=len(wanted) - len(keys),
        before={key: before.get(key) for key in keys},
        after={key: wanted[key] for key in keys},
    )
