"""The syncing app: it listens to the signals of the apps below."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SyncingConfig(AppConfig):
    """Listens to the apps below."""

    name = "syncing"
    verbose_name = _("Sync")

    def ready(self) -> None:
        """Connect the receivers."""
        # Django has loaded the models only now.
        from accounts.signals import account_closing, data_export_requested
        from catalog.signals import till_read
        from connections.signals import products_pushed, receipts_pushed, service_connected
        from syncing import receivers

        account_closing.connect(receivers.on_account_closing)
        data_export_requested.connect(receivers.on_data_export_requested)
        products_pushed.connect(receivers.on_products_pushed)
        receipts_pushed.connect(receivers.on_receipts_pushed)
        service_connected.connect(receivers.on_service_connected)
        till_read.connect(receivers.on_till_read)
