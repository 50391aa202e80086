"""The merchant's own title, text and album for a product, and the text and album of a group."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from syncing.core.own_titles import TitleProblem, TitleRefusal
from syncing.core.restricted_goods.verdicts import Kind, Verdict
from syncing.models import validators
from syncing.services.forbidden_words import check_text, restricted_goods_label
from syncing.services.own_titles import LONGEST, TitleChecker
from syncing.services.own_words import FIELDS, LONGEST_ALBUM, LONGEST_TEXT, GroupChoice

BY_RULES, NAMED, NO_ALBUM = "rules", "named", "none"


def title_error(refusal: TitleRefusal) -> ValidationError:
    """Return what is said of a title that VK would not take as it is, and what follows from that."""
    if refusal.problem is TitleProblem.SHORT:
        return ValidationError(_("VK takes titles from 4 characters on, with a letter or a digit in them."))
    if refusal.verdict is None:
        return ValidationError(
            _("VK takes titles of at most %(most)s characters; this one has %(n)s by VK's count."),
            params={"most": localize(LONGEST), "n": localize(refusal.length)},
        )
    if refusal.problem is TitleProblem.UNSURE:
        return ValidationError(
            _(
                "VK may not take this title: it may name %(goods)s (%(word)s). VK goes on showing the title "
                "it has. Choose other words, or say below that it is something else."
            ),
            params=_named(refusal.verdict),
        )
    return taken_for_forbidden(refusal.verdict)


def taken_for_forbidden(verdict: Verdict) -> ValidationError:
    """Return what is said of words in titles that VK may take for goods that it forbids."""
    if verdict.kind is Kind.UNSURE:
        return ValidationError(
            _(
                "VK may not take titles with these words: they may name %(goods)s (%(word)s). Goods with "
                "them would wait outside VK. Choose other words."
            ),
            params=_named(verdict),
        )
    return ValidationError(
        _("By this title VK may take it for forbidden goods: %(goods)s (%(word)s). Choose other words."),
        params=_named(verdict),
    )


def _named(verdict: Verdict) -> dict[str, str]:
    return {"goods": restricted_goods_label(str(verdict.restriction)), "word": verdict.evidence}


class OwnWordsForm(forms.Form):
    """What VK shows in place of the till's name and description, and the product's own album."""

    own_title = forms.CharField(
        label=_("Your own title"),
        required=False,
        max_length=200,
        help_text=_("Empty: the till's name by your rules."),
    )
    title_is_allowed = forms.BooleanField(
        label=_("This title names nothing that VK forbids: put it into VK"),
        required=False,
        help_text=_("Your decision about these words; you can take it back on the page “Check goods”."),
    )
    own_description = forms.CharField(
        label=_("Your own text"),
        required=False,
        max_length=LONGEST_TEXT,
        validators=[validators.description_template],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("{name}, {price}, {unit}, {group}, {article} and {description} are filled in."),
    )
    own_album = forms.CharField(
        label=_("Its own album"),
        required=False,
        max_length=LONGEST_ALBUM,
        validators=[validators.album_title],
        help_text=_("Empty: the album of its group."),
    )

    def __init__(self, *args: Any, product: Product, legal_filter: bool = True, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(product, name) for name in FIELDS}
        super().__init__(*args, **kwargs)
        self._product, self._legal_filter = product, legal_filter
        self.title_to_allow = ""
        if not self.is_bound:
            del self.fields["title_is_allowed"]

    def clean_own_title(self) -> str:
        """Return the title in one line."""
        return " ".join(str(self.cleaned_data["own_title"]).split())

    def clean(self) -> dict[str, Any]:
        """Check the title as VK would. A doubt is asked about, and the merchant's answer settles it."""
        data = super().clean() or self.cleaned_data
        refusal = self._title_refusal(str(data.get("own_title") or ""))
        if refusal is None or refusal.problem is not TitleProblem.UNSURE:
            del self.fields["title_is_allowed"]
        elif data.get("title_is_allowed"):
            self.title_to_allow = str(data["own_title"])
            refusal = None
        if refusal:
            self.add_error("own_title", title_error(refusal))
        return data

    def _title_refusal(self, text: str) -> TitleRefusal | None:
        if not text:
            return None
        product = self._product
        place = {"store_id": product.store.evotor_id, "group_id": product.group_evotor_id}
        return TitleChecker(product.user).refuse(text, product.name, **place)

    def clean_own_description(self) -> str:
        """Return the text, checked for what it would name."""
        text = str(self.cleaned_data["own_description"])
        check_text(text, self._product.name, legal_filter=self._legal_filter)
        return text

    def clean_own_album(self) -> str:
        """Return the album's title in one line."""
        return " ".join(str(self.cleaned_data["own_album"]).split())


class GroupTextForm(forms.Form):
    """The template of a group's descriptions, and its album."""

    template = forms.CharField(
        label=_("Text for goods of this group"),
        required=False,
        max_length=LONGEST_TEXT,
        validators=[validators.description_template],
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "{name}, {price}, {unit}, {group}, {article} and {description} are filled in. Empty: the text of "
            "the group above, else that of your rules."
        ),
    )
    album_mode = forms.ChoiceField(
        label=_("Album"),
        choices=[
            (BY_RULES, _("by your rules")),
            (NAMED, _("with the title below")),
            (NO_ALBUM, _("no album for this group")),
        ],
        widget=forms.RadioSelect,
    )
    album = forms.CharField(
        label=_("Title of the album"),
        required=False,
        max_length=LONGEST_ALBUM,
        help_text=_("Groups with the same title share one album."),
    )

    def __init__(self, *args: Any, chosen: GroupChoice, legal_filter: bool = True, **kwargs: Any) -> None:
        self._legal_filter = legal_filter
        named = NAMED if chosen.album else NO_ALBUM
        mode = BY_RULES if chosen.album is None else named
        kwargs["initial"] = {
            "template": chosen.template or "",
            "album_mode": mode,
            "album": chosen.album or "",
        }
        super().__init__(*args, **kwargs)

    def clean_template(self) -> str:
        """Return the text, checked for what it would name."""
        text = str(self.cleaned_data["template"])
        check_text(text, legal_filter=self._legal_filter)
        return text

    def clean(self) -> dict[str, Any]:
        """Demand a title where the merchant wants one."""
        data = super().clean() or self.cleaned_data
        data["album"] = " ".join(str(data.get("album") or "").split())
        if data.get("album_mode") == NAMED and "album" not in self.errors:
            self._check_album(data["album"])
        return data

    def _check_album(self, title: str) -> None:
        if not title:
            self.add_error("album", _("Write the album's title, or choose another answer above."))
            return
        try:
            validators.album_title(title)
        except ValidationError as error:
            self.add_error("album", error)

    def choice(self) -> GroupChoice:
        """Return what was chosen, of a valid form."""
        data = self.cleaned_data
        albums = {BY_RULES: None, NAMED: data["album"], NO_ALBUM: ""}
        return GroupChoice(data["template"].strip() or None, albums[data["album_mode"]])
