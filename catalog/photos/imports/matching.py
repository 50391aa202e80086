"""Says which product each prepared picture is of, by its file's name, or by the merchant's own choice."""

from django.db import transaction

from accounts.models import User
from catalog.choices import ImportedFileState, ImportState
from catalog.models import PhotoImport, PhotoImportFile, Product
from syncing.core.photo_names import MarkedGoods, PhotoIndex

# As many goods are named where a name fits several.
NAMED = 3


def match(found: PhotoImport) -> int:
    """Compare the pictures that are new with the goods; return how many these are."""
    files = list(found.files.ready().unmatched())
    if not files:
        return 0
    index = PhotoIndex(_goods(found.user_id))
    for file in files:
        match = index.find(file.name)
        file.product_id, file.mark, file.number = match.product, match.mark or "", match.number
        file.fitting, file.fitting_number = list(match.goods[:NAMED]), len(match.goods)
        file.is_matched = True
    fields = ["product", "mark", "number", "fitting", "fitting_number", "is_matched"]
    PhotoImportFile.objects.bulk_update(files, fields, batch_size=200)
    return len(files)


def _goods(user_id: int) -> list[MarkedGoods]:
    products = Product.objects.for_user(user_id).present().in_listed_stores()
    rows = products.values_list("pk", "name", "article_number", "code", "barcodes")
    return [
        MarkedGoods(pk, name, article, code, tuple(str(one) for one in barcodes or ()))
        for pk, name, article, code, barcodes in rows
    ]


def assign(user: User, file: PhotoImportFile, product: Product) -> bool:
    """Make a picture one of this product, by the merchant's choice; return False where it is too late."""
    with transaction.atomic():
        if not _is_open(user):
            return False
        rows = PhotoImportFile.objects.for_user(user).pictures().filter(pk=file.pk)
        return bool(rows.update(product=product, mark="", is_matched=True, state=ImportedFileState.READY))


def leave_out(user: User, file: PhotoImportFile) -> bool:
    """Leave a picture out, or take it in again; return False where it is too late."""
    with transaction.atomic():
        if not _is_open(user):
            return False
        rows = PhotoImportFile.objects.for_user(user).pictures().filter(pk=file.pk)
        is_in = file.state == ImportedFileState.READY
        return bool(rows.update(state=ImportedFileState.LEFT_OUT if is_in else ImportedFileState.READY))


def _is_open(user: User) -> bool:
    """Return True if the merchant's import may be changed; it stays so for this transaction."""
    found = PhotoImport.objects.for_user(user).select_for_update().first()
    return found is not None and found.state == ImportState.OPEN
