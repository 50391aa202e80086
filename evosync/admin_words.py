"""What staff read on the admin's pages where Django and the packages have no words, or none in Russian."""

from django.apps import apps
from django.utils.translation import gettext_lazy, gettext_noop

APP_NAMES = {
    "account": gettext_lazy("Email addresses"),
    "django_dramatiq": gettext_lazy("Messages to the workers"),
    "mfa": gettext_lazy("Two-factor login"),
    "usersessions": gettext_lazy("Sessions"),
}
# Each table's name for one row and for many.
TABLE_NAMES = {
    "django_dramatiq.Task": (gettext_lazy("message to the workers"), gettext_lazy("messages to the workers")),
    "mfa.Authenticator": (gettext_lazy("second factor"), gettext_lazy("second factors")),
    "usersessions.UserSession": (gettext_lazy("session"), gettext_lazy("sessions")),
}
# Some of our own columns, too, have no name in their class.
FIELD_NAMES = {
    "catalog.PhotoImport": {"busy_until": gettext_lazy("a worker is at it until")},
    "catalog.PhotoImportFile": {"fitting_number": gettext_lazy("goods that the name fits")},
    "catalog.ProductPhoto": {"content_hash": gettext_lazy("fingerprint")},
    "syncing.Notification": {"not_before": gettext_lazy("not before")},
    "django_dramatiq.Task": {
        "actor_name": gettext_lazy("task"),
        "created_at": gettext_lazy("created"),
        "queue_name": gettext_lazy("queue"),
        "status": gettext_lazy("state"),
        "updated_at": gettext_lazy("changed"),
    },
    "mfa.Authenticator": {
        "created_at": gettext_lazy("created"),
        "last_used_at": gettext_lazy("last used"),
        "type": gettext_lazy("kind"),
        "user": gettext_lazy("user"),
    },
    "usersessions.UserSession": {
        "created_at": gettext_lazy("created"),
        "ip": gettext_lazy("IP address"),
        "last_seen_at": gettext_lazy("last seen"),
        "user": gettext_lazy("user"),
        "user_agent": gettext_lazy("browser"),
    },
}
# Django puts a table's name into these as it is. In Russian it would have to be declined, so our catalogue
# has sentences of its own for them, in which the name stands alone.
DJANGO_SENTENCES = (
    gettext_noop("Select %s"),
    gettext_noop("Select %s to change"),
    gettext_noop("Select %s to view"),
    gettext_noop("Add %s"),
    gettext_noop("Change %s"),
    gettext_noop("View %s"),
    gettext_noop("The {name} “{obj}” was added successfully."),
    gettext_noop("The {name} “{obj}” was changed successfully."),
)


def name_tables() -> None:
    """Give apps, tables and columns their names; migrations look at those of the classes."""
    for label, name in APP_NAMES.items():
        apps.get_app_config(label).verbose_name = name
    for label, (one, many) in TABLE_NAMES.items():
        options = apps.get_model(label)._meta  # noqa: SLF001 - Django's documented way
        options.verbose_name, options.verbose_name_plural = one, many
    for label, fields in FIELD_NAMES.items():
        for field, name in fields.items():
            apps.get_model(label)._meta.get_field(field).verbose_name = name  # noqa: SLF001 - as above
