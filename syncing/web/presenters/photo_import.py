"""What an import of photos would do, before it is confirmed: which product each fits, which none, and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from catalog.choices import ImportedFileState, ImportState, PhotoProblem
from catalog.models import PhotoImport, PhotoImportFile, Product
from catalog.photos.imports.layout import Place, lay_out
from catalog.photos.imports.saving import kept_hashes
from catalog.photos.imports.stamps import stamp
from catalog.photos.messages import sentence
from syncing.core.choices import PhotoMark
from syncing.web.presenters.computation_state import LATE_AFTER

GOODS_A_PAGE = 30
FILES_A_PAGE = 30
NAMED = 20
FOUND_BY: Mapping[str, object] = {
    PhotoMark.BARCODE: gettext_lazy("by barcode"),
    PhotoMark.ARTICLE: gettext_lazy("by article"),
    PhotoMark.CODE: gettext_lazy("by code"),
    PhotoMark.NAME: gettext_lazy("by name"),
    "": gettext_lazy("chosen by you"),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture on the page; `why` says why it would not be saved, "" where it would."""

    file: PhotoImportFile
    found_by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """A product with the pictures that are for it, and how many photos it has already."""

    product: Product
    pictures: Sequence[Picture]
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Files that were refused for one reason: the first names, and how many there are."""

    why: str
    names: Sequence[str]
    number: int

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.number - len(self.names)


@dataclass(frozen=True, slots=True)
class ImportPage:
    """The whole page. `to_save` photos for `goods_number` goods would be saved, or were.

    `stamp` names what is shown; the buttons send it, so that they do what the merchant saw. A worker is late
    where nothing was sent or pressed for a while and there is still work.
    """

    found: PhotoImport | None
    waiting: int = 0
    read: int = 0
    to_save: int = 0
    goods_number: int = 0
    with_photos: int = 0
    unmatched: int = 0
    goods: Page[GoodsLine] | None = None
    others: Page[Picture] | None = None
    refusals: Sequence[Refusal] = field(default_factory=list)
    stamp: str = ""
    is_late: bool = False

    @property
    def progress(self) -> str:
        """What a page that waits says: one that has it asks for something else only."""
        state = self.found.state if self.found else ""
        return f"{state}-{self.read}-{self.waiting}{'-late' if self.is_late else ''}"

    @property
    def is_working(self) -> bool:
        """Whether a worker is at it, so that the page asks again."""
        return bool(self.waiting) or self.is_saving or self.is_undoing

    @property
    def is_open(self) -> bool:
        """Whether it can be changed and confirmed."""
        return self.found is not None and self.found.state == ImportState.OPEN

    @property
    def is_saving(self) -> bool:
        """Whether the photos are being saved."""
        return self.found is not None and self.found.state == ImportState.SAVING

    @property
    def is_undoing(self) -> bool:
        """Whether they are being taken back."""
        return self.found is not None and self.found.state == ImportState.UNDOING

    @property
    def is_saved(self) -> bool:
        """Whether they are saved and can be taken back."""
        return self.found is not None and self.found.state == ImportState.SAVED


def import_page(user: User, *, now: datetime, goods_page: str = "1", files_page: str = "1") -> ImportPage:
    """Return what the page shows, in seven queries however many files there are."""
    found = PhotoImport.objects.for_user(user).first()
    if found is None:
        return ImportPage(None)
    files = list(found.files.order_by("pk"))
    by_state: dict[str, list[PhotoImportFile]] = defaultdict(list)
    for file in files:
        by_state[file.state].append(file)
    ready = by_state[ImportedFileState.READY]
    products = _products(user, files)
    kept = kept_hashes({file.product_id for file in ready if file.product_id})
    most = int(settings.PHOTOS_PER_PRODUCT)
    plan = lay_out(
        [file for file in ready if file.product_id in products], kept, replaces=found.replaces, most=most
    )
    shown = sorted(plan, key=lambda pk: (products[pk].name, pk))
    lines = [_line(products[pk], plan[pk], len(kept.get(pk, ()))) for pk in shown]
    others = [file for file in ready if file.is_matched and file.product_id not in products]
    rest = [Picture(file, why=_miss(file, products)) for file in others]
    rest += [Picture(file, why=_("Left out by you.")) for file in by_state[ImportedFileState.LEFT_OUT]]
    saved = by_state[ImportedFileState.SAVED]
    # Else a page that is asked for in between would show them nowhere, and not ask again.
    unmatched = sum(not file.is_matched for file in ready)
    to_save = sum(place.problem is None for places in plan.values() for place in places)
    return ImportPage(
        found,
        waiting=len(by_state[ImportedFileState.UPLOADED]) + unmatched,
        read=len(ready) - unmatched + len(by_state[ImportedFileState.REFUSED]),
        to_save=to_save or len(saved),
        goods_number=len({place.file.product_id for places in plan.values() for place in places})
        or len({file.product_id for file in saved}),
        with_photos=sum(line.kept > 0 for line in lines),
        unmatched=len(rest),
        goods=Paginator(lines, GOODS_A_PAGE).get_page(goods_page) if lines else None,
        others=Paginator(rest, FILES_A_PAGE).get_page(files_page) if rest else None,
        refusals=_refusals(by_state[ImportedFileState.REFUSED]),
        stamp=stamp(found, files, plan, kept),
        is_late=found.changed_at < now - LATE_AFTER,
    )


def _products(user: User, files: Iterable[PhotoImportFile]) -> dict[int, Product]:
    """Return the goods that the files are for or may be for."""
    ids: set[int] = set()
    for file in files:
        ids.update(file.fitting)
        if file.product_id:
            ids.add(file.product_id)
    return Product.objects.for_user(user).present().in_bulk(ids)


def _line(product: Product, places: Sequence[Place], kept: int) -> GoodsLine:
    pictures = [
        Picture(
            place.file,
            found_by=str(FOUND_BY[place.file.mark]),
            why=sentence(place.problem) if place.problem else "",
        )
        for place in places
    ]
    return GoodsLine(product, pictures, kept)


def _miss(file: PhotoImportFile, products: Mapping[int, Product]) -> str:
    """Return why a picture has no product."""
    if not file.fitting_number:
        return _("No product has a barcode, article, code or name that stands in the file's name.")
    if file.fitting_number == 1:
        return sentence(PhotoProblem.GONE)
    names = [products[pk].name for pk in file.fitting if pk in products]
    listed = "; ".join(names)
    more = file.fitting_number - len(names)
    text = _("The name fits several goods, so none was chosen: %(names)s") % {"names": listed}
    if more:
        text += " " + ngettext("and %(n)s more", "and %(n)s more", more) % {"n": localize(more)}
    return f"{text}."


def _refusals(files: Iterable[PhotoImportFile]) -> list[Refusal]:
    names: dict[str, list[str]] = defaultdict(list)
    for file in files:
        names[file.problem].append(file.name)
    return [
        Refusal(sentence(PhotoProblem(problem)), found[:NAMED], len(found))
        for problem, found in names.items()
    ]
