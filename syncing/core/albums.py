"""Which albums the shop has: those of its groups, as many as the channel holds, the biggest first.

Albums are known by the id that the channel gave, so one that the merchant renamed stays the group's. An
album of ours that no product needs any more is renamed where its goods moved on together, and removed
once it is empty; an album that we did not make is never touched. Where albums or their places are short,
goods for sale come before hidden ones, and a group that has clearly outgrown another takes its place.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from syncing.core.choices import AlbumStep
from syncing.core.diff import album_key
from syncing.core.records import (
    AlbumPlan,
    AlbumRefusal,
    AlbumRename,
    ChannelItem,
    DesiredItem,
    EmptiedAlbum,
    Listing,
    ProductKey,
    ShopRefusal,
    SyncContext,
)

# How long a refusal of one item counts, and one for lack of room while the album stays equally full.
REFUSAL_STANDS = timedelta(days=1)
FULL_STANDS = timedelta(days=7)
# How long the channel is not asked again for an album that it refused under this title.
SHOP_REFUSAL_STANDS = timedelta(days=7)
# A group takes the album of another one that is so much smaller, and so many at once.
OUTGROWN_TIMES, OUTGROWN_BY = 1.5, 3
SWAPS_AT_ONCE = 3

Pairs = Mapping[ProductKey, tuple[Listing, ChannelItem]]


@dataclass(slots=True)
class _Albums:
    """The working state of one plan, by album key."""

    titles: Mapping[str, str]
    sizes: Counter[str]
    known: dict[str, int]
    left_out: dict[str, int] = field(default_factory=dict)
    removals: list[tuple[str, int]] = field(default_factory=list)


def plan_albums(context: SyncContext, desired: Mapping[ProductKey, DesiredItem], pairs: Pairs) -> AlbumPlan:
    """Return which albums to keep, rename and remove, and which have no room. `pairs` are items in VK."""
    titles = {album_key(item.album): item.album for item in desired.values() if item.album}
    sizes = Counter(album_key(item.album) for item in desired.values() if item.album)
    missing = [key for key in titles if key not in context.albums]
    unneeded = {key: pk for key, pk in context.own_albums.items() if key not in titles}
    successors = _successors(unneeded, missing, desired, pairs)
    refused = _refusals(context, titles, unneeded, successors)
    unmovable = {one.subject for one in refused if one.step is AlbumStep.REMOVE}
    unmade = {one.subject for one in refused if one.step is AlbumStep.MAKE}
    unnamed = {one.subject for one in refused if one.step is AlbumStep.RENAME}
    members = _members(context, pairs, desired)
    known = {key: pk for key, pk in context.albums.items() if key not in successors}
    known |= {new: unneeded[old] for old, new in successors.items()}
    albums = _Albums(titles, sizes, known)
    removable = {
        key: pk
        for key, pk in context.own_albums.items()
        if key not in successors and str(pk) not in unmovable
    }
    idle = {key: pk for key, pk in removable.items() if key in unneeded}
    albums.removals += _empty(context, idle, members)
    emptied = _emptied(context, idle, desired, pairs)
    still = [key for key in missing if key not in successors.values() and key not in unmade]
    _make_room(context, albums, still, removable, members, emptied=_number_that_go(context, emptied, pairs))
    evictions = _evictions(context, albums, desired, pairs, members)
    moved_out = Counter(pk for _, pk in evictions)
    return AlbumPlan(
        known=albums.known,
        renames=tuple(
            AlbumRename(unneeded[old], old, titles[new])
            for old, new in sorted(successors.items())
            if str(unneeded[old]) not in unnamed
        ),
        removals=tuple(albums.removals),
        emptied=emptied,
        sizes=dict(sizes),
        held={key: context.album_counts.get(pk, 0) - moved_out[pk] for key, pk in albums.known.items()},
        left_out=dict(sorted(albums.left_out.items())),
        refused=refused,
        under_other_titles={
            new: unneeded[old] for old, new in successors.items() if str(unneeded[old]) in unnamed
        },
        inside=_in_their_albums(albums.known, desired, pairs),
        evictions=evictions,
    )


def _empty(context: SyncContext, idle: Mapping[str, int], members: "_Members") -> list[tuple[str, int]]:
    """Return the idle albums that nobody has anything in."""
    return [
        (key, pk)
        for key, pk in sorted(idle.items())
        if not members.inside(pk) and context.album_counts.get(pk) == 0
    ]


def _in_their_albums(
    known: Mapping[str, int], desired: Mapping[ProductKey, DesiredItem], pairs: Pairs
) -> frozenset[ProductKey]:
    """Return the products whose items are in the albums where they belong."""
    return frozenset(
        key
        for key, (_, item) in pairs.items()
        if key in desired and known.get(album_key(desired[key].album)) in (item.album_ids or ())
    )


def _emptied(
    context: SyncContext, idle: Mapping[str, int], desired: Mapping[ProductKey, DesiredItem], pairs: Pairs
) -> tuple[EmptiedAlbum, ...]:
    """Return the idle albums that hold nothing but items of ours that belong elsewhere."""
    inside: dict[int, set[ProductKey]] = defaultdict(set)
    for key, (_, item) in pairs.items():
        for pk in item.album_ids or ():
            inside[pk].add(key)
    return tuple(
        EmptiedAlbum(key, pk, frozenset(inside[pk]))
        for key, pk in sorted(idle.items())
        if inside[pk] and inside[pk] <= desired.keys() and context.album_counts.get(pk) == len(inside[pk])
    )


def _number_that_go(context: SyncContext, emptied: Iterable[EmptiedAlbum], pairs: Pairs) -> int:
    """Return how many emptied albums leave their places to others: none that an item cannot leave."""
    return sum(
        all(must_stay(context, pairs[key][0].stay_refusal) != one.key for key in one.leaving)
        for one in emptied
    )


def _refusals(
    context: SyncContext,
    titles: Mapping[str, str],
    unneeded: Mapping[str, int],
    successors: Mapping[str, str],
) -> tuple[ShopRefusal, ...]:
    """Return the refusals that still count: this plan would ask for the same thing again."""
    asked = {(AlbumStep.MAKE, key): title for key, title in titles.items()}
    asked |= {(AlbumStep.RENAME, str(unneeded[old])): titles[new] for old, new in successors.items()}
    asked |= {(AlbumStep.REMOVE, str(pk)): key for key, pk in context.own_albums.items()}
    return tuple(
        one
        for one in context.shop_refusals
        if asked.get((one.step, one.subject)) == one.title
        if context.now - one.refused_at < SHOP_REFUSAL_STANDS
    )


@dataclass(frozen=True, slots=True)
class _Members:
    """Who is in which album, by its id: goods for sale, and hidden ones that are out, the longest first."""

    for_sale: Mapping[int, int]
    hidden: Mapping[int, list[ProductKey]]
    counts: Mapping[int, int]

    def inside(self, pk: int) -> int:
        """Return how many items of ours are in the album."""
        return self.for_sale.get(pk, 0) + len(self.hidden.get(pk, ()))

    def is_ours_alone(self, pk: int) -> bool:
        """Return True if the channel says that nobody has put other items into the album."""
        return pk in self.counts and self.counts[pk] <= self.inside(pk)


def _members(context: SyncContext, pairs: Pairs, desired: Mapping[ProductKey, DesiredItem]) -> _Members:
    for_sale: Counter[int] = Counter()
    hidden: dict[int, list[ProductKey]] = defaultdict(list)
    out = sorted(
        (listing.hidden_since, key)
        for key, (listing, _) in pairs.items()
        if key not in desired and listing.hidden_since is not None
    )
    for _, key in out:
        for pk in pairs[key][1].album_ids or ():
            hidden[pk].append(key)
    hidden_keys = {key for _, key in out}
    for key, (_, item) in pairs.items():
        if key not in hidden_keys:
            for_sale.update(item.album_ids or ())
    return _Members(for_sale, hidden, context.album_counts)


def _make_room(
    context: SyncContext,
    albums: _Albums,
    missing: Iterable[str],
    removable: Mapping[str, int],
    members: _Members,
    *,
    emptied: int,
) -> None:
    """Choose who of the missing gets an album, and which albums of ours go for it.

    So many `emptied` ones go before any is made.
    """
    total = max(len(context.albums), len(context.album_counts))
    room = max(0, context.limits.albums - total + len(albums.removals) + emptied)
    waiting = sorted(missing, key=lambda key: (-albums.sizes[key], key))[room:]
    going = dict(albums.removals)
    idle = [key for key in sorted(removable) if key not in albums.titles and key not in going]
    # An album that holds only hidden goods is invisible to shoppers, so it goes first.
    for key in idle:
        pk = removable[key]
        if waiting and not members.for_sale.get(pk) and members.is_ours_alone(pk):
            albums.removals.append((key, pk))
            albums.known.pop(key, None)
            waiting.pop(0)
    smallest = sorted(
        (albums.sizes[key], key)
        for key, pk in removable.items()
        if key in albums.titles and albums.known.get(key) == pk and members.is_ours_alone(pk)
    )
    for size, key in smallest[:SWAPS_AT_ONCE]:
        if not waiting or not _has_outgrown(albums.sizes[waiting[0]], size):
            break
        albums.removals.append((key, removable[key]))
        del albums.known[key]
        albums.left_out[albums.titles[key]] = size
        waiting.pop(0)
    albums.left_out |= {albums.titles[key]: albums.sizes[key] for key in waiting}


def _has_outgrown(size: int, other: int) -> bool:
    return size >= other * OUTGROWN_TIMES and size >= other + OUTGROWN_BY


def _evictions(
    context: SyncContext,
    albums: _Albums,
    desired: Mapping[ProductKey, DesiredItem],
    pairs: Pairs,
    members: _Members,
) -> tuple[tuple[ProductKey, int], ...]:
    """Return which hidden goods leave which full albums, so that goods for sale have their places."""
    if not members.hidden:
        return ()
    capacity: dict[int, int] = {}
    for listing, _ in pairs.values():
        refusal = listing.album_refusal
        if refusal and refusal.held is not None and context.now - refusal.refused_at < FULL_STANDS:
            pk = albums.known.get(refusal.album_key, 0)
            capacity[pk] = min(refusal.held, capacity.get(pk, refusal.held))
    waiting: Counter[int] = Counter()
    for key, item in desired.items():
        album_id = albums.known.get(album_key(item.album))
        if album_id and (key not in pairs or album_id not in (pairs[key][1].album_ids or ())):
            waiting[album_id] += 1
    found: list[tuple[ProductKey, int]] = []
    for pk, number in sorted(waiting.items()):
        free = capacity.get(pk, context.limits.items_per_album) - context.album_counts.get(pk, 0)
        lacking = max(0, number - max(0, free))
        found += [(key, pk) for key in members.hidden.get(pk, ())[:lacking]]
    return tuple(found)


def _successors(
    unneeded: Mapping[str, int],
    missing: Iterable[str],
    desired: Mapping[ProductKey, DesiredItem],
    pairs: Pairs,
) -> dict[str, str]:
    """Return the new key of each unneeded album most of whose products moved on to one missing album."""
    old_key = {pk: key for key, pk in unneeded.items()}
    wanted = set(missing)
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for key, (_, item) in pairs.items():
        if key not in desired:
            continue
        for pk in item.album_ids or ():
            if pk in old_key:
                votes[old_key[pk]][album_key(desired[key].album)] += 1
    successors: dict[str, str] = {}
    by_weight = sorted(
        ((count, old, new) for old, counts in votes.items() for new, count in counts.items()),
        key=lambda vote: (-vote[0], vote[1], vote[2]),
    )
    for count, old, new in by_weight:
        if new in wanted and old not in successors and count * 2 > votes[old].total():
            successors[old] = new
            wanted.discard(new)
    return successors


def may_enter(context: SyncContext, plan: AlbumPlan, refusal: AlbumRefusal | None, key: str) -> bool:
    """Return False while what made the channel refuse this album to the item still holds."""
    if refusal is None or refusal.album_key != key:
        return True
    if refusal.held is None:
        return context.now - refusal.refused_at >= REFUSAL_STANDS
    held = plan.held.get(key, refusal.held)
    return held < refusal.held or context.now - refusal.refused_at >= FULL_STANDS


def misplaced(context: SyncContext) -> int:
    """Return how many items are not in their albums, or in wrong ones, because the channel refuses it."""
    items = {item.item_id: item for item in context.channel_items}
    count = 0
    for listing in context.listings:
        item = items.get(listing.item_id or 0)
        inside = (item.album_ids or ()) if item else ()
        kept_in = context.albums.get(must_stay(context, listing.stay_refusal), 0) in inside
        refusal = listing.album_refusal
        kept_out = (
            refusal is not None
            and refusal.held is None
            and context.now - refusal.refused_at < REFUSAL_STANDS
            and refusal.album_key == album_key(listing.sent.album if listing.sent else "")
        )
        count += kept_in or kept_out
    return count


def must_stay(context: SyncContext, refusal: AlbumRefusal | None) -> str:
    """Return the key of the album that the channel did not take the item out of, empty for none."""
    stands = refusal is not None and context.now - refusal.refused_at < SHOP_REFUSAL_STANDS
    return refusal.album_key if refusal and stands else ""
