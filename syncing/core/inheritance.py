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
# What may forbid goods: of two that have only a name or a code in common it is said of both.
_MAY_FORBID = (Field.TYPE, Field.ALLOW_TO_SELL, Field.IS_EXCISABLE, Field.IS_AGE_LIMITED, Field.GROUP)


def inherited_knowledge(
    new: Mapping[str, Told],
    before: Mapping[str, tuple[Knowledge, datetime]],
    told: Mapping[str, Told],
    beside: Mapping[str, Knowledge],
) -> dict[str, Knowledge]:
    """Return what new products have of others, all of one store, by id.

    A product that was another one before has what was known of it. A re-import may write the new goods before
    it deletes the old ones: an equal product has the same, one of the same name or code what may forbid it.

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
    told_of = [product for product in records if product.key.product_id in others]
    equal = {(one.name, codes): others[one.key.product_id] for one in told_of if (codes := codes_of(one))}
    forbidding = _forbidding(told_of, others)
    for product in records:
        key = product.key.product_id
        if key in others:
            continue
        if knowledge := equal.get((product.name, codes_of(product))):
            found[key] = knowledge
        elif said := [forbidding[mark] for mark in _marks(product) if mark in forbidding]:
            found[key] = _knowing(said)
    return found


def _forbidding(
    products: Iterable[SourceProduct], known: Mapping[str, Knowledge]
) -> dict[str, dict[Field, object]]:
    """Return, by name and code, what is known of the products that bear it and may forbid them."""
    found: dict[str, dict[Field, object]] = defaultdict(dict)
    for product in products:
        values = known[product.key.product_id].values
        said = {name: values[name] for name in _MAY_FORBID if values[name] != NEVER_TOLD[name]}
        for mark in _marks(product) if said else ():
            found[mark] |= said
    return found


def _knowing(said: Iterable[Mapping[Field, object]]) -> Knowledge:
    """Return the knowledge of these values and of nothing else."""
    values: dict[Field, object] = {}
    for one in said:
        values |= one
    gaps = dict.fromkeys(NEVER_TOLD.keys() - values.keys(), Gap.NEVER_TOLD)
    return Knowledge({**NEVER_TOLD, **values}, gaps)


def _marks(product: SourceProduct) -> list[str]:
    return [mark for mark in (product.name, *sorted(codes_of(product))) if mark]


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
