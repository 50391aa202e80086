"""The enumerations of the accounts app."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ItemsAfterClosure(TextChoices):
    """What becomes of the items in VK when an account is closed."""

    LEAVE = "leave", _("Leave them in VK as they are")
    HIDE = (
        "hide",
        _("Hide them in VK: buyers no longer see them, you can show them again"),
    )
    REMOVE = "remove", _("Remove them from VK")
