"""Start-up of the accounts app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People; other apps hook into closing accounts and handing out data."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Let every app register its part in closing accounts and in handing out own data."""
        autodiscover_modules("data_export")
