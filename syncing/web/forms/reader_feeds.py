"""What the merchant chooses for the feed of one reader."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from syncing.choices import FeedLink, FeedVendor
from syncing.core.feed.avito import InvalidLine, parse_more
from syncing.core.feed.links import InvalidLinkPattern, LinkFault, parse_pattern
from syncing.core.feed.readers import READERS, LinkKind, Reader, ReaderKey
from syncing.models import ReaderFeed

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FAULTS: dict[LinkFault, "StrOrPromise"] = {
    LinkFault.NOT_AN_ADDRESS: _(
        "This is no address of a page. It begins with https:// and your site's name."
    ),
    LinkFault.TOO_LONG: _("This address is too long."),
    LinkFault.UNKNOWN_FIELD: _("EvoSync does not know {%(word)s}. Use {code}, {article} or {id}."),
    LinkFault.LONE_BRACE: _("A brace stands alone: “%(word)s”. Close it, or take it out."),
    LinkFault.NO_FIELD: _("Put {code}, {article} or {id} where your site's address names the product."),
    LinkFault.FIELD_IN_HOST: _("A field cannot stand in the name of the site."),
    LinkFault.VK_PAGE: _("This is a page in VK, and here belongs a page of your own site."),
}
FIELDS = {
    "link": _("Where the pages of your products are"),
    "url_pattern": _("Address of a product's page"),
    "vendor_from": _("Maker (brand)"),
    "vendor": _("Name of the maker"),
    "ad_address": _("Address of the shop"),
    "ad_category": _("Avito category"),
    "ad_goods_type": _("Kind of goods"),
    "ad_is_new": _("The goods are new"),
    "ad_more": _("More that Avito asks for"),
}


class ReaderFeedForm(forms.ModelForm[ReaderFeed]):
    """The choices that one reader needs; the others are left out."""

    class Meta:
        model = ReaderFeed
        fields = list(FIELDS)
        labels = FIELDS
        help_texts = {
            "url_pattern": _(
                "Your site's address with {code}, {article} or {id} of the till where it names the product, "
                "such as <code>https://shop.example/catalog/{code}</code>"
            ),
            "vendor_from": _("The till has no field for it."),
            "ad_address": _("As buyers will see it: city, street, house."),
            "ad_category": _("In Avito's own words, such as <code>Продукты питания</code>"),
            "ad_goods_type": _("In Avito's own words, where the category asks for it."),
            "ad_more": _(
                "One a line, as Avito's help names it for your category: "
                "<code>AdType: Товар приобретён на продажу</code>"
            ),
        }
        widgets = {"ad_more": forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader: Reader = READERS[ReaderKey(self.instance.reader)]
        for name in self._unneeded():
            del self.fields[name]
        if "link" in self.fields:
            self._choose("link", [(link.value, FeedLink(link.value).label) for link in self.reader.links])
        if "vendor_from" in self.fields and self.reader.needs_vendor:
            self._choose("vendor_from", [one for one in FeedVendor.choices if one[0] != FeedVendor.NONE])
        for name in self._required():
            self.fields[name].required = True

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - a model field with choices gives no other
        field.choices = choices

    def _required(self) -> list[str]:
        needed = ["ad_address", "ad_category"]
        if self.reader.links == (LinkKind.SITE,):
            needed.append("url_pattern")
        return [name for name in needed if name in self.fields]

    def _unneeded(self) -> set[str]:
        is_avito = self.reader.key is ReaderKey.AVITO
        unneeded = {name for name in FIELDS if name.startswith("ad_") != is_avito}
        if self.reader.links == (LinkKind.SITE,):
            unneeded.add("link")
        return unneeded if self.reader.takes_vendor else unneeded | {"vendor_from", "vendor"}

    def clean_url_pattern(self) -> str:
        """Return a pattern that gives addresses, or an empty one."""
        text: str = self.cleaned_data["url_pattern"]
        if not text.strip():
            return ""
        try:
            return parse_pattern(text)
        except InvalidLinkPattern as error:
            raise forms.ValidationError(FAULTS[error.fault], params={"word": error.word[:30]}) from None

    def clean_ad_more(self) -> str:
        """Return lines that are elements of an ad."""
        text: str = self.cleaned_data["ad_more"]
        try:
            parse_more(text)
        except InvalidLine as error:
            message = _("This line is no further element of an ad: %(line)s")
            raise forms.ValidationError(message, params={"line": error.line[:80]}) from None
        return text

    def clean(self) -> dict[str, Any]:
        """Require the pattern and the maker's name where the choice asks for them."""
        cleaned = super().clean() or self.cleaned_data
        if self.reader.links == (LinkKind.SITE,):
            self.instance.link = FeedLink.SITE
        link = cleaned.get("link", self.instance.link)
        if "url_pattern" in self.fields and link == FeedLink.SITE and not cleaned.get("url_pattern"):
            self._require("url_pattern")
        if cleaned.get("vendor_from") == FeedVendor.TEXT and not cleaned.get("vendor", "").strip():
            self._require("vendor")
        return cleaned

    def _require(self, name: str) -> None:
        if name not in self.errors:
            self.add_error(name, self.fields[name].error_messages["required"])
