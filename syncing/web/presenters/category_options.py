"""What a field for a VK category offers while somebody types in it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from catalog.models import Product, ProductGroup
from syncing import mappers
from syncing.core.category_search import recent_first, suggest_categories
from syncing.core.records import Category, Rules
from syncing.services.categories import known_categories, used_categories
from syncing.services.settings import rules_of
from syncing.web.presenters.categories_page import CategoryLabel, CategoryLabels
from syncing.web.presenters.groups import groups_of

# A thumb goes through as many; another letter is quicker than more of them.
MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class CategoryOption:
    """A category to choose: its path, and why it stands first, if it does."""

    path: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class CategoryOptions:
    """What is offered, and that in a sentence for a status line."""

    options: list[CategoryOption]
    says: str


def category_options(
    user: User, text: str, *, product: Product | None = None, group: ProductGroup | None = None
) -> CategoryOptions:
    """Return what fits the text, those chosen lately first; without one, EvoSync's proposal, then those."""
    categories, config = known_categories(), rules_of(user)
    used = used_categories(config)
    if text.strip():
        found, notes = suggest_categories(text, categories), {}
    else:
        proposal = _proposal(user, mappers.rules_record(config), categories, product, group)
        found, notes = list(categories), {proposal.name: proposal.reason} if proposal else {}
    lately = set(used)
    options = [
        CategoryOption(str(one), notes.get(str(one)) or (_("chosen lately") if one.id in lately else ""))
        for one in recent_first(found, used)
    ]
    options.sort(key=lambda option: option.path not in notes)
    return CategoryOptions(options[:MOST_SHOWN], _says(len(options)))


def _proposal(
    user: User, rules: Rules, categories: list[Category], product: Product | None, group: ProductGroup | None
) -> CategoryLabel | None:
    """Return what EvoSync takes where the merchant chooses nothing for this product or group."""
    if product:
        rules = replace(rules, category_by_product=_without(rules.category_by_product, product.evotor_id))
        label = CategoryLabels(user, groups_of(user).rows, categories, rules=rules).of_product(product)
    elif group:
        rules = replace(rules, category_by_group=_without(rules.category_by_group, group.evotor_id))
        label = CategoryLabels(user, groups_of(user).rows, categories, rules=rules).of_group(group)
    else:
        return None
    return label if label and label.is_sure else None


def _without(choices: Mapping[str, int], key: str) -> dict[str, int]:
    return {name: number for name, number in choices.items() if name != key}


def _says(number: int) -> str:
    if not number:
        return _("Nothing found. Type another word, or a part of it.")
    if number > MOST_SHOWN:
        return _("%(n)s found, the first %(most)s are shown. One more word narrows them down.") % {
            "n": localize(number),
            "most": localize(MOST_SHOWN),
        }
    return ngettext("%(n)s found", "%(n)s found", number) % {"n": localize(number)}
