"""The catalog app: our mirror of merchants' tills."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    """Names the app for staff."""

    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        """Listen to what the apps below ask."""
        from catalog import receivers
        from connections.signals import store_named

        store_named.connect(receivers.on_store_named)
