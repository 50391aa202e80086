"""The connections app: merchants' accounts at Evotor and VK."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConnectionsConfig(AppConfig):
    """Names the app for staff."""

    name = "connections"
    verbose_name = _("Connections")
