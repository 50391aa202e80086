"""Which albums the shop has: those of its groups, as many as the channel holds, the biggest first.

Albums are known by the id that the channel gave, so one that the merchant renamed stays the group's. An
album of ours that no product needs any more is renamed where its goods moved on together, and removed
once it is empty; an album that we did not make is never touched.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta

from syncing.core.diff import album_key
from syncing.core.records import (
    AlbumPlan,
    AlbumRefusal,
    AlbumRename,
    ChannelItem,
    DesiredItem,
    ProductKey,
    SyncContext,
)

# So long a refusal of one item stands, and one for want of room while the album stays as full as it was.
REFUSAL_STANDS = timedelta(days=1)
FULL_STANDS = timedelta(days=7)


def plan_albums(
    context: SyncContext, desired: Mapping[ProductKey, DesiredItem], pairs: Mapping[ProductKey, ChannelItem]
) -> AlbumPlan:
    """Return which albums to keep, rename and remove, and which have no room. `pairs` are items in VK."""
    titles = {album_key(item.album): item.album for item in desired.values() if item.album}
    sizes = Counter(album_key(item.album) for item in desired.values() if item.album)
    missing = [key for key in titles if key not in context.albums]
    unneeded = {key: pk for key, pk in context.own_albums.items() if key not in titles}
    successors = _successors(unneeded, missing, desired, pairs)
    renames = tuple(AlbumRename(unneeded[old], old, titles[new]) for old, new in sorted(successors.items()))
    taken = set(successors.values())
    inhabited = {pk for item in pairs.values() for pk in item.album_ids or ()}
    removals = tuple(
        (key, pk)
        for key, pk in sorted(unneeded.items())
        if key not in successors and pk not in inhabited and context.album_counts.get(pk) == 0
    )
    total = max(len(context.albums), len(context.album_counts))
    room = max(0, context.limits.albums - total + len(removals))
    still = sorted((key for key in missing if key not in taken), key=lambda key: (-sizes[key], key))
    known = {key: pk for key, pk in context.albums.items() if key not in successors}
    known |= {album_key(rename.title): rename.album_id for rename in renames}
    return AlbumPlan(
        known=known,
        renames=renames,
        removals=removals,
        sizes=dict(sizes),
        held={key: context.album_counts.get(pk, 0) for key, pk in known.items()},
        left_out={titles[key]: sizes[key] for key in sorted(still[room:])},
    )


def _successors(
    unneeded: Mapping[str, int],
    missing: Iterable[str],
    desired: Mapping[ProductKey, DesiredItem],
    pairs: Mapping[ProductKey, ChannelItem],
) -> dict[str, str]:
    """Return the new key of each unneeded album most of whose products moved on to one missing album."""
    old_key = {pk: key for key, pk in unneeded.items()}
    wanted = set(missing)
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for key, item in pairs.items():
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


def may_enter(context: SyncContext, known: Mapping[str, int], refusal: AlbumRefusal | None, key: str) -> bool:
    """Return False while what made the channel refuse this album to the item still holds."""
    if refusal is None or refusal.album_key != key:
        return True
    if refusal.held is None:
        return context.now - refusal.refused_at >= REFUSAL_STANDS
    held = context.album_counts.get(known.get(key, 0), refusal.held)
    return held < refusal.held or context.now - refusal.refused_at >= FULL_STANDS
