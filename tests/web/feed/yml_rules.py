"""A check of YML files by the published rules of the format, written without the code that makes them.

The rules: Yandex's descriptions of YML (one root `yml_catalog` with a date, one `shop`, currencies and
categories before offers, unique ids, parents that exist, a simplified offer's required elements), the
narrower of the lengths that importers name, and XML 1.0's characters.
"""

import re
from xml.etree import ElementTree as ET

SHOP_ORDER = ["name", "company", "url", "platform", "currencies", "categories", "offers"]
REQUIRED = ["name", "price", "currencyId", "categoryId", "picture"]
OPTIONAL = {"description", "vendorCode", "barcode", "count", "oldprice"}
LENGTHS = {"name": 150, "description": 3000, "picture": 512, "vendorCode": 255}


def problems(data: bytes) -> list[str]:
    """Return every rule that the file breaks, in words."""
    found: list[str] = []
    if not data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>'):
        found.append("no XML declaration")
    root = ET.fromstring(data)  # noqa: S314 - our own file
    if root.tag != "yml_catalog" or [child.tag for child in root] != ["shop"]:
        return [*found, "the root is not yml_catalog with one shop"]
    if not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", root.get("date", "")):
        found.append(f"date {root.get('date')}")
    shop = root[0]
    if [child.tag for child in shop] != SHOP_ORDER:
        found.append(f"shop holds {[child.tag for child in shop]}")
    found += [
        f"{name} of the shop is empty" for name in ("name", "company", "url") if not shop.findtext(name)
    ]
    currencies = {one.get("id"): one.get("rate") for one in shop.iter("currency")}
    if currencies not in ({"RUB": "1"}, {"RUR": "1"}):
        found.append(f"currencies {currencies}")
    categories = _categories(shop, found)
    ids: set[str] = set()
    for offer in shop.iter("offer"):
        found += _offer(offer, categories, set(currencies), ids)
    return found


def _categories(shop: ET.Element, found: list[str]) -> set[str]:
    known: set[str] = set()
    rows = list(shop.iter("category"))
    if not rows:
        found.append("no category")
    for row in rows:
        number = row.get("id", "")
        if not re.fullmatch(r"[1-9]\d{0,17}", number) or number in known:
            found.append(f"category id {number}")
        known.add(number)
        if not (row.text or "").strip():
            found.append(f"category {number} has no name")
    parents = {row.get("parentId") for row in rows} - {None}
    found += [f"parent {parent} is no category" for parent in parents if parent not in known]
    return known


def _offer(offer: ET.Element, categories: set[str], currencies: set[str | None], ids: set[str]) -> list[str]:
    number, found = offer.get("id", ""), []
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,20}", number) or number in ids:
        found.append("id")
    ids.add(number)
    if offer.get("available") not in ("true", "false"):
        found.append("available")
    tags = [child.tag for child in offer]
    found += [f"no {tag}" for tag in REQUIRED if tags.count(tag) != 1 or not offer.findtext(tag)]
    found += [f"unknown {tag}" for tag in tags if tag not in {*REQUIRED, *OPTIONAL}]
    found += [tag for tag, most in LENGTHS.items() if len(offer.findtext(tag) or "") > most]
    price = offer.findtext("price") or ""
    if not re.fullmatch(r"\d+(\.\d\d)?", price) or float(price) <= 0:
        found.append(f"price {price}")
    old = offer.findtext("oldprice")
    if old is not None and (not re.fullmatch(r"\d+(\.\d\d)?", old) or float(old) <= float(price)):
        found.append(f"oldprice {old}")
    if offer.findtext("currencyId") not in currencies:
        found.append("currencyId")
    if offer.findtext("categoryId") not in categories:
        found.append("categoryId")
    if not re.fullmatch(r"https?://[!-~]+", offer.findtext("picture") or ""):
        found.append("picture")
    found += [
        "barcode" for one in offer.iter("barcode") if not re.fullmatch(r"\d{8}|\d{12,14}", one.text or "")
    ]
    if not re.fullmatch(r"\d*", offer.findtext("count") or ""):
        found.append("count")
    return [f"offer {number}: {one}" for one in found]
