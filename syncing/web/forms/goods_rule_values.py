"""The values of a rule for goods: what merchants type, checked and as the rule keeps it."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.formats import localize
from django.utils.translation import gettext_lazy as _

from evosync.common.text import whole_number
from syncing.core.characters import vk_length
from syncing.core.choices import Rounding
from syncing.core.descriptions import plain_text
from syncing.core.goods_rules.records import RuleActionKind
from syncing.core.item_builder import LONGEST_TITLE_PART
from syncing.core.titles import tidy_name
from syncing.models import SyncConfig, validators

LARGEST = 1_000_000_000
LEAST = {RuleActionKind.PERCENT: -99, RuleActionKind.ADD: -1_000_000}
PLAIN_ACTIONS = (RuleActionKind.EXCLUDE, RuleActionKind.INCLUDE)
TITLE_PARTS = (RuleActionKind.TITLE_PREFIX, RuleActionKind.TITLE_SUFFIX)
LONGEST_ALBUM, LIMIT = 128, 100
PIECES = (RuleActionKind.KEEP_BACK, RuleActionKind.SHOW_AT_MOST, RuleActionKind.HIDE_AT)


def action_value(kind: RuleActionKind, text: str) -> str:
    """Return the value of an action, "" for one that needs none. Raises ValidationError."""
    if kind in PLAIN_ACTIONS:
        value = ""
    elif kind is RuleActionKind.OLD_PRICE:
        value = read_number(text, least=0) if text.strip() else ""
    elif kind is RuleActionKind.ALBUM:
        value = read_text(text[:LONGEST_ALBUM])
        validators.album_title(value)
    elif kind in TITLE_PARTS:
        value = _title_part(text)
    elif kind is RuleActionKind.ADD_TEXT:
        value = _description_part(text)
    elif kind is RuleActionKind.FEW_LEFT:
        value = _few_left(text)
    elif kind is RuleActionKind.ROUND:
        value = _rounding(text)
    elif kind in PIECES:
        value = _whole(text)
    else:
        value = read_number(text, least=LEAST.get(kind, 0))
    return value


def _rounding(text: str) -> str:
    if text in set(Rounding):
        return text
    labels = {str(label).casefold(): value for value, label in SyncConfig.Rounding.choices}
    if (found := labels.get(" ".join(text.split()).casefold())) is None:
        fitting = ", ".join(str(label) for label in SyncConfig.Rounding.labels)
        raise forms.ValidationError(_("Choose one of: %(fitting)s."), params={"fitting": fitting})
    return found


def read_text(text: str) -> str:
    """Return a text with single spaces. Raises ValidationError for an empty one."""
    if not text.strip():
        raise forms.ValidationError(_("Write what it is compared with or set to."))
    return " ".join(text.split())


def _title_part(text: str) -> str:
    """Return words for a title that VK takes; a long name must still have room beside them."""
    words = tidy_name(read_text(text), sentence_case=False, longest=LIMIT)
    if not words or vk_length(words) > LONGEST_TITLE_PART:
        raise forms.ValidationError(
            _("Write a few words with a letter or digit, at most %(most)s letters long."),
            params={"most": localize(LONGEST_TITLE_PART)},
        )
    return words


def _description_part(text: str) -> str:
    words = plain_text(read_text(text))
    if words != read_text(text):
        raise forms.ValidationError(
            _("VK refuses links and HTML in descriptions. Take them out of the text.")
        )
    return words


def _few_left(text: str) -> str:
    """Return "3" or "3 words": how many pieces are few, and what to say then."""
    pieces, _space, words = read_text(text).partition(" ")
    return f"{_whole(pieces, least=1)} {_description_part(words) if words else ''}".strip()


def read_number(text: str, *, least: int = -1_000_000) -> str:
    """Return a number with a decimal point, as short as it can be. Raises ValidationError."""
    try:
        number = Decimal(text.replace(",", ".").replace(" ", "").replace("\xa0", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not least <= number <= LARGEST:
        raise forms.ValidationError(
            _("Write a number, such as 10 or 99,90, not below %(least)s."), params={"least": localize(least)}
        )
    return f"{number.normalize():f}"


def _whole(text: str, *, least: int = 0) -> str:
    number = whole_number(text.strip(), most=LARGEST)
    if number is None or number < least:
        raise forms.ValidationError(
            _("Write a whole number, not below %(least)s."), params={"least": localize(least)}
        )
    return str(number)
