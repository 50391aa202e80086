"""Names the goods that VK forbids, and refuses texts of the merchant's that would name them too."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from syncing.core.restricted_goods.verdicts import TELLS_NO_KIND, Verdict
from syncing.core.rule_words import refuse_text

_RESTRICTED_GOODS = {
    "legal_tobacco": pgettext_lazy("restricted goods", "tobacco"),
    "legal_alcohol": pgettext_lazy("restricted goods", "alcohol"),
    "legal_beer": pgettext_lazy("restricted goods", "beer"),
    "legal_medicine": pgettext_lazy("restricted goods", "medicine"),
    "legal_age": pgettext_lazy("restricted goods", "goods for adults"),
    "legal_excisable": pgettext_lazy("restricted goods", "excisable goods"),
    "legal_other": pgettext_lazy("restricted goods", "weapons or drugs"),
}


def restricted_goods_label(restriction: str) -> str:
    """Return what kind of goods VK does not take, in a word."""
    return str(_RESTRICTED_GOODS.get(restriction, restriction))


def doubted_goods_label(verdict: Verdict) -> str:
    """Return what kind of goods that VK does not take a product may be; where nothing tells it, any."""
    if verdict.basis in TELLS_NO_KIND:
        return pgettext("restricted goods", "goods that VK forbids")
    return restricted_goods_label(str(verdict.restriction))


def check_text(text: str, name: str = "", *, legal_filter: bool) -> None:
    """Raise ValidationError for a text that names forbidden goods, unless goods of this name are those.

    Where the merchant lets forbidden goods through, every text passes.
    """
    verdict = refuse_text(text, name) if legal_filter else None
    if verdict is not None:
        raise ValidationError(
            _("VK may take this text for forbidden goods: %(goods)s (%(word)s). Choose other words."),
            params={"goods": restricted_goods_label(str(verdict.restriction)), "word": verdict.evidence},
        )
