"""The syncing app: it listens to what other apps report, by plain callables."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SyncingConfig(AppConfig):
    """Listens to the apps below."""

    name = "syncing"
    verbose_name = _("Sync")

    def ready(self) -> None:
        """Tell the apps below whom to call: imports point only one way."""
        from connections import signals
        from syncing.jobs import triggers
        from syncing.services import data_export  # noqa: F401 - importing registers

        signals.on_push.append(triggers.till_pushed)
        signals.on_connected.append(triggers.connected)
