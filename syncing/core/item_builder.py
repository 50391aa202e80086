"""Makes of a till product the VK item that the merchant's rules ask for."""

from decimal import ROUND_FLOOR, Decimal

from syncing.core.choices import OutOfStock
from syncing.core.descriptions import describe
from syncing.core.drawn_pictures import drawn_key
from syncing.core.errors import BadContext
from syncing.core.goods_rules.records import NOTHING, Decision
from syncing.core.pricing import old_price_kopecks, price_kopecks, to_kopecks
from syncing.core.records import ChannelLimits, DesiredItem, Rules, SourceProduct
from syncing.core.titles import LONGEST_READ, product_title, to_cp1251, vk_length

UNLIMITED = -1
_UNFIT_FOR_SKU = str.maketrans("", "", "\"'<>&\\`$!")


def build_item(
    product: SourceProduct,
    *,
    group_path: tuple[str, ...],
    rules: Rules,
    limits: ChannelLimits,
    stamp: str,
    album: str,
    category_id: int,
    title: str | None = None,
    decision: Decision = NOTHING,
    is_hidden_now: bool = False,
    price: int | None = None,
    template: str | None = None,
) -> DesiredItem:
    """Return the item for an eligible product; `group_path` holds the names from the root down.

    `title` is the product's own if not given, `decision` is what the rules for goods say, `price` is in
    kopecks, by all rules if not given; `template` is that of the description, by
    the rules if not given.
    Raises BadContext for a product without a price or a usable name, which `eligibility` refuses.
    """
    title = title or product_title(product, rules, limits)
    if title is None or product.price is None:
        raise BadContext(f"Product {product.key} is not eligible: {product.name!r}, {product.price}")
    in_till = stock_of(product.quantity, limits)
    stock = offered(in_till, decision)
    # Beside a price that is not the rules' own nothing is crossed out.
    old_price = 0
    if price is None:
        price = price_kopecks(product.price, rules, decision)
        old_price = old_price_kopecks(product.price, rules, decision, beside=price)
    return DesiredItem(
        title=title,
        description=describe(
            product,
            title=title,
            price=price,
            group_path=group_path,
            rules=rules,
            template=template,
            longest=limits.description_length,
        ),
        price_kopecks=price,
        stock=stock,
        category_id=category_id,
        sku=sku_of(product, stamp, limits),
        hidden=is_hidden(stock, rules) or is_held_back(in_till, decision, is_hidden_now=is_hidden_now),
        album=album,
        photo_key=product.photo_keys[0] if product.photo_keys else drawn_key(rules.card_style),
        old_price_kopecks=old_price,
        till_kopecks=to_kopecks(product.price),
        cost_kopecks=to_kopecks(product.cost),
        more_photos=product.photo_keys[1 : limits.photos],
    )


def stock_of(quantity: Decimal | None, limits: ChannelLimits) -> int:
    """Return the channel's stock: unknown is unlimited, negative none, a fraction rounded down."""
    if quantity is None or not quantity.is_finite():
        return UNLIMITED
    bounded = min(max(quantity, Decimal(0)), Decimal(limits.stock))
    return int(bounded.to_integral_value(ROUND_FLOOR))


def offered(stock: int, decision: Decision) -> int:
    """Return how many pieces VK may show; an unlimited stock stays so, for there is nothing to count."""
    if stock == UNLIMITED:
        return stock
    left = max(stock - decision.keep_back, 0)
    return left if decision.show_at_most is None else min(left, decision.show_at_most)


def is_held_back(stock: int, decision: Decision, *, is_hidden_now: bool) -> bool:
    """Return True if a rule hides goods of which the till has so few.

    Hidden goods come back only with one piece more than that, so that a sale and its return do not make
    them come and go.
    """
    if stock == UNLIMITED or decision.hide_at is None:
        return False
    return stock <= decision.hide_at + (is_hidden_now and decision.hide_at > 0)


def is_hidden(stock: int, rules: Rules) -> bool:
    """Return True if the merchant's rules hide an item with this stock."""
    return stock == 0 and rules.out_of_stock == OutOfStock.HIDE


def sku_of(product: SourceProduct, stamp: str, limits: ChannelLimits) -> str:
    """Return what the merchant knows the goods by, cut to leave room for the stamp, and the stamp."""
    known_by = visible_article(product)[:LONGEST_READ].translate(_UNFIT_FOR_SKU)
    visible = " ".join(to_cp1251(known_by).split())
    visible = "".join(char for char in visible if char.isprintable() and vk_length(char) == 1)
    return f"{visible[: limits.sku_length - len(stamp) - 1].strip()} {stamp}".strip()


def visible_article(product: SourceProduct) -> str:
    """Return the article, else the code, else the first barcode, else ""."""
    barcode = next(iter(product.barcodes), "")
    return product.article.strip() or product.code.strip() or barcode.strip()
