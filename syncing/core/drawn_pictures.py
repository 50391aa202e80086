"""What names a picture that we draw for goods without a photo, and how a change of its style spreads."""

from syncing.core.choices import CardStyle
from syncing.core.records import PLACEHOLDER, DesiredItem, Listing

# Pictures already in VK that one run draws again after a change of style: each is three requests.
RESTYLED_PER_RUN = 100


def drawn_key(style: CardStyle) -> str:
    """Return the `photo_key` of a picture in this style; that of the first style is older than styles."""
    return PLACEHOLDER if style is CardStyle.COLOUR else f"{PLACEHOLDER}-{style}"


def style_of(photo_key: str) -> CardStyle | None:
    """Return the style of a drawn picture, or None for the merchant's own photo."""
    return _STYLES.get(photo_key)


def is_restyled(listing: Listing, desired: DesiredItem) -> bool:
    """Return True if a drawn picture is to be replaced by one in another style."""
    if listing.sent is None or listing.sent.photo_key == desired.photo_key:
        return False
    return style_of(listing.sent.photo_key) is not None and style_of(desired.photo_key) is not None


_STYLES = {drawn_key(style): style for style in CardStyle}
