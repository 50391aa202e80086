"""What is known of goods that came back under another id: the till need not tell it again."""

from collections.abc import Mapping
from datetime import datetime

from syncing.core.choices import Field
from syncing.core.last_known import Knowledge, Told
from syncing.core.matching import successors
from syncing.core.records import ProductKey, SourceProduct

_STORE = ""


def inherited_knowledge(
    new: Mapping[str, Told],
    before: Mapping[str, tuple[Knowledge, datetime]],
    told: Mapping[str, Told],
) -> dict[str, Knowledge]:
    """Return the knowledge of the product that each new one was before, all of one store, by id.

    `before` are products that the reading did not find, with when they were last seen; `told` are all that it
    found, `new` among them.
    """
    gone = {
        ProductKey(_STORE, old): _record(old, known.values, seen_at)
        for old, (known, seen_at) in before.items()
    }
    present = [_record(key, one.values) for key, one in told.items()]
    arrived = [product for product in present if product.key.product_id in new]
    return {
        key.product_id: before[old.product_id][0] for old, key, _is_like in successors(gone, arrived, present)
    }


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
