"""Start-up of the accounts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Names the app for staff."""

    name = "accounts"
    verbose_name = _("Accounts")
