"""Finds in the words that rules and templates add to goods what VK would take for forbidden goods.

They were checked when they were saved; which words are forbidden may have changed since, and some were
never checked.
"""

import re
from functools import lru_cache

from syncing.core.goods_rules.records import NOTHING, Decision
from syncing.core.records import SourceProduct
from syncing.core.restricted_goods.name_classifier import classify_name
from syncing.core.restricted_goods.verdicts import ALLOWED, Kind, Verdict

# So much of a text is looked at: more than VK shows of a description.
LONGEST_READ = 4_000
_SENTENCE = re.compile(r"[.!?;\n]+")
_PLACEHOLDER = re.compile(r"\{[^{}\n]{0,40}\}")
# "Without X" says nothing about what the goods are.
_WITHOUT = re.compile(
    r"\b(?:без|не\s{1,3}содерж[а-яё]{1,6})\s{1,3}[\w-]{1,40}(?:(?:\s{0,3},|\s{1,3}(?:и|или))\s{1,3}[\w-]{1,40})?",
    re.IGNORECASE,
)


def refuse_words(product: SourceProduct, decision: Decision, template: str) -> Verdict | None:
    """Return what the words that are added to a product name, None where VK takes them.

    What the product's name says too has been decided with the name.
    """
    if decision is NOTHING and not template:
        return None
    verdicts = [classify_name(part) for part in (decision.title_prefix, decision.title_suffix) if part]
    texts = (decision.add_text, decision.few_left.text if decision.few_left else "", template)
    verdicts += [classify_text(text) for text in texts if text]
    return next((verdict for verdict in verdicts if _says_more(verdict, product.name)), None)


def refuse_text(text: str, name: str = "") -> Verdict | None:
    """Return what a text would name in the description of goods of this name, None where VK takes it."""
    verdict = classify_text(text)
    return verdict if _says_more(verdict, name) else None


def _says_more(verdict: Verdict, name: str) -> bool:
    return not verdict.is_allowed and verdict != classify_name(name)


@lru_cache(maxsize=1024)
def classify_text(text: str) -> Verdict:
    """Return the verdict on a text, sentence by sentence: forbidden, or allowed.

    Prose names many things, so what is unsure in a name says nothing here.
    """
    plain = _PLACEHOLDER.sub(" ", text[:LONGEST_READ])
    for sentence in _SENTENCE.split(plain):
        verdict = classify_name(_WITHOUT.sub(" ", sentence).strip())
        if verdict.kind is Kind.FORBIDDEN:
            return verdict
    return ALLOWED
