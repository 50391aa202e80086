"""Makes of a till product the VK item that the merchant's rules ask for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal

from syncing.core.characters import weight
from syncing.core.choices import OutOfStock
from syncing.core.descriptions import describe, plain_text, shorten
from syncing.core.drawn_pictures import drawn_key
from syncing.core.errors import BadContext
from syncing.core.goods_rules.records import NOTHING, Decision
from syncing.core.pricing import old_price_kopecks, price_kopecks, to_kopecks
from syncing.core.records import ChannelLimits, DesiredItem, Listing, Rules, SourceProduct
from syncing.core.titles import LONGEST_READ, product_title, tidy_name, to_cp1251, vk_length
from syncing.core.truncation import cut

UNLIMITED = -1
# So long after a write nothing is undone that a sale and its return would do again.
REST = timedelta(minutes=15)
# So many more than twice the bound are no return but new goods.
RESTOCKED = 5
LONGEST_TITLE_PART = 40


@dataclass(frozen=True, slots=True)
class Before:
    """What an item was when we last wrote it, and whether that was a moment ago."""

    is_hidden: bool = False
    stock: int | None = None
    description: str = ""
    rests: bool = False


UNKNOWN_BEFORE = Before()


def before_of(listing: Listing, now: datetime) -> Before:
    """Return what a listing tells of its item as it was last written."""
    sent = listing.sent
    if sent is None:
        return UNKNOWN_BEFORE
    rests = listing.written_at is not None and now - listing.written_at < REST
    return Before(bool(sent.hidden), sent.stock, sent.description or "", rests)


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
    before: Before = UNKNOWN_BEFORE,
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
    held_back = is_held_back(in_till, decision, before)
    # Beside a price that is not the rules' own nothing is crossed out.
    old_price = 0
    if price is None:
        price = price_kopecks(product.price, rules, decision)
        old_price = old_price_kopecks(product.price, rules, decision, beside=price)
    description = describe(
        product,
        title=title,
        price=price,
        group_path=group_path,
        rules=rules,
        template=template,
        longest=limits.description_length,
    )
    return DesiredItem(
        title=with_title_parts(title, decision, limits),
        description=with_texts(description, decision, before, left=in_till, limits=limits),
        price_kopecks=price,
        stock=_steady(stock, decision, before, held_back=held_back),
        category_id=category_id,
        sku=sku_of(product, stamp, limits),
        hidden=is_hidden(stock, rules) or held_back,
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
    """Return how many pieces VK may show.

    An unknown stock is neither none nor endless: nothing is kept back of it, and it is shown as unlimited
    only where no rule bounds what is shown.
    """
    if stock == UNLIMITED:
        return UNLIMITED if decision.show_at_most is None else decision.show_at_most
    left = max(stock - decision.keep_back, 0)
    return left if decision.show_at_most is None else min(left, decision.show_at_most)


def is_held_back(stock: int, decision: Decision, before: Before) -> bool:
    """Return True if a rule hides goods of which the till has so few."""
    if stock == UNLIMITED or decision.hide_at is None:
        return False
    return is_few(stock, decision.hide_at, before, is_so_now=before.is_hidden)


def is_few(stock: int, most: int, before: Before, *, is_so_now: bool) -> bool:
    """Return True while at most so many are left, and for a while after.

    What is so now ends only with one piece more, and not within a quarter of an hour of our last write,
    unless clearly more have come: a sale and its return do not make goods come and go.
    """
    if stock <= most or not is_so_now:
        return stock <= most
    return stock <= most + (most > 0) or (before.rests and not _is_restocked(stock, most))


def _is_restocked(stock: int, most: int) -> bool:
    return stock > 2 * most + RESTOCKED


def _steady(stock: int, decision: Decision, before: Before, *, held_back: bool) -> int:
    """Return the stock to show: of goods that a rule hides when few are left, not every return at once.

    A sale is written at once; what is hidden keeps the number that it has.
    """
    if decision.hide_at is None or before.stock is None or stock == UNLIMITED:
        return stock
    if held_back and before.is_hidden:
        return before.stock
    is_return = 0 < before.stock < stock and not _is_restocked(stock, decision.hide_at)
    return before.stock if before.rests and is_return else stock


def with_title_parts(title: str, decision: Decision, limits: ChannelLimits) -> str:
    """Return the title with what rules put before and behind it, cut to leave room for that."""
    if not decision.title_prefix and not decision.title_suffix:
        return title
    parts = [
        tidy_name(part, sentence_case=False, longest=LONGEST_TITLE_PART)
        for part in (decision.title_prefix, decision.title_suffix)
    ]
    room = limits.title_weight - sum(vk_length(part) + 1 for part in parts if part)
    return " ".join(filter(None, (parts[0], cut(title, room, weight), parts[1])))


def with_texts(
    description: str, decision: Decision, before: Before, *, left: int, limits: ChannelLimits
) -> str:
    """Return the description with what rules put before and behind it."""
    few, added = decision.few_left, plain_text(decision.add_text)
    first = ""
    if few is not None and left != UNLIMITED:
        text = plain_text(few.text)
        count, is_so_now = left - decision.keep_back, before.description.startswith(text)
        # Of what is sold out nothing is said, and nothing unsaid: the next return would bring it back.
        if is_so_now if count <= 0 else is_few(count, few.pieces, before, is_so_now=is_so_now):
            first = text
    if not first and not added:
        return description
    room = limits.description_length - sum(len(part) + 2 for part in (first, added) if part)
    return "\n\n".join(filter(None, (first, shorten(description, room), added)))


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
