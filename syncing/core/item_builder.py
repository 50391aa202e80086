"""Makes of a till product the VK item that the merchant's rules ask for."""

from decimal import ROUND_FLOOR, Decimal

from syncing.core.descriptions import describe, unit_of, validate_template
from syncing.core.errors import BadContext
from syncing.core.pricing import price_kopecks
from syncing.core.records import Product, Rules, Wanted
from syncing.core.titles import tidy_name, tidy_title, to_cp1251, vk_length

UNLIMITED = -1
MOST_STOCK = 999_999
LONGEST_SKU = 50
LONGEST_ALBUM = 128
_UNFIT_FOR_SKU = str.maketrans("", "", "\"'<>&\\`$!")


def wanted(
    product: Product,
    *,
    group_path: tuple[str, ...],
    rules: Rules,
    stamp: str,
    album: str,
    category_id: int,
) -> Wanted:
    """Return the item for an eligible product; `group_path` holds the names from the root down.

    Raises BadContext for a product without a price or a usable name, which `eligibility` refuses.
    """
    title = tidy_title(product.name, sentence_case=rules.sentence_case)
    if title is None or product.price is None:
        raise BadContext(f"Product {product.key} is not eligible: {product.name!r}, {product.price}")
    stock = stock_of(product.quantity)
    price = price_kopecks(product.price, rules)
    return Wanted(
        title=title,
        description=describe(product, title=title, price=price, group_path=group_path, rules=rules),
        price_kopecks=price,
        stock=stock,
        category_id=category_id,
        sku=sku_of(product, stamp),
        hidden=is_hidden(stock, rules),
        album=album,
        photo_key=product.photo_keys[0] if product.photo_keys else "placeholder",
    )


def stock_of(quantity: Decimal | None) -> int:
    """Return VK's stock: unknown is unlimited, negative none, a fraction rounded down."""
    if quantity is None or not quantity.is_finite():
        return UNLIMITED
    bounded = min(max(quantity, Decimal(0)), Decimal(MOST_STOCK))
    return int(bounded.to_integral_value(ROUND_FLOOR))


def is_hidden(stock: int, rules: Rules) -> bool:
    """Say whether an item with this stock is hidden by the merchant's wish."""
    return stock == 0 and rules.out_of_stock == "hide"


def sku_of(product: Product, stamp: str) -> str:
    """Return what the merchant knows the goods by, cut to leave room for the stamp, and the stamp."""
    known_by = visible_article(product).translate(_UNFIT_FOR_SKU)
    visible = " ".join(to_cp1251(known_by).split())
    visible = "".join(char for char in visible if char.isprintable() and vk_length(char) == 1)
    return f"{visible[: LONGEST_SKU - len(stamp) - 1].strip()} {stamp}".strip()


def visible_article(product: Product) -> str:
    """Return the article, else the code, else the first barcode, else ""."""
    barcode = next(iter(product.barcodes), "")
    return product.article.strip() or product.code.strip() or barcode.strip()


def album_title(group_path: tuple[str, ...], rules: Rules) -> str:
    """Return the album for goods of a group, or "" for goods at the root or a merchant without albums."""
    if not group_path or rules.albums == "none":
        return ""
    name = group_path[0] if rules.albums == "top_group" else group_path[-1]
    return tidy_name(name, sentence_case=rules.sentence_case, longest=LONGEST_ALBUM)


__all__ = [
    "album_title",
    "is_hidden",
    "sku_of",
    "stock_of",
    "unit_of",
    "validate_template",
    "visible_article",
    "wanted",
]
