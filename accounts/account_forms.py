"""allauth's forms where they would tell who is a customer, or take an address that nobody can write to."""

import secrets

from allauth.account import forms as allauth_forms
from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from evosync.common.addresses import InvalidAddress, normalise_address


def clean_address(text: str) -> str:
    """Return the address as it is kept, or refuse it as Django's own check does."""
    try:
        return normalise_address(text)
    except InvalidAddress:
        raise forms.ValidationError(_("Enter a valid email address."), code="invalid") from None


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]
    """Takes an address in every spelling that means the same."""

    def clean_login(self) -> str:
        """Return the address as it is kept."""
        return clean_address(super().clean_login())


class SignupForm(allauth_forms.SignupForm):  # type: ignore[misc]
    """Does the same work for an address that has an account as for one that has none."""

    def clean_email(self) -> str:
        """Return the address as it is kept; whether it is known is noted and not told."""
        self.cleaned_data["email"] = clean_address(self.cleaned_data["email"])
        value: str = super().clean_email()
        return value

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the account, or the same rows that are undone at once, and send an email either way.

        So the time does not tell the two apart: the password is hashed and the database asked as often.
        """
        if self.account_already_exists:
            self._make_and_undo(request)
        result: tuple[User | None, HttpResponse | None] = super().try_save(request)
        return result

    def _make_and_undo(self, request: HttpRequest) -> None:
        typed = self.cleaned_data["email"]
        self.cleaned_data["email"] = f"{secrets.token_hex(16)}@example.invalid"
        self.account_already_exists = False
        try:
            with transaction.atomic():
                self.save(request)
                transaction.set_rollback(True)
        finally:
            self.cleaned_data["email"], self.account_already_exists = typed, True


class ResetPasswordForm(allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    """Sends to an address that can be written to."""

    def clean_email(self) -> str:
        """Return the address as it is kept."""
        self.cleaned_data["email"] = clean_address(self.cleaned_data["email"])
        value: str = super().clean_email()
        return value


class AddEmailForm(allauth_forms.AddEmailForm):  # type: ignore[misc]
    """Adds an address that can be written to."""

    def clean_email(self) -> str:
        """Return the address as it is kept."""
        self.cleaned_data["email"] = clean_address(self.cleaned_data["email"])
        value: str = super().clean_email()
        return value
