"""Makes the matched pictures photos of their products, and takes that back."""

import time
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from catalog.choices import ImportedFileState, PhotoProblem
from catalog.models import PhotoImport, PhotoImportFile, Product, ProductPhoto
from catalog.photos.errors import InvalidPhoto
from catalog.photos.imports.layout import Place, lay_out
from catalog.photos.imports.receiving import store
from catalog.photos.services import add_photo, lock_photos, remove_photo


def kept_hashes(products: Iterable[int]) -> dict[int, set[str]]:
    """Return the hashes of the photos that these products have."""
    kept: dict[int, set[str]] = defaultdict(set)
    rows = ProductPhoto.objects.filter(product__in=list(products)).values_list("product_id", "content_hash")
    for product, content_hash in rows:
        if product is not None:
            kept[product].add(content_hash)
    return kept


def save_all(found: PhotoImport, *, until: float) -> bool:
    """Save the matched pictures, product by product; return True if all are saved.

    It goes on where it was stopped, for what is saved is no longer ready.
    """
    while (
        first := found.files.ready().filter(product__isnull=False).order_by("product").first()
    ) is not None:
        if time.monotonic() >= until:
            return False
        with transaction.atomic():
            _save_product(found, first.product_id or 0)
    return True


def _save_product(found: PhotoImport, product_id: int) -> None:
    # What the merchant does to these photos by hand comes before or after, not between.
    lock_photos(found.user_id)
    files = list(found.files.ready().of_product(product_id))
    product = Product.objects.for_user(found.user_id).present().with_ids([product_id]).first()
    if product is None:
        _refuse(files, PhotoProblem.GONE)
        return
    plan = lay_out(
        files,
        kept_hashes([product_id]),
        replaces=found.replaces,
        most=int(settings.PHOTOS_PER_PRODUCT),
    )
    written: list[ProductPhoto | PhotoImportFile] = []
    try:
        with transaction.atomic():
            _carry_out(found, product, plan[product_id], written)
    except InvalidPhoto as error:
        _delete_files(written)
        # What was made of the rows themselves is rolled back only in the database.
        _refuse(found.files.ready().of_product(product_id), error.code)


def _carry_out(
    found: PhotoImport, product: Product, places: list[Place], written: list[ProductPhoto | PhotoImportFile]
) -> None:
    """Save a product's pictures; one whose file is lost does not keep the others. Raises InvalidPhoto."""
    pictures = [(place.file, place.problem or _jpeg_or_problem(place.file)) for place in places]
    if found.replaces and any(isinstance(jpeg, bytes) for _file, jpeg in pictures):
        for former in product.photos.in_order():
            written += _keep_aside(found, product, former)
            remove_photo(former)
    for file, jpeg in pictures:
        if isinstance(jpeg, PhotoProblem):
            _refuse([file], jpeg)
            continue
        file.photo = add_photo(product, jpeg=jpeg)
        written.append(file.photo)
        file.state = ImportedFileState.SAVED
        _drop_file(file)


def _delete_files(rows: Iterable[ProductPhoto | PhotoImportFile]) -> None:
    """Delete the files of rows that were rolled back; a photo that was there before keeps its own."""
    for row in rows:
        if not type(row).objects.filter(pk=row.pk, file=row.file.name).exists():
            row.file.storage.delete(row.file.name or "")


def _keep_aside(found: PhotoImport, product: Product, photo: ProductPhoto) -> list[PhotoImportFile]:
    """Keep a photo that is replaced, so that it can come back. One whose file is lost cannot."""
    try:
        with photo.file.open("rb") as file:
            jpeg = file.read()
    except (FileNotFoundError, ValueError):
        return []
    row = PhotoImportFile(
        photo_import=found,
        name=str(photo),
        state=ImportedFileState.REPLACED,
        size_bytes=len(jpeg),
        content_hash=photo.content_hash,
        product=product,
        number=photo.position,
        is_matched=True,
    )
    store(row, ContentFile(jpeg))
    return [row]


def _jpeg_or_problem(file: PhotoImportFile) -> bytes | PhotoProblem:
    try:
        return _bytes_of(file)
    except InvalidPhoto as error:
        return error.code


def _bytes_of(file: PhotoImportFile) -> bytes:
    """Return a prepared picture. Raises InvalidPhoto where its file is lost."""
    try:
        with file.file.open("rb") as opened:
            return bytes(opened.read())
    except (FileNotFoundError, ValueError):
        raise InvalidPhoto(PhotoProblem.INCOMPLETE) from None


def _drop_file(file: PhotoImportFile) -> None:
    """Save the row without its file, which goes with the commit."""
    name, storage = file.file.name or "", file.file.storage
    file.file, file.size_bytes = "", 0
    file.save()
    transaction.on_commit(lambda: storage.delete(name) if name else None, robust=True)


def _refuse(files: Iterable[PhotoImportFile], problem: PhotoProblem) -> None:
    for file in files:
        file.state, file.problem = ImportedFileState.REFUSED, problem
        _drop_file(file)


def undo_all(found: PhotoImport, *, until: float) -> bool:
    """Take the saved photos away and bring the replaced ones back; return True if all is done."""
    states = (ImportedFileState.SAVED, ImportedFileState.REPLACED)
    left = found.files.filter(state__in=states, product__isnull=False).order_by("product")
    while (first := left.first()) is not None:
        if time.monotonic() >= until:
            return False
        with transaction.atomic():
            _undo_product(found, first.product_id or 0)
    return True


def _undo_product(found: PhotoImport, product_id: int) -> None:
    lock_photos(found.user_id)
    saved = found.files.in_state(ImportedFileState.SAVED).of_product(product_id).select_related("photo")
    for file in saved:
        # One that was turned or cropped since is the merchant's later work.
        if file.photo is not None and file.photo.content_hash == file.content_hash:
            remove_photo(file.photo)
        file.delete()
    product = Product.objects.for_user(found.user_id).with_ids([product_id]).first()
    replaced = found.files.in_state(ImportedFileState.REPLACED).of_product(product_id)
    for file in replaced.order_by("number", "pk"):
        if product is not None:
            _bring_back(product, file)
        file.delete()


def _bring_back(product: Product, file: PhotoImportFile) -> None:
    try:
        add_photo(product, jpeg=_bytes_of(file))
    except InvalidPhoto:
        # The product has as many photos as there is room for: the merchant has added others since.
        return
