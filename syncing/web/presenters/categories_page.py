"""Which VK category the goods of each group get, and why."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from accounts.models import User
from catalog.models import Product, ProductGroup, Store
from syncing import mappers
from syncing.core.categories import CategoryChooser
from syncing.core.category_search import recent_first
from syncing.core.choices import CategorySource
from syncing.core.evaluation import Evaluator
from syncing.core.group_tree import GroupTree
from syncing.core.records import Category, CategoryChoice, Rules, SourceGroup
from syncing.services.labels import category_reason, name_category
from syncing.services.settings import rules_of
from syncing.shop_mappers import VK_LIMITS
from syncing.web.presenters.groups import GroupNode, groups_of

# A field each: a form of more would be refused, and nobody fills it in.
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class CategoryLabel:
    """A VK category in words. `is_sure` is False where the merchant should choose one."""

    name: str
    reason: str
    is_sure: bool
    # The merchant's own choice, None where they made none.
    chosen_id: int | None


@dataclass(frozen=True, slots=True)
class GroupCategory:
    """One group with the category of its goods; None where each name decides, or nothing does."""

    node: GroupNode
    goods: int
    label: CategoryLabel | None
    # The merchant's own choice for this very group, None where they made none.
    chosen_id: int | None = None

    @property
    def is_sure(self) -> bool:
        """Whether the group gives its goods a category."""
        return self.label is not None and self.label.is_sure


@dataclass(frozen=True, slots=True)
class CategoriesPage:
    """One page of groups. `number` counts from 1; `unsure` is how many groups of all give no category."""

    rows: list[GroupCategory]
    number: int
    last: int
    unsure: int
    # VK's categories as the page offers them: those in use first.
    offered: list[Category]

    @property
    def before(self) -> int | None:
        """The page before this one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        """The page behind this one."""
        return self.number + 1 if self.number < self.last else None


class CategoryLabels:
    """Says which category a group or product gets by the rules as they are now."""

    def __init__(
        self,
        user: User,
        groups: list[ProductGroup],
        categories: list[Category],
        *,
        rules: Rules | None = None,
        stores: dict[int, str] | None = None,
    ) -> None:
        """Who has read the rules and the stores' Evotor ids already gives them."""
        self._stores = stores or dict(Store.objects.for_user(user).values_list("pk", "evotor_id"))
        self._names = {category.id: category for category in categories}
        self._rules = rules or mappers.rules_record(rules_of(user))
        self._chooser = CategoryChooser(self._rules, categories)
        records = [mappers.group_record(row, self._stores[row.store_id]) for row in groups]
        self._tree = GroupTree(records)
        self._evaluator = Evaluator(self._rules, (), records, VK_LIMITS, categories)

    def of_group(self, group: ProductGroup) -> CategoryLabel | None:
        """Return the category that the group gives its goods, or None if their names decide."""
        path = self._path(group.store_id, group.evotor_id)
        chosen = self._rules.category_by_group.get(group.evotor_id)
        found = self._chooser.choose_for_groups(path)
        return self._label(found, chosen) if found else None

    def of_product(self, product: Product) -> CategoryLabel | None:
        """Return the product's category, or None where it is not known."""
        record = mappers.product_record(product, self._stores[product.store_id])
        found = self._evaluator.category_of(record)
        chosen = self._rules.category_by_product.get(product.evotor_id)
        return self._label(found, chosen) if found and found.category_id else None

    def _path(self, store: int, group_id: str) -> tuple[SourceGroup, ...]:
        return self._tree.path(self._stores[store], group_id)

    def _label(self, choice: CategoryChoice, chosen_id: int | None) -> CategoryLabel:
        name = name_category(choice.category_id, self._names)
        is_listed = choice.category_id in self._names or not self._names
        is_sure = is_listed and choice.source not in (CategorySource.NEUTRAL, CategorySource.KEPT)
        return CategoryLabel(name, category_reason(choice), is_sure, chosen_id)


def categories_page(
    user: User, categories: list[Category], *, number: int = 1, only_unsure: bool = False
) -> CategoriesPage:
    """Return one page of the groups in reading order, each with the category of its goods."""
    groups = groups_of(user)
    rules = mappers.rules_record(rules_of(user))
    labels = CategoryLabels(user, groups.rows, categories, rules=rules)
    counts: Counter[tuple[int, str]] = Counter()
    goods = Product.objects.for_user(user).present().values_list("store_id", "group_evotor_id")
    for store, group, many in goods.annotate(number=Count("pk")).order_by():
        counts[store, group] = many
    rows = [
        GroupCategory(
            node,
            counts[node.group.store_id, node.group.evotor_id],
            labels.of_group(node.group),
            rules.category_by_group.get(node.group.evotor_id),
        )
        for node in groups.tree()
    ]
    unsure = [row for row in rows if not row.is_sure]
    shown = unsure if only_unsure else rows
    last = max(1, -(-len(shown) // PAGE_SIZE))
    number = min(max(number, 1), last)
    return CategoriesPage(
        rows=shown[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        number=number,
        last=last,
        unsure=len(unsure),
        offered=in_use_first(categories, rules),
    )


def in_use_first(categories: list[Category], rules: Rules) -> list[Category]:
    """Return the categories as a field offers them: those that the merchant chose last first."""
    return recent_first(
        categories, [*rules.category_by_product.values(), *rules.category_by_group.values()][::-1]
    )
