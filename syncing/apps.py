"""The syncing app: it listens to the signals of the apps below."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SyncingConfig(AppConfig):
    """Listens to the apps below."""

    name = "syncing"
    verbose_name = _("Synchronisation")

    def ready(self) -> None:
        """Connect the receivers."""
        # Django has loaded the models only now.
        from django.db.models.signals import post_delete

        # The same holds for our own signals and receivers.
        from accounts import signals as accounts
        from catalog.signals import goods_changed, till_read
        from connections import signals as connections
        from syncing import receivers

        accounts.account_closing.connect(receivers.on_account_closing)
        accounts.account_deleting.connect(receivers.on_account_deleting)
        accounts.data_export_requested.connect(receivers.on_data_export_requested)
        accounts.all_sessions_ended.connect(receivers.on_all_sessions_ended)
        accounts.other_sessions_ended.connect(receivers.on_other_sessions_ended)
        connections.products_pushed.connect(receivers.on_products_pushed)
        connections.receipts_pushed.connect(receivers.on_receipts_pushed)
        goods_changed.connect(receivers.on_goods_changed)
        post_delete.connect(receivers.on_feed_deleted, sender="syncing.Feed")
        post_delete.connect(receivers.on_feed_deleted, sender="syncing.ReaderFeed")
        post_delete.connect(receivers.on_table_deleted, sender="syncing.TableImport")
        post_delete.connect(receivers.on_table_export_deleted, sender="syncing.TableExport")
        connections.service_connected.connect(receivers.on_service_connected)
        connections.service_disconnected.connect(receivers.on_service_disconnected)
        till_read.connect(receivers.on_till_read)
