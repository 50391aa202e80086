"""Makes of a till product the VK item that the merchant's rules ask for."""

from decimal import Decimal

from syncing.core.characters import weight
from syncing.core.descriptions import describe, plain_text, shorten
from syncing.core.drawn_pictures import drawn_key
from syncing.core.errors import BadContext
from syncing.core.goods_rules.records import NOTHING, Decision
from syncing.core.pricing import old_price_kopecks, price_kopecks, to_kopecks
from syncing.core.records import ChannelLimits, DesiredItem, Rules, SourceProduct
from syncing.core.shown_stock import UNKNOWN_BEFORE, UNLIMITED, Before, is_few, shown_stock
from syncing.core.titles import LONGEST_READ, product_title, tidy_name, to_cp1251, vk_length
from syncing.core.truncation import cut

LONGEST_TITLE_PART = 40
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

    Without `title`, `price` (in kopecks) or `template` (of the description) the rules give them;
    `decision` is what the merchant's rules for goods say.
    Raises BadContext for a product without a price or a usable name, which `eligibility` refuses.
    """
    if (title := title or product_title(product, rules, limits)) is None or product.price is None:
        raise BadContext(f"Product {product.key} is not eligible: {product.name!r}, {product.price}")
    stock = shown_stock(product.quantity, decision, before, rules, limits)
    # Beside a price that is not the rules' own nothing is crossed out.
    price, old_price = (price, 0) if price is not None else _prices(product.price, rules, decision)
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
        description=with_texts(description, decision, before, left=stock.in_till, limits=limits),
        price_kopecks=price,
        stock=stock.pieces,
        category_id=category_id,
        sku=sku_of(product, stamp, limits),
        hidden=stock.hidden,
        album=album,
        photo_key=product.photo_keys[0] if product.photo_keys else drawn_key(rules.card_style),
        old_price_kopecks=old_price,
        till_kopecks=to_kopecks(product.price),
        cost_kopecks=to_kopecks(product.cost),
        more_photos=product.photo_keys[1 : limits.photos],
    )


def _prices(till_price: Decimal, rules: Rules, decision: Decision) -> tuple[int, int]:
    """Return the price by the rules and the one that is crossed out beside it, in kopecks."""
    price = price_kopecks(till_price, rules, decision)
    return price, old_price_kopecks(till_price, rules, decision, beside=price)


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


def sku_of(product: SourceProduct, stamp: str, limits: ChannelLimits) -> str:
    """Return what the merchant knows the goods by, cut to leave room for the stamp, and the stamp."""
    known_by = visible_article(product)[:LONGEST_READ].translate(_UNFIT_FOR_SKU)
    visible = " ".join(to_cp1251(known_by).split())
    if not visible.isprintable() or vk_length(visible) > len(visible):
        visible = "".join(char for char in visible if char.isprintable() and vk_length(char) == 1)
    return f"{visible[: limits.sku_length - len(stamp) - 1].strip()} {stamp}".strip()


def visible_article(product: SourceProduct) -> str:
    """Return the article, else the code, else the first barcode, else ""."""
    barcode = next(iter(product.barcodes), "")
    return product.article.strip() or product.code.strip() or barcode.strip()
