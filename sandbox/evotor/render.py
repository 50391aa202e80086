"""Turns the Evotor stand-in's records into V2 objects, and into the V1 bodies of the product push."""

from datetime import UTC, datetime
from typing import Any, Final

from sandbox.evotor.records import Merchant, TillGroup, TillProduct, TillStore
from sandbox.evotor.till import STOCK_FIELD

V1_NAMES: Final = {
    "parent_id": "parentUuid",
    "name": "name",
    "type": "type",
    "price": "price",
    "cost_price": "costPrice",
    "quantity": "quantity",
    "measure_name": "measureName",
    "tax": "tax",
    "allow_to_sell": "allowToSell",
    "description": "description",
    "article_number": "articleNumber",
    "code": "code",
    "barcodes": "barCodes",
    "alcocodes": "alcoCodes",
    "alcohol_by_volume": "alcoholByVolume",
    "alcohol_product_kind_code": "alcoholProductKindCode",
    "tare_volume": "tareVolume",
}


def time_text(moment: float) -> str:
    """Return a Unix time as Evotor writes it: `2025-02-01T09:33:19.757+0000`."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "+0000")


def store_json(store: TillStore) -> dict[str, Any]:
    """Return a store."""
    answer: dict[str, Any] = {"id": store.id, "name": store.name}
    if store.address:
        answer["address"] = store.address
    return answer | {"user_id": store.user_id} | _times(store)


def group_json(group: TillGroup, user_id: str) -> dict[str, Any]:
    """Return a group; one at the root has no `parent_id`."""
    answer: dict[str, Any] = {"id": group.id, "name": group.name}
    if group.parent_id:
        answer["parent_id"] = group.parent_id
    if group.attributes:
        answer["attributes"] = group.attributes
    return answer | {"store_id": group.store_id, "user_id": user_id} | _times(group)


def product_json(product: TillProduct, merchant: Merchant) -> dict[str, Any]:
    """Return a product as this merchant's rights show it."""
    fields = dict(product.fields)
    if not merchant.stock_right:
        fields.pop(STOCK_FIELD, None)
    answer = {"id": product.id} | fields
    return answer | {"store_id": product.store_id, "user_id": merchant.user_id} | _times(product)


def product_v1(product: TillProduct) -> dict[str, Any]:
    """Return a product as the push sends it: V1 names, nulls for what is missing."""
    answer: dict[str, Any] = {"uuid": product.id, "group": False, "hasVariants": False}
    for name, old_name in V1_NAMES.items():
        answer[old_name] = product.fields.get(name)
    return answer


def _times(record: TillStore | TillGroup | TillProduct) -> dict[str, str]:
    return {"created_at": time_text(record.created_at), "updated_at": time_text(record.updated_at)}
