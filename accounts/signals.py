"""What other apps do when an account is closed or its data is asked for.

Accounts know nothing of the apps above them, so those apps register here from a module called
`data_export`, which is imported when Django starts.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User


class Goods(TextChoices):
    """What becomes of the goods in VK when an account is closed."""

    LEAVE = "leave", _("Leave them in VK as they are")
    HIDE = (
        "hide",
        _("Hide them in VK: buyers no longer see them, you can show them again"),
    )
    REMOVE = "remove", _("Remove them from VK")


class ClosingRefused(Exception):
    """The account cannot be closed now; the message says why and what to do next."""


# Called in order with (user, goods) before anything is deleted. True: nothing is left to do.
# False: work goes on in the background, and whoever does it calls `services.delete_account` at its
# end. ClosingRefused: the account stays.
on_account_closing: list[Callable[["User", Goods], bool]] = []

# By file name: returns JSON-able rows of what belongs to the user, without any secret.
own_data: dict[str, Callable[["User"], Iterable[Mapping[str, Any]]]] = {}
