"""What merchants send when photos come many at once."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.formats import localize
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.photos.errors import InvalidPhoto, refusing_without_storage
from catalog.photos.imports.receiving import MOST_PARTS, Piece, receive, refuse
from catalog.photos.limits import ACCEPT, IMPORT_BYTES, IMPORT_FILES, MAX_UPLOAD_BYTES
from syncing.web.forms.photos import FilesField, FilesInput

ZIP_TYPES = ".zip,application/zip,application/x-zip-compressed"


def import_help() -> str:
    """Return how many and how large files may be, in the active language."""
    return gettext(
        "Photos or one ZIP with photos, folders too: up to %(files)s files, a photo up to %(photo)s MB, an "
        "archive up to %(archive)s MB."
    ) % {
        "files": localize(IMPORT_FILES),
        "photo": MAX_UPLOAD_BYTES // 1024**2,
        "archive": localize(IMPORT_BYTES // 1024**2),
    }


class PhotoImportForm(forms.Form):
    """Many photos, or an archive of them; a large one in pieces, as the page's script sends it."""

    photo = FilesField(
        label=_("Photos or a ZIP"),
        allow_empty_file=True,
        help_text=lazy(import_help, str)(),
        widget=FilesInput(attrs={"accept": f"{ACCEPT},{ZIP_TYPES}"}),
        error_messages={"required": _("No photo was sent. Choose a file and press the button again.")},
    )
    upload = forms.RegexField(r"^[0-9a-f]{32}$", required=False, widget=forms.HiddenInput)
    part = forms.IntegerField(required=False, min_value=0, max_value=MOST_PARTS, widget=forms.HiddenInput)
    parts = forms.IntegerField(required=False, min_value=1, max_value=MOST_PARTS, widget=forms.HiddenInput)

    def save(self, user: User) -> bool:
        """Keep what was sent and note what was refused; return False for a refusal. Raises Occupied."""
        is_all = True
        uploads = self.cleaned_data["photo"]
        for upload, path in zip(uploads, self._paths(len(uploads)), strict=True):
            is_all &= _take(user, upload, path, self._piece())
        return is_all

    def _paths(self, number: int) -> list[str]:
        """Return each file's name with its folders, which the page's script sends beside the file."""
        paths = self.data.getlist("path") if isinstance(self.data, QueryDict) else []
        return paths if len(paths) == number else [""] * number

    def _piece(self) -> Piece | None:
        asked: dict[str, Any] = self.cleaned_data
        if not asked["upload"] or asked["part"] is None or asked["parts"] is None:
            return None
        return Piece(asked["upload"], asked["part"], asked["parts"])


def _take(user: User, upload: "UploadedFile[Any]", path: str, piece: Piece | None) -> bool:
    try:
        with refusing_without_storage():
            receive(user, upload, path=path, piece=piece)
    except InvalidPhoto as error:
        refuse(user, path or upload.name or "", error.code)
        return False
    return True


class ReplaceForm(forms.Form):
    """Whether the photos take the place of those that goods have."""

    replaces = forms.TypedChoiceField(
        label=_("Goods that have photos already"),
        coerce=lambda value: value == "yes",
        choices=[
            ("no", _("Put the new photos behind them")),
            ("yes", _("Replace them by the new photos")),
        ],
        widget=forms.RadioSelect(attrs={"data-submit": ""}),
    )
