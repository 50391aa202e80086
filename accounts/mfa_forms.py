"""Switching on the second factor."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from django.utils.translation import gettext as _


class ActivateTotpForm(ActivateTOTPForm):  # type: ignore[misc]
    """Takes a code once: the one that switched the factor on opens nothing afterwards."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        # As the page and the login call it; allauth's word is as long as a line of large text.
        self.fields["code"].label = _("The code from your app")

    def clean_code(self) -> str:
        """Refuse a wrong code, and one that was used."""
        code: str = super().clean_code()
        factor = TOTP(Authenticator(user=self.user, type=Authenticator.Type.TOTP))
        if not factor._mark_code_used(code):  # noqa: SLF001 - allauth marks codes of logins alone
            raise get_adapter().validation_error("incorrect_code")
        return code
