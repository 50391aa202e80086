"""Says why a product cannot go to VK, in a code for us and a sentence for the merchant."""

import re
from collections.abc import Mapping
from decimal import Decimal

from syncing.core.characters import LONGEST_READ
from syncing.core.choices import Reason
from syncing.core.goods_rules.records import NOTHING, Decision
from syncing.core.pricing import price_kopecks
from syncing.core.records import ChannelLimits, Rules, SourceProduct
from syncing.core.restricted_goods.classifier import classify
from syncing.core.restricted_goods.verdicts import Basis, Kind, Restriction
from syncing.core.titles import product_title

_FREE_PRICE = re.compile(
    r"\bпо\s+(?:свободн|произвольн|договорн)\w+\s+цен|^\W*(?:свободн|произвольн)\w+\s+(?:цен|сумм)",
    re.IGNORECASE,
)


def gettext_noop(text: str) -> str:
    """Return the text as it is; the name makes the translators' tools collect it."""
    return text


REASONS: Mapping[str, str] = {
    Reason.FILTER_STORE: gettext_noop(
        "Your filter leaves out this store. To sell its goods in VK, change the store filter."
    ),
    Reason.FILTER_GROUP: gettext_noop(
        "Your filter leaves out this group. To sell its goods in VK, change the group filter."
    ),
    Reason.FILTER_PRODUCT: gettext_noop(
        "Your filter leaves out this product. To sell it in VK, change the product filter."
    ),
    Reason.RULE: gettext_noop(
        "Your rule for goods leaves it out. To sell it in VK, change the rule or its order."
    ),
    Reason.RULE_WORDS: gettext_noop(
        "Words that your rule for goods or your template adds name goods that VK forbids, so it is held "
        "back. Change those words, and it goes to VK."
    ),
    Reason.NOT_FOR_SALE: gettext_noop(
        "The till may not sell it. Allow the sale in the product's card in Evotor, and it goes to VK."
    ),
    Reason.NO_PRICE: gettext_noop("It has no price. Set one above zero in Evotor, and it goes to VK."),
    Reason.FREE_PRICE_POSITION: gettext_noop(
        "It is the till's line for a free price, not a product. Make a product of its own to sell it in VK."
    ),
    Reason.SERVICE: gettext_noop(
        "It is a service, and EvoSync sends goods only. If it is a product, change its type in Evotor."
    ),
    Restriction.ALCOHOL: gettext_noop(
        "VK forbids alcohol. If this is something else, say so on its page in the catalogue."
    ),
    Restriction.BEER: gettext_noop(
        "VK forbids beer, also without alcohol. If this is something else, say so on its page in the "
        "catalogue."
    ),
    Restriction.TOBACCO: gettext_noop(
        "VK forbids tobacco and what goes with it. If this is something else, say so on its page in the "
        "catalogue."
    ),
    Restriction.MEDICINE: gettext_noop(
        "VK forbids medicines. If this is something else, say so on its page in the catalogue."
    ),
    Restriction.EXCISABLE: gettext_noop(
        "Evotor marks it as excisable, and VK forbids such goods. If that is wrong, take it off in Evotor."
    ),
    Restriction.AGE: gettext_noop(
        "It may be sold to adults only, which VK cannot check. If this is wrong, correct its mark in Evotor "
        "or say on its page in the catalogue what it is."
    ),
    Restriction.OTHER: gettext_noop(
        "VK forbids weapons, drugs and the like. If this is something else, say so on its page in "
        "the catalogue."
    ),
    Reason.UNSURE: gettext_noop(
        "VK may forbid it, and EvoSync is not sure. Decide on the page “Check goods”: one tap is enough."
    ),
    Reason.DECIDED: gettext_noop(
        "You decided not to sell it in VK. To change that, open the page “Check goods”."
    ),
    Reason.BAD_NAME: gettext_noop(
        "Its name has no letter or digit that VK can show. Give it a name in Evotor, and it goes to VK."
    ),
    Reason.MERGED: gettext_noop(
        "It is sold on the card of the same goods from another store. For a card of its own, choose one item "
        "per store in the rules."
    ),
    Reason.GONE: gettext_noop("It is no longer in the till. Enter it there again, and it comes back to VK."),
    Reason.OUT_OF_STOCK: gettext_noop(
        "It is sold out, and your rules hide such goods. Accept new stock in Evotor, and it comes back."
    ),
    Reason.GROUP_UNKNOWN: gettext_noop(
        "The till has not told all its groups, and the name does not show whether VK takes it. It "
        "goes to VK when the till tells them; if one was deleted, move it in Evotor."
    ),
    Reason.COPY: gettext_noop(
        "The till has the same goods twice: same name, barcode and article. VK shows the other one. "
        "Delete one of them in Evotor or rename this one, and it goes to VK."
    ),
    Reason.MAY_BE_LEFT_OUT: gettext_noop(
        "Your filter leaves out goods like this, and the till may have given it a new number. It goes "
        "out when you say yes to a run that asks about it, or take the filter back."
    ),
    Reason.MAY_BE_KEPT_OUT: gettext_noop(
        "VK may forbid it: the till was loaded again, and its mark may be lost. It goes out with your "
        "yes to a run that asks about it. No shop in VK yet: see “Check goods”."
    ),
    Reason.MAY_REPLACE: gettext_noop(
        "VK shows other goods with its name or code, which it may have replaced in the till. If the "
        "till still has both in an hour, it goes to VK with the next comparison."
    ),
    Reason.KEPT_OUT: gettext_noop(
        "You undid the run that put it in VK, so it stays out. To sell it there, open its page and let it "
        "into VK again."
    ),
    Reason.NO_CATEGORY: gettext_noop(
        "We do not know its VK category. Choose one for its group or for the product, and it goes to VK."
    ),
    Reason.SUSPENDED: gettext_noop(
        "VK takes no new goods for a while. EvoSync adds it later by itself; you need not do anything."
    ),
    Reason.LIMIT: gettext_noop(
        "VK's limit of goods is reached. Remove goods from VK or narrow your filters to make room for it."
    ),
}


def exclusion_reason(
    product: SourceProduct,
    group_path: tuple[str, ...],
    rules: Rules,
    limits: ChannelLimits,
    decision: Decision = NOTHING,
) -> tuple[str, str] | None:
    """Return the reason code and its detail, or None for a product that may go to VK.

    `group_path` holds the names from the root down, `decision` is what the rules for goods say. What no
    price could fix is said first.
    """
    if found := _no_goods(product) or (
        _restricted(product, group_path, rules) if rules.legal_filter else None
    ):
        return found
    if not product.allow_to_sell:
        return Reason.NOT_FOR_SALE, ""
    if not _has_price(product.price, rules, decision):
        return Reason.NO_PRICE, "" if product.price is None else str(product.price)
    if product_title(product, rules, limits) is None:
        return Reason.BAD_NAME, product.name
    return None


def _restricted(product: SourceProduct, group_path: tuple[str, ...], rules: Rules) -> tuple[str, str] | None:
    """Return why VK would not take the product, and "basis:evidence", with the kind before it if unsure."""
    verdict = classify(product, group_path, rules.decisions)
    if verdict.is_allowed or verdict.restriction is None or verdict.basis is None:
        return None
    evidence = f"{verdict.basis}:{verdict.evidence}"
    if verdict.kind is Kind.UNSURE:
        return Reason.UNSURE, f"{verdict.restriction}:{evidence}"
    return (Reason.DECIDED if verdict.basis is Basis.DECISION else verdict.restriction), evidence


def _no_goods(product: SourceProduct) -> tuple[str, str] | None:
    if product.type.upper() == "SERVICE":
        return Reason.SERVICE, product.type
    name = product.name[:LONGEST_READ].casefold()
    if ("цен" in name or "сумм" in name) and _FREE_PRICE.search(product.name[:LONGEST_READ]):
        return Reason.FREE_PRICE_POSITION, product.name
    return None


def _has_price(price: Decimal | None, rules: Rules, decision: Decision) -> bool:
    return price is not None and price.is_finite() and price > 0 and price_kopecks(price, rules, decision) > 0
