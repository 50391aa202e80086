"""Tells which products a rule picks."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from operator import gt, lt

from syncing.core.goods_rules.records import Comparison, Condition, GoodsRule, Subject
from syncing.core.records import SourceProduct

Path = tuple[str, ...]
Matcher = Callable[[SourceProduct], bool]


def picks_path(rule: GoodsRule, path: Path) -> bool:
    """Return True if the rule's conditions about groups hold for goods under these groups."""
    return all(
        _text_test(condition)(path) for condition in rule.conditions if condition.subject is Subject.GROUP
    )


def product_matcher(rule: GoodsRule) -> Matcher | None:
    """Return the rule's conditions about the product itself as one function, None where it has none."""
    tests = [_matcher(condition) for condition in rule.conditions if condition.subject is not Subject.GROUP]
    if len(tests) > 1:
        return lambda product: all(test(product) for test in tests)
    return tests[0] if tests else None


def matcher(rule: GoodsRule) -> Callable[[SourceProduct, Path], bool]:
    """Return a function that tells whether the rule picks a product under these groups."""
    picks = product_matcher(rule)
    return lambda product, path: picks_path(rule, path) and (picks is None or picks(product))


def _matcher(condition: Condition) -> Matcher:
    if condition.subject is Subject.PHOTO:
        wanted = condition.comparison is Comparison.PRESENT
        return lambda product: bool(product.photo_keys) is wanted
    if condition.subject in _NUMBERS:
        return _number_matcher(condition)
    read, test = _TEXTS[condition.subject], _text_test(condition)
    return lambda product: test(read(product))


def _number_matcher(condition: Condition) -> Matcher:
    read = _NUMBERS[condition.subject]
    if condition.comparison is Comparison.UNKNOWN:
        return lambda product: _known(read(product)) is None
    bound, compare = Decimal(condition.value), gt if condition.comparison is Comparison.ABOVE else lt

    def matches(product: SourceProduct) -> bool:
        number = _known(read(product))
        return number is not None and bool(compare(number, bound))

    return matches


@lru_cache(maxsize=512)
def _text_test(condition: Condition) -> Callable[[Iterable[str]], bool]:
    """Compare without regard to case and spaces; of several texts one is enough, for a "not" none may fit."""
    fits = _fitting(condition.comparison, normalized(condition.value))
    if condition.comparison in {Comparison.CONTAINS_NOT, Comparison.IS_NOT}:
        return lambda texts: not any(fits(normalized(text)) for text in texts)
    return lambda texts: any(fits(normalized(text)) for text in texts)


def _fitting(comparison: Comparison, wanted: str) -> Callable[[str], bool]:
    if comparison in {Comparison.CONTAINS, Comparison.CONTAINS_NOT}:
        return lambda text: wanted in text
    if comparison is Comparison.STARTS:
        return lambda text: text.startswith(wanted)
    return lambda text: text == wanted


# A product's texts are compared by one rule after the other.
@lru_cache(maxsize=64)
def normalized(text: str) -> str:
    """Return the text as conditions compare it."""
    return " ".join(text.casefold().replace("ё", "е").split())


def _known(number: Decimal | None) -> Decimal | None:
    return number if number is not None and number.is_finite() else None


_NUMBERS: dict[Subject, Callable[[SourceProduct], Decimal | None]] = {
    Subject.PRICE: lambda product: product.price,
    Subject.COST: lambda product: product.cost,
    Subject.STOCK: lambda product: product.quantity,
}
_TEXTS: dict[Subject, Callable[[SourceProduct], Path]] = {
    Subject.STORE: lambda product: (product.key.store_id,),
    Subject.NAME: lambda product: (product.name,),
    Subject.ARTICLE: lambda product: (product.article, product.code),
    Subject.BARCODE: lambda product: product.barcodes,
    Subject.TYPE: lambda product: (product.type,),
    Subject.TAG: lambda product: product.tags,
}
