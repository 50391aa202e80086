"""A rule for goods, and what all rules together decide about one product."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from syncing.core.choices import Rounding


class Subject(StrEnum):
    """What of a product a condition looks at."""

    STORE = "store"
    # Any of the groups above the product, by name.
    GROUP = "group"
    NAME = "name"
    ARTICLE = "article"
    BARCODE = "barcode"
    TYPE = "type"
    PRICE = "price"
    COST = "cost"
    STOCK = "stock"
    PHOTO = "photo"
    # What the merchant has put on the product in EvoSync.
    TAG = "tag"


class Comparison(StrEnum):
    """How a condition compares. What the till does not tell is neither above nor below anything."""

    CONTAINS = "contains"
    CONTAINS_NOT = "contains_not"
    IS = "is"
    IS_NOT = "is_not"
    STARTS = "starts"
    ABOVE = "above"
    BELOW = "below"
    UNKNOWN = "unknown"
    PRESENT = "present"
    ABSENT = "absent"


class RuleActionKind(StrEnum):
    """What a rule does with the products that it picks."""

    EXCLUDE = "exclude"
    # Overrules the excludes of rules above; filters and what VK forbids stand.
    INCLUDE = "include"
    PERCENT = "percent"
    ADD = "add"
    OVER_COST = "over_cost"
    NOT_BELOW_COST = "not_below_cost"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ROUND = "round"
    # Crosses out the price that the goods had before this rule, or a price of the merchant's.
    OLD_PRICE = "old_price"
    KEEP_BACK = "keep_back"
    SHOW_AT_MOST = "show_at_most"
    HIDE_AT = "hide_at"
    CATEGORY = "category"
    ALBUM = "album"
    TITLE_PREFIX = "title_prefix"
    TITLE_SUFFIX = "title_suffix"
    # A paragraph at the end of the description.
    ADD_TEXT = "add_text"
    # A line before the description while few are left: "3", or "3 Hurry up".
    FEW_LEFT = "few_left"


class Part(StrEnum):
    """What of an item a rule can decide."""

    EXCLUSION = "exclusion"
    PRICE = "price"
    OLD_PRICE = "old_price"
    STOCK = "stock"
    HIDDEN = "hidden"
    CATEGORY = "category"
    ALBUM = "album"
    TITLE = "title"
    TEXT = "text"


PRICE_STEPS = (RuleActionKind.PERCENT, RuleActionKind.ADD, RuleActionKind.OVER_COST)
PRICE_ACTIONS = frozenset(
    {
        *PRICE_STEPS,
        RuleActionKind.NOT_BELOW_COST,
        RuleActionKind.AT_LEAST,
        RuleActionKind.AT_MOST,
        RuleActionKind.ROUND,
    }
)
TEXT_COMPARISONS = (
    Comparison.CONTAINS,
    Comparison.CONTAINS_NOT,
    Comparison.IS,
    Comparison.IS_NOT,
    Comparison.STARTS,
)
NUMBER_COMPARISONS = (Comparison.ABOVE, Comparison.BELOW, Comparison.UNKNOWN)
COMPARISONS: Mapping[Subject, tuple[Comparison, ...]] = {
    Subject.STORE: (Comparison.IS, Comparison.IS_NOT),
    Subject.GROUP: TEXT_COMPARISONS,
    Subject.NAME: TEXT_COMPARISONS,
    Subject.ARTICLE: TEXT_COMPARISONS,
    Subject.BARCODE: TEXT_COMPARISONS,
    Subject.TYPE: (Comparison.IS, Comparison.IS_NOT),
    Subject.PRICE: NUMBER_COMPARISONS,
    Subject.COST: NUMBER_COMPARISONS,
    Subject.STOCK: NUMBER_COMPARISONS,
    Subject.PHOTO: (Comparison.PRESENT, Comparison.ABSENT),
    Subject.TAG: (Comparison.IS, Comparison.IS_NOT),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison. `value` is text, or a number as text for price, cost (roubles) and stock."""

    subject: Subject
    comparison: Comparison
    value: str = ""


@dataclass(frozen=True, slots=True)
class RuleAction:
    """One change. `value` is a percentage, roubles, pieces, a Rounding, a VK category's id, or a text."""

    kind: RuleActionKind
    value: str = ""


@dataclass(frozen=True, slots=True)
class GoodsRule:
    """A rule: all conditions must hold; without conditions it picks every product."""

    id: int
    name: str
    conditions: tuple[Condition, ...] = ()
    actions: tuple[RuleAction, ...] = ()


@dataclass(frozen=True, slots=True)
class TimedRule:
    """A rule and when it counts: from the first moment on, and before the second; None for no bound."""

    rule: GoodsRule
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FewLeft:
    """What the description says while at most so many pieces are left."""

    pieces: int
    text: str


@dataclass(frozen=True, slots=True)
class PriceStep:
    """A price action with its number: a percentage or roubles."""

    kind: RuleActionKind
    number: Decimal


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rules make of one product. `decided_by` names the rule that decided each part.

    `floors` and `ceilings` bound the price after rounding, in roubles. `old_price` is what is crossed out:
    roubles, or the chain of prices before the rule that asks for it.
    """

    excluded_by: GoodsRule | None = None
    steps: tuple[PriceStep, ...] = ()
    floors: tuple[Decimal, ...] = ()
    ceilings: tuple[Decimal, ...] = ()
    rounding: Rounding | None = None
    old_price: "Decimal | Decision | None" = None
    keep_back: int = 0
    show_at_most: int | None = None
    hide_at: int | None = None
    category_id: int = 0
    album: str | None = None
    title_prefix: str = ""
    title_suffix: str = ""
    add_text: str = ""
    few_left: "FewLeft | None" = None
    decided_by: Mapping[Part, GoodsRule] = field(default_factory=dict)


NOTHING = Decision()
