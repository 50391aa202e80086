"""Amounts of money and per cent, as they are typed on any page."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import get_format

# What stands in typed numbers, and what Decimal reads. A minus sign is what our own texts write.
_TYPED = str.maketrans({",": ".", " ": None, "\N{NO-BREAK SPACE}": None, "\N{MINUS SIGN}": "-"})


class AmountField(forms.DecimalField):
    """An amount with a comma or a point, whatever the page's language is.

    Django's localised field would read the 1,5 of an English page as 15. A stored amount is shown with the
    language's own decimal sign and its thousands together, as it is typed.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> Any:
        """Return the amount, None for an empty field."""
        return super().to_python("" if value is None else str(value).translate(_TYPED))

    def prepare_value(self, value: Any) -> Any:
        """Return a stored amount as it would be typed; what the merchant has typed stays."""
        if isinstance(value, Decimal):
            return f"{value:f}".replace(".", str(get_format("DECIMAL_SEPARATOR")))
        return value
