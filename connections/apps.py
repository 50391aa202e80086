"""The connections app: merchants' accounts at Evotor and VK."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConnectionsConfig(AppConfig):
    """Names the app for staff and listens to accounts."""

    name = "connections"
    verbose_name = _("Connections")

    def ready(self) -> None:
        """Connect the receivers."""
        # Django has loaded the models only now.
        from accounts.signals import data_export_requested
        from connections.data_export import on_data_export_requested

        data_export_requested.connect(on_data_export_requested)
