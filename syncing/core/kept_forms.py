"""What the channel makes of values that it took: trimmed, escaped, rounded, in another case, or not kept.

Such a form is no edit of the merchant's and sending the value again does not fix it, so it counts as the
value itself.
"""

import html
import unicodedata
from dataclasses import replace

from syncing.core.records import KeptForm

# Sent so often without effect, a value is not sent again until it changes.
MOST_TIMES = 3
RESENT = frozenset({"price_kopecks", "stock", "sku"})
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

    That is `sent` where VK shows a form of it, else the value itself.
    """
    if now is None or sent is None or is_same(now, sent):
        return now, None
    if _is_form(name, str(sent), str(now)):
        return sent, None
    if name not in RESENT:
        return now, None
    form = _resent(name, sent, now, before)
    return (sent if form.times >= MOST_TIMES else now), form


def _resent(name: str, sent: object, now: object, before: KeptForm | None) -> KeptForm:
    """Return how often VK has shown `now` in place of `sent`, which was written again each time."""
    if before is None or before.sent != sent:
        return KeptForm(sent, now, 1)
    if before.shown is None:
        # The first reading after the write: nobody but VK has had the time.
        is_rounded = name == "price_kopecks" and _is_rounded(sent, now)
        return KeptForm(sent, now, MOST_TIMES if is_rounded else 1)
    if before.shown != now:
        return KeptForm(sent, now, 1)
    return replace(before, times=min(before.times + 1, MOST_TIMES))


def may_be_rounded(price_kopecks: int) -> bool:
    """Return True for a price that VK may show in whole roubles."""
    return price_kopecks % ROUBLE != 0


def is_same(one: object, other: object) -> bool:
    """Compare as VK may have stored it: it escapes HTML, folds white space and sets quotes and dashes."""
    if isinstance(one, str) and isinstance(other, str):
        return one == other or _plain(one) == _plain(other)
    return one == other


def _plain(text: str) -> str:
    while (read := html.unescape(text)) != text:
        text = read
    return " ".join(unicodedata.normalize("NFC", text).translate(_PLAIN).split())


def _is_form(name: str, sent: str, now: str) -> bool:
    if name == "sku":
        return not now.strip() or _plain(sent).casefold() == _plain(now).casefold()
    if name == "description":
        begun = _plain(now).removesuffix("...").rstrip()
        return len(begun) >= SHORTEST_TRIMMED and _plain(sent).startswith(begun)
    return False


def _is_rounded(sent: object, now: object) -> bool:
    return isinstance(sent, int) and isinstance(now, int) and now % ROUBLE == 0 and abs(now - sent) < ROUBLE
