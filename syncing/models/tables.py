"""Tables of goods: those that merchants upload, with their lines, and those that workers write for them."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.models import Product
from evosync.common.text import normalize_for_search
from syncing.choices import TableExportProblem, TableExportState, TableFormat, TableLineKind, TableState

# Of a row's number, in digits.
LONGEST_NUMBER = 8


class TableImportQuerySet(models.QuerySet["TableImport"]):
    """Imports of tables."""

    def for_user(self, user: User | int) -> Self:
        """Filter to one merchant's, given as a user or an id."""
        return self.filter(user=user)

    def newest(self) -> Self:
        """Order from the newest."""
        return self.order_by("-pk")

    def reading(self) -> Self:
        """Filter to those that a worker has yet to read."""
        return self.filter(state=TableState.READING)

    def unused(self) -> Self:
        """Filter to those of which nothing was imported."""
        return self.filter(applied_at__isnull=True)

    def used(self) -> Self:
        """Filter to those of which something was imported."""
        return self.filter(applied_at__isnull=False)

    def older_than(self, moment: datetime) -> Self:
        """Filter to those that were uploaded before `moment`."""
        return self.filter(created_at__lt=moment)


class TableImport(models.Model):
    """One uploaded table. `file` is deleted as soon as it is read, and with the row (syncing/receivers.py).

    `notes` says what was understood: the columns by name, unknown headers, how many prices are others.
    """

    State = TableState

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="table_imports", verbose_name=_("user")
    )
    file_name = models.CharField(_("file name"), max_length=255)
    file = models.FileField(_("file"), max_length=200, blank=True, default="", editable=False)
    state = models.CharField(_("state"), max_length=16, choices=TableState, default=TableState.READING)
    problem = models.CharField(_("problem"), max_length=32, blank=True, default="")
    detail = models.CharField(_("concerned"), max_length=255, blank=True, default="")
    notes = models.JSONField(default=dict, blank=True, editable=False)
    same = models.PositiveIntegerField(_("lines that change nothing"), default=0)
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    applied_at = models.DateTimeField(_("imported"), null=True, blank=True)

    objects = TableImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of a table")
        verbose_name_plural = _("imports of tables")
        indexes = [models.Index(fields=["created_at"], name="table_import_by_age")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.file_name}"


class TableImportLineQuerySet(models.QuerySet["TableImportLine"]):
    """Lines of tables."""

    def for_user(self, user: User | int) -> Self:
        """Filter to one merchant's, given as a user or an id."""
        return self.filter(table__user=user)

    def of_table(self, table: TableImport) -> Self:
        """Filter to one table's, in the order of the file."""
        return self.filter(table=table).order_by("number")

    def of_kind(self, kind: str) -> Self:
        """Filter to those of one kind."""
        return self.filter(kind=kind)

    def bad_for(self, *, problem: str, column: str, detail: str) -> Self:
        """Filter to those that are bad for one reason."""
        return self.filter(problem=problem, column=column, detail=detail)

    def waiting(self) -> Self:
        """Filter to those that would change something and are not imported."""
        return self.filter(kind=TableLineKind.CHANGED, is_applied=False)

    def applied(self) -> Self:
        """Filter to those that are imported."""
        return self.filter(is_applied=True)

    def after(self, number: int) -> Self:
        """Filter to those below this row of the file."""
        return self.filter(number__gt=number)

    def search(self, text: str) -> Self:
        """Filter to those whose name contains every word of the text, or whose number it is."""
        if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER:
            return self.filter(models.Q(number=int(text)) | models.Q(search_text__contains=text))
        found = self
        for word in normalize_for_search(text).split():
            found = found.filter(search_text__contains=word)
        return found


class TableImportLine(models.Model):
    """A line that would change something, or that is bad. `number` counts the file's rows from 1.

    `changes` holds the old and the new value by column. `is_stale` says that the old value was changed in
    EvoSync after the upload, so that the line is asked about again.
    """

    table = models.ForeignKey(
        TableImport, models.CASCADE, related_name="lines", verbose_name=_("import of a table")
    )
    number = models.PositiveIntegerField(_("row"))
    kind = models.CharField(_("result"), max_length=8, choices=TableLineKind)
    product = models.ForeignKey(
        Product, models.CASCADE, related_name="+", verbose_name=_("product"), null=True, blank=True
    )
    name = models.CharField(_("name"), max_length=255, blank=True, default="")
    search_text = models.CharField(max_length=512, blank=True, default="", editable=False)
    changes = models.JSONField(_("changes"), default=dict, blank=True)
    problem = models.CharField(_("problem"), max_length=32, blank=True, default="")
    column = models.CharField(_("column"), max_length=16, blank=True, default="")
    detail = models.CharField(_("concerned"), max_length=255, blank=True, default="")
    is_stale = models.BooleanField(_("changed meanwhile"), default=False)
    is_applied = models.BooleanField(_("imported"), default=False)

    objects = TableImportLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a table")
        verbose_name_plural = _("lines of tables")
        constraints = [models.UniqueConstraint(fields=["table", "number"], name="one_line_a_row")]

    def __str__(self) -> str:
        return f"{self.number}: {self.name}"


class TableExportQuerySet(models.QuerySet["TableExport"]):
    """Tables that workers write."""

    def for_user(self, user: User | int) -> Self:
        """Filter to one merchant's, given as a user or an id."""
        return self.filter(user=user)

    def of_format(self, table_format: str) -> Self:
        """Filter to those of one format, at most one a merchant."""
        return self.filter(format=table_format)

    def asked(self) -> Self:
        """Filter to those that a worker has yet to write, what was asked first first."""
        return self.filter(state=TableExportState.ASKED).order_by("asked_at", "pk")

    def made_since(self, moment: datetime) -> Self:
        """Filter to those whose file is not older than `moment`."""
        return self.filter(made_at__gte=moment)

    def older_than(self, moment: datetime) -> Self:
        """Filter to those that were asked for before `moment`."""
        return self.filter(asked_at__lt=moment)


class TableExport(models.Model):
    """A table that a worker writes for one merchant, in one format; another one takes its place.

    `file` is the last one that was finished; `draft` names the one that is being written, so that what a
    killed worker leaves is deleted. Both go with the row (syncing/receivers.py).
    """

    Format, State = TableFormat, TableExportState

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="table_exports", verbose_name=_("user")
    )
    format = models.CharField(_("format"), max_length=8, choices=TableFormat)
    language = models.CharField(_("language"), max_length=8, default="ru")
    state = models.CharField(
        _("state"), max_length=8, choices=TableExportState, default=TableExportState.ASKED
    )
    problem = models.CharField(
        _("problem"), max_length=16, choices=TableExportProblem, blank=True, default=""
    )
    file = models.FileField(_("file"), max_length=200, blank=True, default="", editable=False)
    draft = models.CharField(max_length=200, blank=True, default="", editable=False)
    size_bytes = models.PositiveBigIntegerField(_("size, bytes"), default=0)
    goods = models.PositiveIntegerField(_("goods"), default=0)
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    made_at = models.DateTimeField(_("written"), null=True, blank=True)

    objects = TableExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("table that is written")
        verbose_name_plural = _("tables that are written")
        constraints = [models.UniqueConstraint(fields=["user", "format"], name="one_table_a_format")]
        indexes = [models.Index(fields=["asked_at"], name="table_export_by_age")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.format}"
