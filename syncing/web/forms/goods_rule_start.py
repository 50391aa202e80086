"""The conditions that a new rule for goods begins with: those of a search, or of one product."""

from decimal import Decimal

from catalog.models import Product
from syncing.core.goods_rules.records import Comparison, Subject
from syncing.services.catalog_states import Show
from syncing.web.forms.goods_rules import MOST_LINES
from syncing.web.presenters.product_search import ProductQuery

# A rule's "more than" leaves out the number itself, a search includes it.
KOPECK = Decimal("0.01")
# What the till weighs is told to the gram.
LEAST_STOCK = "0.001"


def conditions_for(query: ProductQuery) -> list[dict[str, str]]:
    """Return the conditions that pick what is searched for, as far as a rule can ask for it."""
    lines: list[tuple[Subject, Comparison, str]] = []
    if query.group:
        lines.append((Subject.GROUP, Comparison.IS, query.group.name))
    if query.store:
        lines.append((Subject.STORE, Comparison.IS, query.store.evotor_id))
    if query.price_from:
        lines.append((Subject.PRICE, Comparison.ABOVE, f"{query.price_from - KOPECK:f}"))
    if query.price_to is not None:
        lines.append((Subject.PRICE, Comparison.BELOW, f"{query.price_to + KOPECK:f}"))
    if query.show in (Show.NO_PHOTO, Show.BARE_IN_VK):
        lines.append((Subject.PHOTO, Comparison.ABSENT, ""))
    if query.show == Show.OWN_PHOTO:
        lines.append((Subject.PHOTO, Comparison.PRESENT, ""))
    if query.show == Show.SOLD_OUT:
        lines.append((Subject.STOCK, Comparison.BELOW, LEAST_STOCK))
    # A search finds its words in any order.
    words = query.text.split()
    parts = words if len(words) + len(lines) <= MOST_LINES else [query.text]
    lines = [*((Subject.NAME, Comparison.CONTAINS, part) for part in parts), *lines]
    return [{"subject": subject, "comparison": how, "value": value} for subject, how, value in lines]


def asks_for_more(query: ProductQuery) -> bool:
    """Return True if the conditions pick more goods than the search: a rule knows no state and no reason."""
    return bool(query.why) or query.show not in (Show.ALL, Show.NO_PHOTO, Show.OWN_PHOTO, Show.SOLD_OUT)


def condition_for(product: Product) -> list[dict[str, str]]:
    """Return the condition that picks one product, and those of its very name."""
    return [{"subject": Subject.NAME, "comparison": Comparison.IS, "value": product.name}]
