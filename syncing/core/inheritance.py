"""What is known of goods that came back under another id: the till need not tell it again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from syncing.core.choices import Field, Gap
from syncing.core.copies import codes_of, find_copies
from syncing.core.last_known import NEVER_TOLD, Knowledge, Told
from syncing.core.matching import successors
from syncing.core.records import ProductKey, SourceProduct

_STORE = ""
# What forbids goods: of two that have only their name in common it is said of both.
_MARKS = (Field.TYPE, Field.ALLOW_TO_SELL, Field.IS_EXCISABLE, Field.IS_AGE_LIMITED)


def inherited_knowledge(
    new: Mapping[str, Told],
    before: Mapping[str, tuple[Knowledge, datetime]],
    told: Mapping[str, Told],
    beside: Mapping[str, Knowledge],
) -> dict[str, Knowledge]:
    """Return what new products have of others, all of one store, by id.

    A product that was another one before has what was known of it. A re-import may write the new goods before
    it deletes the old ones: an equal product has the same, one of the same name what forbids it.

    `before` are products that the reading did not find, with when they were last seen; `told` are all that it
    found, `new` among them; `beside` is what was known of those that are not new.
    """
    gone = {
        ProductKey(_STORE, old): _record(old, known.values, seen_at)
        for old, (known, seen_at) in before.items()
    }
    records = [_record(key, one.values) for key, one in told.items()]
    copies = find_copies(records, {ProductKey(_STORE, key) for key in beside})
    present = [product for product in records if product.key not in copies]
    arrived = [product for product in present if product.key.product_id in new]
    found = {
        key.product_id: before[old.product_id][0] for old, key, _is_like in successors(gone, arrived, present)
    }
    others = {**beside, **found}
    namesakes = _by_name(records, others)
    for product in records:
        key = product.key.product_id
        if key in new and key not in found and (alike := namesakes.get(product.name)):
            found[key] = _of_namesakes(product, alike, others)
    return found


def _by_name(
    products: Iterable[SourceProduct], known: Mapping[str, Knowledge]
) -> dict[str, list[SourceProduct]]:
    found: dict[str, list[SourceProduct]] = defaultdict(list)
    for product in products:
        if product.name and product.key.product_id in known:
            found[product.name].append(product)
    return found


def _of_namesakes(
    product: SourceProduct, alike: Iterable[SourceProduct], known: Mapping[str, Knowledge]
) -> Knowledge:
    """Return all that is known of an equal product, or what forbids one of the same name."""
    codes = codes_of(product)
    knowledge = [known[one.key.product_id] for one in alike if codes and codes_of(one) == codes]
    if knowledge:
        return knowledge[0]
    values, gaps = dict(NEVER_TOLD), dict.fromkeys(NEVER_TOLD, Gap.NEVER_TOLD)
    for name in _MARKS:
        said = {known[one.key.product_id].values[name] for one in alike} - {NEVER_TOLD[name]}
        if said:
            values[name] = min(said, key=str)
            del gaps[name]
    return Knowledge(values, gaps)


def _record(
    product_id: str, values: Mapping[Field, object | None], seen_at: datetime | None = None
) -> SourceProduct:
    """Return what a product is known by."""
    return SourceProduct(
        key=ProductKey(_STORE, product_id),
        name=str(values[Field.NAME] or ""),
        article=str(values[Field.ARTICLE] or ""),
        code=str(values[Field.CODE] or ""),
        barcodes=tuple(values[Field.BARCODES] or ()),  # type: ignore[arg-type]
        seen_at=seen_at,
    )
