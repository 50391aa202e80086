"""What a merchant types to connect Evotor and VK. Tokens are never written back into a page."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from connections.errors import CannotConnect
from connections.vk.community_address import parse_group

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Longer than any token seen; a whole pasted page is refused at once.
TOKEN_LENGTH = 4096


class TokenField(forms.CharField):
    """A secret: hidden while typed, never rendered with its value, without spaces around it."""

    def __init__(self, *, missing: "StrOrPromise") -> None:
        super().__init__(
            label=_("Token"),
            max_length=TOKEN_LENGTH,
            error_messages={
                "required": missing,
                "max_length": _("This is too long for a token. Copy the token alone."),
            },
            widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )


class EvotorTokenForm(forms.Form):
    """The token that Evotor shows in the settings of the application."""

    prefix = "evotor"

    token = TokenField(missing=_("Paste the token: it stands in Evotor, on the application's Settings tab."))


class CommunityField(forms.CharField):
    """A community: its link, short name or id."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Community"),
            max_length=200,
            help_text=_("Its address in VK, for example vk.com/myshop"),
            error_messages={"required": _("Say which community the goods go to: copy its address from VK.")},
            widget=forms.TextInput(
                attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
            ),
        )

    def clean(self, value: object) -> str:
        """Return what was typed if it can be an address of a community."""
        text: str = super().clean(value)
        try:
            parse_group(text)
        except CannotConnect as error:
            raise forms.ValidationError(f"{error.text} {error.next_step}", code=error.code) from None
        return text


class VkTokenForm(forms.Form):
    """A token of a person who manages the community, and the community."""

    prefix = "vk"

    token = TokenField(missing=_("Paste the token of a VK user who manages the community."))
    community = CommunityField()


class CommunityForm(forms.Form):
    """Another community for the token that is there already."""

    prefix = "group"

    community = CommunityField()
