"""The syncing app: it listens to what other apps report, by plain callables."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SyncingConfig(AppConfig):
    """Listens to the apps below."""

    name = "syncing"
    verbose_name = _("Sync")

    def ready(self) -> None:
        """Tell the apps below whom to call: imports point only one way."""
        from accounts.signals import on_account_closing
        from connections import signals
        from syncing.jobs import account_closure, triggers
        from syncing.services import data_export  # noqa: F401 - importing registers

        signals.on_push.append(triggers.on_till_push)
        signals.on_connected.append(triggers.on_connected)
        on_account_closing.append(account_closure.begin_closure)
