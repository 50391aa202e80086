"""A product of a feed, before any reader's wishes. Pure: no rows, no net."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FeedOffer:
    """One product as a feed tells it.

    `id` is the stamp by which VK knows it too, `row_id` our product row's. `till_id`, `code` and `article`
    are the till's own, `vendor_code` the first that there is. `groups` are the names of its till groups,
    the outermost first. `picture` and `more_pictures` are addresses; `has_photo` is False where we draw it.
    `count` is None where the stock is not counted; it is then available. `vk_item_id` is its item in VK,
    or None. `old_price_kopecks` is crossed out beside the price where it is higher, 0 for none.
    """

    id: str
    name: str
    price_kopecks: int
    category_id: int
    picture: str
    description: str
    vendor_code: str = ""
    barcodes: tuple[str, ...] = ()
    count: int | None = None
    row_id: int = 0
    till_id: str = ""
    code: str = ""
    article: str = ""
    groups: tuple[str, ...] = ()
    has_photo: bool = True
    vk_item_id: int | None = None
    more_pictures: tuple[str, ...] = ()
    old_price_kopecks: int = 0

    @property
    def pictures(self) -> tuple[str, ...]:
        """All addresses of pictures, the main one first."""
        return (self.picture, *self.more_pictures)
