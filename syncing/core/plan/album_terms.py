"""Albums as one item meets them: which it may enter, and which it cannot leave."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypedDict

from syncing.core.albums import may_enter, must_stay, plan_albums
from syncing.core.choices import AlbumStep
from syncing.core.diff import album_key
from syncing.core.plan.draft import Draft
from syncing.core.records import AlbumPlan, DesiredItem, Listing, ProductKey


class AlbumTerms(TypedDict):
    """What `difference` and `album_change` are told about one item and its album."""

    may_enter_album: bool
    stays_in: str


def own_albums(draft: Draft, albums: AlbumPlan) -> dict[str, int]:
    """Return the albums that we made and that the shop has once the plan is carried out."""
    return {key: pk for key, pk in draft.context.own_albums.items() if key in albums.known}


def album_terms(draft: Draft, albums: AlbumPlan, listing: Listing, desired: DesiredItem) -> AlbumTerms:
    """Return what an earlier refusal of the channel means for the item's change of album."""
    context = draft.context
    return AlbumTerms(
        may_enter_album=may_enter(context, albums, listing.album_refusal, album_key(desired.album)),
        stays_in=must_stay(context, listing.stay_refusal),
    )


def choose_albums(draft: Draft, staying: Mapping[ProductKey, DesiredItem]) -> AlbumPlan:
    """Return the albums to have; products of groups that there can be no album for go without one.

    `staying` are items that keep theirs although their products are out.
    """
    desired = draft.evaluation.desired
    albums = plan_albums(draft.context, {**staying, **desired}, draft.pairing.pairs)
    if not (albums.left_out or albums.refused):
        return albums
    for key, item in desired.items():
        desired[key] = with_possible_album(albums, item)
    return albums


def with_possible_album(albums: AlbumPlan, desired: DesiredItem) -> DesiredItem:
    """Return the item without its album where there can be none."""
    refused = (one.title for one in albums.refused if one.step is AlbumStep.MAKE)
    if desired.album and (desired.album in albums.left_out or desired.album in refused):
        return replace(desired, album="")
    return desired
