"""Which new goods go to VK first: a first upload takes hours, and shoppers see only what is uploaded already.

The till tells no sales of single goods. What it tells stands for them: what can be bought before what is sold
out, what has the merchant's own picture before a drawn one, then what is most in stock.
"""

from syncing.core.drawn_pictures import style_of
from syncing.core.records import DesiredItem, ProductKey


def place_in_upload(key: ProductKey, item: DesiredItem) -> tuple[object, ...]:
    """Return what new items are sorted by, the first one to be made the smallest."""
    is_drawn = style_of(item.photo_key) is not None
    # An unlimited stock, -1, comes behind every known one.
    return bool(item.hidden), item.stock == 0, is_drawn, -item.stock, key
