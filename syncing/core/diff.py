"""What differs between an item in VK and the item we want, field by field.

Three states decide: what we last sent, what VK shows now, what is desired. Where VK shows
something that we did not send, the merchant has edited it there. Price, stock, sku and album belong
to the till and its rules; title, description, category, old price and picture belong to the merchant
once they have touched them, and so does the visibility of an item that they have hidden.
"""

import html
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from syncing.core.kept_forms import is_same, read_back
from syncing.core.records import ChannelItem, DesiredItem, KeptForm, Listing

TILL_FIELDS = ("price_kopecks", "stock", "sku", "hidden")
NEVER_EMPTY = ("title", "description")
MERCHANT_FIELDS = ("title", "description", "category_id", "old_price_kopecks")
PICTURE_FIELDS = ("photo_key", "more_photos")

Changes = dict[str, tuple[object, object]]


@dataclass(frozen=True, slots=True)
class Difference:
    """`changes` maps a field to (now, desired); `taken_over` are the merchant's own fields.

    `kept_forms` are the values that VK does not give back as they were sent.
    """

    changes: Changes
    taken_over: frozenset[str]
    kept_forms: Mapping[str, KeptForm]


# Asked for each item of an album.
@lru_cache(maxsize=1024)
def album_key(title: str) -> str:
    """Return what makes two album titles the same album, 128 characters at most."""
    return " ".join(html.unescape(title).split()).casefold()[:128]


def difference(
    listing: Listing,
    item: ChannelItem,
    desired: DesiredItem,
    albums: Mapping[str, int],
    *,
    may_enter_album: bool = True,
    own_albums: Mapping[str, int] | None = None,
    stays_in: str = "",
) -> Difference:
    """Return what to change in `item`. `albums` maps an album key to VK's album id.

    `own_albums` are those of them that we made: they hold the goods of their groups alone.
    Without `may_enter_album` the item is not put into its album, and it is not taken out of the one it
    `stays_in`: VK has refused that of late.
    """
    taken_over = set(owned_fields(listing, item))
    changes: Changes = {}
    forms: dict[str, KeptForm] = {}
    for name in (*MERCHANT_FIELDS, *TILL_FIELDS):
        sent, want = _sent(listing, name), getattr(desired, name)
        now, form = read_back(name, sent, _now(listing, item, name), listing.kept_forms.get(name))
        if form is not None:
            forms[name] = form
        if name in MERCHANT_FIELDS and _edited(now, sent, want) and not _ours(listing, name, now):
            taken_over.add(name)
        if name in taken_over:
            continue
        current = sent if now is None else now
        if not is_same(current, want):
            changes[name] = (current, want)
    if _photo_replaced(listing, item):
        taken_over.add("photo_key")
    if _more_photos_replaced(listing, item, desired):
        taken_over.add("more_photos")
    changes |= _picture_changes(listing, desired, taken_over)
    changes |= album_change(
        listing,
        item,
        desired,
        albums,
        own_albums=own_albums or {},
        may_enter_album=may_enter_album,
        stays_in=stays_in,
    )
    return Difference(changes, frozenset(taken_over), forms)


def owned_fields(listing: Listing, item: ChannelItem) -> frozenset[str]:
    """Return the fields that are the merchant's so far, `hidden` as VK shows the item now."""
    # Albums are never the merchant's: an earlier release noted a refused one so.
    others = listing.merchant_fields - {"album", "hidden"}
    return others | {"hidden"} if _hidden_by_merchant(listing, item) else others


def confirmed(
    listing: Listing, item: ChannelItem, desired: DesiredItem, found: Difference, albums: Mapping[str, int]
) -> DesiredItem | None:
    """Return `sent` as VK shows it, or None where our map says so already.

    A write whose answer was lost has taken effect: unless that is noted, VK's value would later
    pass for an edit of the merchant's.
    """
    if listing.sent is None or listing.sent == desired:
        return None
    taken: dict[str, object] = {
        name: getattr(desired, name)
        for name in (*MERCHANT_FIELDS, *TILL_FIELDS)
        if name not in found.changes and getattr(item, name) is not None
        if name not in found.taken_over
    }
    is_in = bool(desired.album) and albums.get(album_key(desired.album)) in (item.album_ids or ())
    # An item that has yet to leave its old album is known by that one.
    if is_in and "album" not in found.changes:
        taken["album"] = desired.album
    if "price_kopecks" in taken:
        taken |= {"till_kopecks": desired.till_kopecks, "cost_kopecks": desired.cost_kopecks}
    shown = replace(listing.sent, **taken)  # type: ignore[arg-type]
    return shown if shown != listing.sent else None


def _now(listing: Listing, item: ChannelItem, name: str) -> object:
    """Return what VK shows, or None where that cannot be told.

    A sold-out item looks hidden where VK keeps its stock to itself, and an old price is not shown beside a
    price that it does not exceed. VK has no item without a title and a description: it left them out.
    """
    if name in NEVER_EMPTY and not getattr(item, name):
        return None
    if name == "old_price_kopecks" and not item.old_price_kopecks and listing.sent:
        price, sent = item.price_kopecks, listing.sent.old_price_kopecks
        if price is not None and sent and sent <= price:
            return None
    if name == "hidden" and item.hidden and item.stock is None and listing.sent and listing.sent.stock == 0:
        return None
    return getattr(item, name)


def _hidden_by_merchant(listing: Listing, item: ChannelItem) -> bool:
    """Return True if the merchant has hidden the item, and has not shown it again.

    Only an item that VK has confirmed as shown can be hidden by somebody else: `sent.hidden` is None
    from before a change of ours until its answer is written down.
    """
    hidden, is_theirs = _now(listing, item, "hidden"), "hidden" in listing.merchant_fields
    if hidden is None:
        return is_theirs
    was_shown = listing.sent is not None and listing.sent.hidden is False and listing.hidden_since is None
    return bool(hidden) and (is_theirs or was_shown)


def _sent(listing: Listing, name: str) -> object:
    return getattr(listing.sent, name) if listing.sent else None


def _edited(now: object, sent: object, want: object) -> bool:
    """Return True if VK shows what neither we sent nor the till asks for."""
    if now is None or sent is None:
        return False
    return not is_same(now, sent) and not is_same(now, want)


def _photo_replaced(listing: Listing, item: ChannelItem) -> bool:
    if listing.sent_photo_id is None or not item.photo_ids:
        return False
    shown = item.photo_ids[0]
    return shown != listing.sent_photo_id and not _ours(listing, "photo_id", shown)


def _more_photos_replaced(listing: Listing, item: ChannelItem, desired: DesiredItem) -> bool:
    """Return True if VK shows other pictures behind the main one than we sent or are about to send."""
    if listing.sent_more_ids is None or not item.photo_ids:
        return False
    shown = item.photo_ids[1:]
    about_to = tuple(listing.saved_photos.get(key) for key in desired.more_photos)
    return shown not in (listing.sent_more_ids, about_to) and not _ours(listing, "more_ids", [*shown])


def _picture_changes(listing: Listing, desired: DesiredItem, taken_over: Collection[str]) -> Changes:
    """Return the change of pictures. Where the merchant has put up a main one, all stay as they are."""
    if listing.sent is None or "photo_key" in taken_over:
        return {}
    return {
        name: (getattr(listing.sent, name), getattr(desired, name))
        for name in PICTURE_FIELDS
        if name not in taken_over and getattr(listing.sent, name) != getattr(desired, name)
    }


def _ours(listing: Listing, name: str, value: object) -> bool:
    """Return True if VK shows a value that we wrote a moment ago or were about to write."""
    return any(name in own and is_same(value, own[name]) for own in listing.own_values)


def album_change(
    listing: Listing,
    item: ChannelItem,
    desired: DesiredItem,
    albums: Mapping[str, int],
    *,
    own_albums: Mapping[str, int],
    may_enter_album: bool,
    stays_in: str,
) -> Changes:
    """Return the change of album: out of the one that we chose before, into the one desired now.

    An item that stands in another album of ours leaves that one, too: a refused removal or a lost answer
    has left it there.
    """
    before = listing.sent.album if listing.sent else ""
    if item.album_ids is None:
        must_change = before != desired.album and (may_enter_album or not desired.album)
        return {"album": (before, desired.album)} if must_change else {}
    is_in = {key: album_id in item.album_ids for key, album_id in albums.items()}
    if album_key(before) == stays_in:
        before = ""
    old_key, new_key = album_key(before), album_key(desired.album)
    must_leave = bool(before) and old_key != new_key and is_in.get(old_key, False)
    if not must_leave:
        others = [
            key
            for key, pk in sorted(own_albums.items())
            if key not in (new_key, stays_in) and pk in item.album_ids
        ]
        before, must_leave = (others[0], True) if others else (before, False)
    must_enter = may_enter_album and bool(desired.album) and not is_in.get(new_key, False)
    return {"album": (before, desired.album)} if must_leave or must_enter else {}
