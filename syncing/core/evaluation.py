"""What the merchant's filters and rules make of each product: a desired item, or a reason for none."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from syncing.core import eligibility, item_builder
from syncing.core.categories import CategoryChooser
from syncing.core.choices import CategorySource, Reason, Stores
from syncing.core.distinct_titles import tell_apart
from syncing.core.filters import FilterSet
from syncing.core.goods_rules.records import NOTHING, Decision, Part
from syncing.core.goods_rules.ruleset import Ruleset
from syncing.core.group_tree import GroupTree
from syncing.core.records import (
    Category,
    CategoryChoice,
    ChannelLimits,
    DesiredItem,
    Filter,
    ProductKey,
    Rules,
    Skip,
    SourceGroup,
    SourceProduct,
    SyncContext,
)
from syncing.core.sku_stamp import stamp
from syncing.core.store_merge import merge_by_barcode
from syncing.core.titles import product_title


@dataclass(slots=True)
class Evaluation:
    """What the rules make of every product."""

    desired: dict[ProductKey, DesiredItem] = field(default_factory=dict)
    products: dict[ProductKey, SourceProduct] = field(default_factory=dict)
    skipped: dict[ProductKey, Skip] = field(default_factory=dict)
    categories: dict[ProductKey, CategoryChoice] = field(default_factory=dict)

    @property
    def merged(self) -> dict[ProductKey, ProductKey]:
        """Which product went into the card of which."""
        return {key: skip.card for key, skip in self.skipped.items() if skip.card is not None}


class Evaluator:
    """Applies the merchant's filters and rules to one product at a time."""

    def __init__(
        self,
        rules: Rules,
        filters: Iterable[Filter],
        groups: Collection[SourceGroup],
        limits: ChannelLimits,
        categories: Iterable[Category] = (),
        *,
        hidden_now: Collection[ProductKey] = (),
    ) -> None:
        """`hidden_now` are the products whose items we have hidden."""
        self.rules = rules
        self.limits = limits
        self.filters = FilterSet(filters, groups)
        self.tree = GroupTree(groups)
        self._categories = CategoryChooser(rules, categories)
        self._ruleset = Ruleset(rules.goods_rules) if rules.goods_rules else None
        self._decisions: dict[ProductKey, Decision] = {}
        self._hidden_now = hidden_now

    def evaluate(self, product: SourceProduct) -> DesiredItem | Skip:
        """Return the item that the product should be, or why there is none."""
        return self.exclusion(product) or self.item_of(product, category=self.category_of(product))

    def category_of(self, product: SourceProduct) -> CategoryChoice | None:
        """Return the product's category, or None where it is not known."""
        choice = self._categories.choose(product, self.tree.path(product.key.store_id, product.group_id))
        decision = self.decision_of(product)
        if decision.category_id and (choice is None or choice.source is not CategorySource.PRODUCT):
            name = decision.decided_by[Part.CATEGORY].name
            return CategoryChoice(decision.category_id, CategorySource.RULE, name)
        return choice

    def decision_of(self, product: SourceProduct) -> Decision:
        """Return what the merchant's rules for goods make of the product."""
        if self._ruleset is None:
            return NOTHING
        if (decision := self._decisions.get(product.key)) is None:
            path = self.tree.path(product.key.store_id, product.group_id)
            decision = self._ruleset.decide(product, tuple(group.name for group in path))
            self._decisions[product.key] = decision
        return decision

    def item_of(
        self, product: SourceProduct, *, category: CategoryChoice | None, title: str | None = None
    ) -> DesiredItem:
        """Return the item of a product that nothing excludes, under its own title if none is given."""
        path = self.tree.path(product.key.store_id, product.group_id)
        names = tuple(group.name for group in path)
        decision = self.decision_of(product)
        return item_builder.build_item(
            product,
            group_path=names,
            rules=self.rules,
            limits=self.limits,
            stamp=stamp(product.key),
            album=item_builder.album_title(names, self.rules, self.limits, chosen=decision.album),
            category_id=category.category_id if category else 0,
            title=title,
            decision=decision,
            is_hidden_now=product.key in self._hidden_now,
        )

    def exclusion(self, product: SourceProduct) -> Skip | None:
        """Return why the product is no item, or None for one that is."""
        if reason := self.filters.excluded_by(product):
            return Skip(product.key, product.name, reason)
        decision = self.decision_of(product)
        if decision.excluded_by:
            return Skip(product.key, product.name, Reason.RULE, decision.excluded_by.name)
        path = self.tree.path(product.key.store_id, product.group_id)
        refusal = eligibility.exclusion_reason(
            product, tuple(group.name for group in path), self.rules, self.limits, decision
        )
        return Skip(product.key, product.name, *refusal) if refusal else None

    def merge(self, products: Iterable[SourceProduct]) -> tuple[list[SourceProduct], dict[ProductKey, Skip]]:
        """Return the products with equal goods of several stores made one, and those that went into others.

        A store or group that is filtered out must not lend its card to the others.
        """
        chosen: list[SourceProduct] = []
        left_out: list[SourceProduct] = []
        for product in products:
            (chosen if self.filters.excluded_by(product) is None else left_out).append(product)
        kept, merged = merge_by_barcode(chosen, self.rules)
        names = {product.key: product.name for product in chosen}
        skipped = {
            key: Skip(key, names[key], Reason.MERGED, primary.product_id, card=primary)
            for key, primary in merged.items()
        }
        return [*kept, *left_out], skipped


def evaluate_all(context: SyncContext) -> Evaluation:
    """Sort every product into desired or skipped with its reason."""
    evaluation = Evaluation()
    hidden = {listing.key for listing in context.listings if listing.sent and listing.sent.hidden}
    evaluator = Evaluator(
        context.rules, context.filters, context.groups, context.limits, context.categories, hidden_now=hidden
    )
    sent = {listing.key: listing.sent.category_id for listing in context.listings if listing.sent}
    products: Iterable[SourceProduct] = context.products
    if context.rules.stores == Stores.MERGE:
        products, merged = evaluator.merge(products)
        evaluation.skipped |= merged
    titles: dict[ProductKey, str] = {}
    for product in products:
        if skip := evaluator.exclusion(product):
            evaluation.skipped[product.key] = skip
        elif (category := evaluator.category_of(product) or _kept(sent.get(product.key))) is None:
            evaluation.skipped[product.key] = Skip(product.key, product.name, Reason.NO_CATEGORY)
        else:
            evaluation.categories[product.key] = category
            evaluation.products[product.key] = product
            titles[product.key] = product_title(product, context.rules, context.limits) or ""
    tell_apart(evaluation.products.values(), titles, context.rules, context.limits)
    evaluation.desired = {
        key: evaluator.item_of(product, category=evaluation.categories[key], title=titles[key])
        for key, product in evaluation.products.items()
    }
    return evaluation


def _kept(category_id: int | None) -> CategoryChoice | None:
    """Return the category that an item has in VK: no item is hidden for want of a better one."""
    return CategoryChoice(category_id, CategorySource.KEPT) if category_id else None
