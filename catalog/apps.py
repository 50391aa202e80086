"""The catalog app: our mirror of merchants' tills."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    """Names the app for staff."""

    name = "catalog"
    verbose_name = _("The till's goods")

    def ready(self) -> None:
        """Connect the receivers to the signals of the apps below and of our own photos."""
        # Models cannot be imported before Django has loaded all apps.
        from django.db.models.signals import post_delete

        # The same holds for ours.
        from catalog import receivers
        from connections.signals import store_named

        store_named.connect(receivers.on_store_named)
        for sender in ("catalog.ProductPhoto", "catalog.PhotoImportFile"):
            post_delete.connect(receivers.on_photo_deleted, sender=sender)
