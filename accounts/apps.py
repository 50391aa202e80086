"""Start-up of the accounts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Names the app for staff and listens to allauth."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Connect the receivers."""
        # Django has loaded the models only now.
        from allauth.account import signals as account
        from allauth.mfa import signals as mfa
        from django.contrib.auth import signals as auth
        from django.db.models.signals import post_save

        # As above: receivers use models.
        from accounts import receivers

        post_save.connect(receivers.on_user_saved, sender=self.get_model("User"))
        auth.user_logged_in.connect(receivers.on_django_logged_in)
        auth.user_logged_out.connect(receivers.on_user_logged_out)
        account.user_logged_in.connect(receivers.on_user_logged_in)
        account.password_changed.connect(receivers.on_password_changed)
        account.password_set.connect(receivers.on_password_changed)
        account.password_reset.connect(receivers.on_password_reset)
        account.email_added.connect(receivers.on_email_added)
        account.email_confirmed.connect(receivers.on_email_confirmed)
        account.email_changed.connect(receivers.on_email_changed)
        account.email_removed.connect(receivers.on_email_removed)
        mfa.authenticator_added.connect(receivers.on_authenticator_added)
        mfa.authenticator_removed.connect(receivers.on_authenticator_removed)
        mfa.authenticator_reset.connect(receivers.on_authenticator_reset)
        mfa.authentication_failed.connect(receivers.on_authentication_failed)
