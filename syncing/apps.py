"""The syncing app: it listens to what other apps report, by plain callables."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SyncingConfig(AppConfig):
    """Listens to the apps below."""

    name = "syncing"
    verbose_name = _("Sync")

    def ready(self) -> None:
        """Tell the apps below whom to call: imports point only one way."""
        from connections import events
        from syncing.services import pushes

        events.on_push.append(pushes.till_pushed)
        events.on_connected.append(pushes.connected)
