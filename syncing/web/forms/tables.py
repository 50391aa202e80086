"""The upload of a table, and which of its lines are to be shown."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from syncing.choices import TableFormat, TableLineKind
from syncing.core.tables.reasons import MOST_REASONS
from syncing.services.tables.limits import MOST_BYTES

LONGEST_SEARCH = 100
ACCEPT = ".xlsx,.csv,.txt,.tsv,text/csv"


@dataclass(frozen=True, slots=True)
class LinesQuery:
    """Which lines are asked for: of a kind ("": those that matter), with words in the name, below a row.

    `reason` is the number of a reason that several bad lines share, 0 for all.
    """

    kind: str = ""
    text: str = ""
    after: int = 0
    reason: int = 0


class TableUploadForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("Your file"),
        max_length=255,
        help_text=_(
            "XLSX or CSV, at most 10 MB and 20,000 rows. Nothing is changed before you have said yes."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
    )

    def clean_file(self) -> Any:
        """Refuse what is too big by its size."""
        file: File[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is bigger than 10 MB. Leave out columns that you do not change.")
            )
        return file


class TableFormatForm(forms.Form):
    """As what the table is to be written."""

    format = forms.ChoiceField(choices=TableFormat)


class LinesForm(forms.Form):
    """The search among the lines. What makes no sense is taken as not given."""

    show = forms.ChoiceField(
        required=False, choices=[(kind, kind) for kind in (TableLineKind.CHANGED, TableLineKind.BAD)]
    )
    q = forms.CharField(
        label=_("Name or row"),
        required=False,
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(
            attrs={"type": "search", "enterkeyhint": "search", "placeholder": _("Name or row")}
        ),
    )
    after = forms.IntegerField(required=False, min_value=0, max_value=10**6, widget=forms.HiddenInput)
    reason = forms.IntegerField(required=False, min_value=1, max_value=MOST_REASONS, widget=forms.HiddenInput)

    def query(self) -> LinesQuery:
        """Return what is asked."""
        self.is_valid()
        data = self.cleaned_data
        return LinesQuery(
            kind=data.get("show") or "",
            text=data.get("q") or "",
            after=data.get("after") or 0,
            reason=data.get("reason") or 0,
        )
