"""What the channel makes of values that it took: trimmed, escaped, rounded, in another case, or not kept.

Such a form is no edit of the merchant's and sending the value again does not fix it, so it counts as the
value itself.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from syncing.core.characters import unescape
from syncing.core.records import DesiredItem, KeptForm

# Sent so often without effect, a value is not sent again until it changes.
MOST_TIMES = 3
RESENT = frozenset({"price_kopecks", "stock", "sku"})
# Texts of which VK may keep a part.
TEXTS = frozenset({"title", "description", "sku"})
OLD_PRICE = "old_price_kopecks"
ROUBLE = 100
# A shorter beginning of a description is rather what the merchant has left of it.
SHORTEST_TRIMMED = 40
_PLAIN = str.maketrans(
    {**dict.fromkeys("«»“”„‟‹›″", '"'), **dict.fromkeys("‘’‚‛′`´", "'"), **dict.fromkeys("‐‑‒–—―−", "-")}
    | {"…": "...", "\u200b": None, "\ufeff": None, "\xad": None}
)


def read_back(
    name: str, sent: object, now: object, before: KeptForm | None
) -> tuple[object, KeptForm | None]:
    """Return what a field's present value stands for, and what to remember of its form.

    That is `sent` where VK shows a form of it, else the value itself. A reading that does not tell the value
    changes nothing of what is remembered: forgotten, the form would pass for an edit at the next one.
    """
    if now is None or sent is None or is_same(now, sent):
        is_untold = now is None and before is not None and before.sent == sent
        return now, before if is_untold else None
    if _is_form(name, str(sent), str(now)):
        return sent, None
    if name in TEXTS and (form := _cut(name, sent, now, before)):
        return sent, form
    if name == OLD_PRICE:
        return _not_kept(sent, now, before)
    if name not in RESENT:
        return now, None
    form = _resent(name, sent, now, before)
    return (sent if form.times >= MOST_TIMES else now), form


def _cut(name: str, sent: object, now: object, before: KeptForm | None) -> KeptForm | None:
    """Return the form of a text of which VK keeps only a part, or None where somebody else has cut it.

    The first reading after the write tells: nobody but VK has had the time.
    """
    if before is None or before.sent != sent:
        return None
    if before.shown is None:
        return KeptForm(sent, now, MOST_TIMES) if _is_part(name, str(sent), str(now)) else None
    return before if before.shown == now and before.times >= MOST_TIMES else None


def _not_kept(sent: object, now: object, before: KeptForm | None) -> tuple[object, KeptForm | None]:
    """Return `sent`, with the form, where VK has rounded an old price or not kept it.

    The first reading after the write tells, as for texts.
    """
    if before is None or before.sent != sent:
        return now, None
    if before.shown is None:
        return sent, KeptForm(sent, now, MOST_TIMES)
    return (sent, before) if before.shown == now else (now, None)


def _is_part(name: str, sent: str, now: str) -> bool:
    """Return True if `now` is what is left of `sent`: of a sku any letters, of another text a beginning.

    A merchant shortens a title to less than half rather than VK does.
    """
    whole, part = _plain(sent).casefold(), _plain(now).casefold()
    if name == "sku":
        left = iter(whole)
        return all(letter in left for letter in part)
    begun = part.removesuffix("...").rstrip()
    return len(begun) * 2 >= len(whole) and whole.startswith(begun)


def _resent(name: str, sent: object, now: object, before: KeptForm | None) -> KeptForm:
    """Return how often VK has shown `now` in place of `sent`, which was written again each time."""
    if before is None or before.sent != sent:
        return KeptForm(sent, now, 1)
    if before.shown is None:
        # The first reading after the write: only VK can have changed the value so quickly.
        is_rounded = name == "price_kopecks" and _is_rounded(sent, now)
        return KeptForm(sent, now, MOST_TIMES if is_rounded else 1)
    if before.shown != now:
        return KeptForm(sent, now, 1)
    return replace(before, times=min(before.times + 1, MOST_TIMES))


def may_be_rounded(price_kopecks: int) -> bool:
    """Return True for a price that VK may show in whole roubles."""
    return price_kopecks % ROUBLE != 0


def noted_writes(
    forms: Mapping[str, KeptForm], before: DesiredItem | None, written: DesiredItem
) -> dict[str, KeptForm]:
    """Return the forms with what was just written: the next reading tells what VK makes of it."""
    found = dict(forms)
    for name in ("price_kopecks", OLD_PRICE, *sorted(TEXTS)):
        value = getattr(written, name)
        if before is not None and getattr(before, name) == value:
            continue
        found.pop(name, None)
        if name in TEXTS or (name == OLD_PRICE and value) or may_be_rounded(written.price_kopecks):
            found[name] = KeptForm(value)
    return found


def is_same(one: object, other: object) -> bool:
    """Compare as VK may have stored it: it escapes HTML, folds white space and sets quotes and dashes."""
    if isinstance(one, str) and isinstance(other, str):
        return one == other or _plain(one) == _plain(other)
    return one == other


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", unescape(text)).translate(_PLAIN).split())


def _is_form(name: str, sent: str, now: str) -> bool:
    if name == "sku":
        return not now.strip() or _plain(sent).casefold() == _plain(now).casefold()
    if name == "description":
        begun = _plain(now).removesuffix("...").rstrip()
        return len(begun) >= SHORTEST_TRIMMED and _plain(sent).startswith(begun)
    return False


def _is_rounded(sent: object, now: object) -> bool:
    return isinstance(sent, int) and isinstance(now, int) and now % ROUBLE == 0 and abs(now - sent) < ROUBLE
