"""Photos that come many at once: what was sent, which product each fits, and what was saved of it."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.search import split_search
from catalog.choices import ImportedFileState, ImportState
from catalog.models.photos import ProductPhoto
from catalog.models.products import Product
from evosync.common import clock

# A worker has an import for so long, unless it says again that it is at it.
LEASE = timedelta(minutes=3)
NEEDS_WORK = (ImportState.SAVING, ImportState.UNDOING)


class PhotoImportQuerySet(models.QuerySet["PhotoImport"]):
    """Imports of photos, at most one a merchant."""

    def for_user(self, user: User | int) -> Self:
        """Filter to one merchant's, given as a user or an id."""
        return self.filter(user=user)

    def of_address(self, text: str) -> Self:
        """Filter to merchants whose email begins with the text; to none where it is no email."""
        return self.filter(user__in=split_search(text)[0] or [])

    def unchanged_since(self, moment: datetime) -> Self:
        """Filter to those that nobody has touched after `moment`."""
        return self.filter(changed_at__lt=moment)

    def not_woken_since(self, moment: datetime, now: datetime) -> Self:
        """Filter to those that nobody has touched between `moment` and `now`."""
        return self.exclude(clock.since("changed_at", moment, now))

    def unattended(self, now: datetime) -> Self:
        """Filter to those that no worker is at work on."""
        return self.exclude(clock.before("busy_until", now, longest=LEASE))

    def unfinished(self) -> Self:
        """Filter to those with something for a worker to do."""
        files = PhotoImportFile.objects.filter(photo_import=models.OuterRef("pk"))
        # Each by the index; MariaDB would look for both at once in all files of an import.
        to_open, to_compare = files.uploaded(), files.ready().unmatched()
        return self.filter(
            models.Q(state__in=NEEDS_WORK) | models.Exists(to_open) | models.Exists(to_compare)
        )


class PhotoImport(models.Model):
    """A merchant's import of photos. Nothing of it is a product's photo before they confirm.

    `busy_until` is set while a worker is at it. `replaces` says that the photos take the place of those that
    the products have; else they come behind them.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="photo_import", verbose_name=_("user")
    )
    state = models.CharField(_("state"), max_length=8)
    replaces = models.BooleanField(_("replaces photos"), default=False)
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"))
    busy_until = models.DateTimeField(null=True, editable=False)

    objects = PhotoImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of photos")
        verbose_name_plural = _("imports of photos")
        indexes = [models.Index(fields=["changed_at"], name="photo_import_by_change")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.state}"


class PhotoImportFileQuerySet(models.QuerySet["PhotoImportFile"]):
    """Files of imports."""

    def for_user(self, user: User | int) -> Self:
        """Filter to one merchant's, given as a user or an id."""
        return self.filter(photo_import__user=user)

    def of_address(self, text: str) -> Self:
        """Filter to merchants whose email begins with the text; to none where it is no email."""
        return self.filter(photo_import__user__in=split_search(text)[0] or [])

    def uploaded(self) -> Self:
        """Filter to those that wait to be opened, the first sent first."""
        return self.filter(state=ImportedFileState.UPLOADED).order_by("pk")

    def unread(self) -> Self:
        """Filter to those that a worker has still to open, or to compare with the goods."""
        return self.filter(
            models.Q(state=ImportedFileState.UPLOADED)
            | models.Q(state=ImportedFileState.READY, is_matched=False)
        )

    def ready(self) -> Self:
        """Filter to pictures that were prepared and may be saved."""
        return self.filter(state=ImportedFileState.READY)

    def in_state(self, state: ImportedFileState) -> Self:
        """Filter to those of whom this became."""
        return self.filter(state=state)

    def refused_as(self, name: str, problem: str) -> Self:
        """Filter to a file of this name that was refused for this."""
        return self.filter(state=ImportedFileState.REFUSED, name=name, problem=problem)

    def of_product(self, product: Product | int) -> Self:
        """Filter to those of one product."""
        return self.filter(product=product)

    def unmatched(self) -> Self:
        """Filter to those that were not compared with the goods yet."""
        return self.filter(is_matched=False)

    def of_upload(self, upload: str) -> Self:
        """Filter to the parts of one file that was sent in pieces."""
        return self.filter(upload=upload).order_by("part")

    def waiting(self) -> Self:
        """Filter to what was sent and not opened yet, pieces included."""
        return self.filter(state__in=(ImportedFileState.PIECE, ImportedFileState.UPLOADED))

    def unfinished_of_name(self, name: str) -> Self:
        """Filter to pieces of a file of this name whose other pieces never came."""
        return self.filter(state=ImportedFileState.PIECE, name=name)

    def pictures(self) -> Self:
        """Filter to those that are pictures of the merchant's, saved or not."""
        return self.filter(state__in=(ImportedFileState.READY, ImportedFileState.LEFT_OUT))

    def size(self) -> int:
        """Return how many bytes their files have."""
        return int(self.aggregate(size=models.Sum("size_bytes"))["size"] or 0)


class PhotoImportFile(models.Model):
    """One file of an import: as it was sent, as a prepared picture, or why it is none.

    A large file comes in `parts` pieces with the same `upload`. Of an archive, `next_entry` is the file that
    is read next. `fitting` are the first of the `fitting_number` goods that the name fits.
    """

    photo_import = models.ForeignKey(
        PhotoImport, models.CASCADE, related_name="files", verbose_name=_("import")
    )
    name = models.CharField(_("name"), max_length=255)
    state = models.CharField(_("state"), max_length=8)
    problem = models.CharField(_("problem"), max_length=16, blank=True, default="")
    file = models.FileField(_("file"), upload_to="imports/%Y/%m", blank=True, default="")
    size_bytes = models.PositiveIntegerField(_("size, bytes"), default=0)
    content_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    upload = models.CharField(max_length=32, blank=True, default="", editable=False)
    part = models.PositiveSmallIntegerField(default=0, editable=False)
    parts = models.PositiveSmallIntegerField(default=1, editable=False)
    next_entry = models.PositiveIntegerField(default=0, editable=False)
    is_matched = models.BooleanField(default=False, editable=False)
    product = models.ForeignKey(
        Product, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    # By what of the product the name names it; "" where the merchant has chosen it.
    mark = models.CharField(_("found by"), max_length=8, blank=True, default="")
    number = models.PositiveSmallIntegerField(_("place"), default=0)
    fitting = models.JSONField(default=list, blank=True, editable=False)
    fitting_number = models.PositiveIntegerField(default=0, editable=False)
    # The photo that it was saved as.
    photo = models.ForeignKey(
        ProductPhoto, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("photo")
    )

    objects = PhotoImportFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of an import")
        verbose_name_plural = _("files of imports")
        indexes = [models.Index(fields=["photo_import", "state", "is_matched"], name="import_file_by_work")]

    def __str__(self) -> str:
        return self.name
