"""What people type about themselves."""

from typing import Any, ClassVar

from allauth.account.adapter import get_adapter
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.choices import ItemsAfterClosure
from accounts.models import User
from accounts.signals import account_closing
from evosync.common.phones import InvalidPhone, normalise_phone


class PhoneField(forms.CharField):
    """A phone written in any way, read as E.164; nothing written is None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Phone"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}))
        super().__init__(required=False, max_length=32, **kwargs)

    def clean(self, value: Any) -> str | None:
        """Return the number as +79991234567, or None."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return normalise_phone(text)
        except InvalidPhone:
            raise forms.ValidationError(
                _("This is not a phone number. Write all its digits, for example 8 999 123-45-67."),
                code="not_a_phone",
            ) from None


class SignupForm(forms.Form):
    """What we ask beyond allauth's email and password."""

    field_order = ("email", "first_name", "last_name", "phone", "password1")

    first_name = forms.CharField(
        label=_("First name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    phone = PhoneField()

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the phone; allauth has saved the rest."""
        user.phone = self.cleaned_data["phone"]
        user.save(update_fields=["phone", "updated_at"])


class ProfileForm(forms.ModelForm[User]):
    """Name, phone and language."""

    phone = PhoneField()

    class Meta:
        model = User
        help_texts: ClassVar[dict[str, Any]] = {
            "wants_notifications": _(
                "An email when a run waits for your answer, goods cannot be brought to VK or a connection is "
                "lost, and one when it is over. Emails about your account always come."
            )
        }
        fields = ("first_name", "last_name", "phone", "language", "wants_notifications")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, autocomplete in (
            ("first_name", "given-name"),
            ("last_name", "family-name"),
        ):
            self.fields[name].required = True
            self.fields[name].widget.attrs["autocomplete"] = autocomplete


class ClosingForm(forms.Form):
    """The last question before an account goes."""

    goods = forms.ChoiceField(
        label=_("What should happen to your goods in VK?"),
        choices=ItemsAfterClosure.choices,
        initial=ItemsAfterClosure.LEAVE,
        widget=forms.RadioSelect,
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("So that nobody but you can delete the account."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if not account_closing.has_listeners():
            self.fields["goods"].choices = ItemsAfterClosure.choices[:1]  # type: ignore[attr-defined]

    def clean_password(self) -> str:
        """Refuse a wrong password; allauth counts the attempts."""
        password: str = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.user, password):
            raise forms.ValidationError(
                _("The password is wrong. Nothing has been deleted. Type it again."),
                code="wrong_password",
            )
        return password
