"""The catalog app: our mirror of merchants' tills."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    """Names the app for staff."""

    name = "catalog"
    verbose_name = _("Catalogue")
