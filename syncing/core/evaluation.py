"""What the merchant's filters and rules make of each product: a desired item, or a reason for none."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from syncing.core import eligibility
from syncing.core.categories import CategoryChooser
from syncing.core.characters import weight
from syncing.core.choices import CategorySource, Reason, Stores
from syncing.core.distinct_titles import tell_apart
from syncing.core.filters import FilterSet
from syncing.core.goods_rules.records import NOTHING, Decision, Part
from syncing.core.goods_rules.ruleset import Ruleset
from syncing.core.group_choices import album_for, group_album, template_for
from syncing.core.group_tree import GroupTree, with_left_groups
from syncing.core.item_builder import build_item
from syncing.core.price_decisions import held_price
from syncing.core.pricing import old_price_kopecks, price_kopecks, to_kopecks
from syncing.core.records import (
    Category,
    CategoryChoice,
    ChannelLimits,
    DesiredItem,
    Filter,
    PriceDecision,
    ProductKey,
    Rules,
    Skip,
    SourceGroup,
    SourceProduct,
    SyncContext,
)
from syncing.core.rule_words import refuse_words
from syncing.core.shown_stock import UNKNOWN_BEFORE, Before, before_of
from syncing.core.sku_stamp import stamp
from syncing.core.store_merge import merge_by_barcode
from syncing.core.titles import product_title
from syncing.core.truncation import cut

# The field of an item that a part of a decision becomes.
FIELD_OF: Mapping[Part, str] = {
    Part.PRICE: "price_kopecks",
    Part.STOCK: "stock",
    Part.HIDDEN: "hidden",
    Part.CATEGORY: "category_id",
    Part.ALBUM: "album",
    Part.OLD_PRICE: "old_price_kopecks",
    Part.TITLE: "title",
    Part.TEXT: "description",
}


@dataclass(slots=True)
class Evaluation:
    """What the rules make of every product."""

    desired: dict[ProductKey, DesiredItem] = field(default_factory=dict)
    products: dict[ProductKey, SourceProduct] = field(default_factory=dict)
    skipped: dict[ProductKey, Skip] = field(default_factory=dict)
    categories: dict[ProductKey, CategoryChoice] = field(default_factory=dict)
    titles: dict[ProductKey, str] = field(default_factory=dict)
    evaluator: "Evaluator | None" = None
    # By product and field of the item, the name of the merchant's rule that decided.
    rule_names: dict[ProductKey, dict[str, str]] = field(default_factory=dict)
    # Goods that are out, with an undo: why they may not be shown in spite of it.
    refused: dict[ProductKey, str] = field(default_factory=dict)

    @property
    def merged(self) -> dict[ProductKey, ProductKey]:
        """Which product went into the card of which."""
        return {key: skip.card for key, skip in self.skipped.items() if skip.card is not None}

    def at_price(self, key: ProductKey, price: int) -> DesiredItem:
        """Return a desired item with another price, in kopecks, and with what its text says of it."""
        made, product = self.desired[key], self.products[key]
        if self.evaluator is None or "price" not in self.evaluator.template_of(product):
            return replace(made, price_kopecks=price)
        at_price = self.evaluator.item_of(
            product, category=self.categories[key], title=self.titles[key], price=price
        )
        return replace(made, price_kopecks=price, description=at_price.description)


@dataclass(frozen=True, slots=True)
class _Home:
    """What all goods of one group have from it: the groups from the root down, their names, the album."""

    path: tuple[SourceGroup, ...]
    names: tuple[str, ...]
    album: str


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
        before: Mapping[ProductKey, Before] | None = None,
        price_decisions: Mapping[ProductKey, PriceDecision] | None = None,
    ) -> None:
        """`before` is what our items were when we last wrote them.

        With `price_decisions` the items whose new prices are held keep their old ones, as the last run
        left them; a run judges by itself and gives none.
        """
        self.rules = rules
        self.limits = limits
        self.filters = FilterSet(filters, groups)
        self.tree = GroupTree(groups)
        self._categories = CategoryChooser(rules, categories)
        self._ruleset = Ruleset(rules.goods_rules) if rules.goods_rules else None
        self._decisions: dict[ProductKey, Decision] = {}
        self._before = before or {}
        self._price_decisions = price_decisions or {}
        self._homes: dict[tuple[str, str], _Home] = {}

    def evaluate(self, product: SourceProduct) -> DesiredItem | Skip:
        """Return the item that the product should be, or why there is none."""
        return self.exclusion(product) or self.item_of(product, category=self.category_of(product))

    def category_of(self, product: SourceProduct) -> CategoryChoice | None:
        """Return the product's category, or None where it is not known."""
        choice = self._categories.choose(product, self._home_of(product).path)
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
            decision = self._decisions[product.key] = self._decide(product, self._ruleset)
        return decision

    def price_of(self, product: SourceProduct) -> int:
        """Return the price in kopecks of a product as it is given here, 0 where the till tells none."""
        decision = self._decide(product, self._ruleset) if self._ruleset else NOTHING
        return price_kopecks(product.price, self.rules, decision) if product.price is not None else 0

    def old_price_of(self, product: SourceProduct, *, beside: int) -> int:
        """Return the price, in kopecks, that is crossed out beside another of the product as given here."""
        if product.price is None or not self._ruleset:
            return 0
        decision = self._decide(product, self._ruleset)
        return old_price_kopecks(product.price, self.rules, decision, beside=beside)

    def _decide(self, product: SourceProduct, ruleset: Ruleset) -> Decision:
        return ruleset.decide(product, self._home_of(product).names)

    def _home_of(self, product: SourceProduct) -> _Home:
        """Return what the product's group gives it; asked several times of each product."""
        place = product.key.store_id, product.group_id
        if (home := self._homes.get(place)) is None:
            path = self.tree.path(*place)
            album = group_album(path, self.rules, longest=self.limits.album_title_weight)
            home = self._homes[place] = _Home(path, tuple(group.name for group in path), album)
        return home

    def item_of(
        self,
        product: SourceProduct,
        *,
        category: CategoryChoice | None,
        title: str | None = None,
        price: int | None = None,
    ) -> DesiredItem:
        """Return the item of a product that nothing excludes.

        Without a title it has its own, and without a price, in kopecks, that of the rules.
        """
        if price is None and (known := self._price_decisions.get(product.key)):
            price = held_price(known, to_kopecks(product.price), to_kopecks(product.cost))
        home, decision = self._home_of(product), self.decision_of(product)
        return build_item(
            product,
            group_path=home.names,
            rules=self.rules,
            limits=self.limits,
            stamp=stamp(product.key),
            album=album_for(
                product, home.path, self.rules, self.limits, by_rule=decision.album, of_group=home.album
            ),
            category_id=category.category_id if category else 0,
            title=title,
            decision=decision,
            before=self._before.get(product.key, UNKNOWN_BEFORE),
            price=price,
            template=self.template_of(product),
        )

    def template_of(self, product: SourceProduct) -> str:
        """Return the template of the product's description."""
        return template_for(product, self._home_of(product).path, self.rules)

    def exclusion(self, product: SourceProduct) -> Skip | None:
        """Return why the product is no item, or None for one that is."""
        if reason := self.filters.excluded_by(product):
            return Skip(product.key, product.name, reason)
        decision = self.decision_of(product)
        if decision.excluded_by:
            return Skip(product.key, product.name, Reason.RULE, decision.excluded_by.name)
        refusal = self.refusal(product) or self._refusal_of_words(product)
        return Skip(product.key, product.name, *refusal) if refusal else None

    def _refusal_of_words(self, product: SourceProduct) -> tuple[str, str] | None:
        """Return why the product cannot go to VK with what rules and templates add to it."""
        if not self.rules.legal_filter:
            return None
        verdict = refuse_words(product, self.decision_of(product), self.template_of(product))
        if verdict is None:
            return None
        return Reason.RULE_WORDS, f"{verdict.restriction}:{verdict.basis}:{verdict.evidence}"

    def refusal(self, product: SourceProduct) -> tuple[str, str] | None:
        """Return why VK cannot take the product at all, as a code and its detail; filters do not matter."""
        home = self._home_of(product)
        whole = with_left_groups(product, home.path)
        return eligibility.exclusion_reason(
            whole, home.names, self.rules, self.limits, self.decision_of(product)
        )

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
    evaluator = evaluation.evaluator = Evaluator(
        context.rules,
        context.filters,
        context.groups,
        context.limits,
        context.categories,
        before=_before(context),
        price_decisions=None if context.listings else context.price_decisions,
    )
    sent = {listing.key: listing.sent.category_id for listing in context.listings if listing.sent}
    products: Iterable[SourceProduct] = context.products
    if context.rules.stores == Stores.MERGE:
        products, merged = evaluator.merge(products)
        evaluation.skipped |= merged
    titles = evaluation.titles
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
    if context.rules.goods_rules:
        evaluation.rule_names = {
            key: names
            for key, product in evaluation.products.items()
            if (names := _rule_names(evaluator.decision_of(product)))
        }
    evaluation.desired = {
        key: evaluator.item_of(product, category=evaluation.categories[key], title=titles[key])
        for key, product in evaluation.products.items()
    }
    if any("title" in names for names in evaluation.rule_names.values()):
        _keep_titles_apart(evaluation, context.limits)
    return evaluation


def _before(context: SyncContext) -> dict[ProductKey, Before]:
    """Return what our items were; only rules for goods ask for it."""
    if not context.rules.goods_rules:
        return {}
    return {listing.key: before_of(listing, context.now) for listing in context.listings if listing.sent}


def _keep_titles_apart(evaluation: Evaluation, limits: ChannelLimits) -> None:
    """Put the mark of the product behind a title that a rule's words have made the same as another's."""
    taken: dict[str, ProductKey] = {}
    for key in sorted(evaluation.desired):
        title = evaluation.desired[key].title
        first = taken.setdefault(title.casefold(), key)
        if first != key and evaluation.titles[first] != evaluation.titles[key]:
            mark = f"({stamp(key)})"
            kept = cut(title, limits.title_weight - len(mark) - 1, weight)
            evaluation.desired[key] = replace(evaluation.desired[key], title=f"{kept} {mark}")


def _rule_names(decision: Decision) -> dict[str, str]:
    """Return by field of the item which rule decided it."""
    return {FIELD_OF[part]: rule.name for part, rule in decision.decided_by.items() if part in FIELD_OF}


def _kept(category_id: int | None) -> CategoryChoice | None:
    """Return the category that an item has in VK: no item is hidden for want of a better one."""
    return CategoryChoice(category_id, CategorySource.KEPT) if category_id else None
