"""Names what a page shows of an import, so that an older page decides nothing that it did not show."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings

from catalog.choices import ImportedFileState
from catalog.models import PhotoImport, PhotoImportFile, Product
from catalog.photos.imports.layout import Place, lay_out
from catalog.photos.imports.saving import kept_hashes


class Outdated(Exception):
    """The import is not as the page showed it on which the merchant decided."""


def check(found: PhotoImport | None, seen: str) -> None:
    """Raise Outdated unless `seen` is the stamp of the import as it is now."""
    if found is None or stamp_of(found) != seen:
        raise Outdated


def stamp_of(found: PhotoImport) -> str:
    """Return the stamp of an import as it is now."""
    files = list(found.files.order_by("pk"))
    ready = [file for file in files if file.state == ImportedFileState.READY and file.product_id]
    kept = kept_hashes({file.product_id for file in ready if file.product_id})
    present = Product.objects.for_user(found.user_id).present().in_bulk({file.product_id for file in ready})
    plan = lay_out(
        [file for file in ready if file.product_id in present],
        kept,
        replaces=found.replaces,
        most=int(settings.PHOTOS_PER_PRODUCT),
    )
    return stamp(found, files, plan, kept)


def stamp(
    found: PhotoImport,
    files: Iterable[PhotoImportFile],
    plan: Mapping[int, Sequence[Place]],
    kept: Mapping[int, set[str]],
) -> str:
    """Return the stamp of an import with these files, which would be laid out so.

    Photos that would be replaced belong to it: one that was added meanwhile was not shown.
    """
    parts = (
        found.pk,
        found.state,
        found.replaces,
        sorted((file.pk, file.state, file.product_id) for file in files),
        sorted((place.file.pk, str(place.problem)) for places in plan.values() for place in places),
        sorted((product, sorted(kept.get(product, ()))) for product in plan) if found.replaces else (),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
