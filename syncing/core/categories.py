"""Guesses a VK category from words, as a first proposal that the merchant can change."""

import re
from collections.abc import Iterable, Sequence

# Russian endings are shorter than this, so equal beginnings mean the same word.
_STEM = 5
_WORD = re.compile(r"[^\W\d_]{3,}")
_LEVELS = re.compile(r"\s*[/>→|\\]\s*")
# The leaf's own words say more than those of the branch, the goods' name more than the folder's.
_LEAF, _BRANCH = 2, 1


def guess_category(
    group_path: tuple[str, ...], title: str, categories: Sequence[tuple[int, str]]
) -> int | None:
    """Return the id of the category that shares most words with the goods, or None if none does.

    A category is an id and its path, such as "Продукты питания / Чай и кофе". Among equals the one
    with the fewest other words wins, then the first.
    """
    weights = {stem: 1 for name in group_path for stem in _stems(name)}
    weights |= dict.fromkeys(_stems(title), 2)
    best: tuple[int, float, int] | None = None
    for category_id, path in categories:
        score, words = _score(path, weights)
        if score and (best is None or (score, -words) > best[:2]):
            best = (score, -words, category_id)
    return best[2] if best else None


def _score(path: str, weights: dict[str, int]) -> tuple[int, int]:
    """Return how well a category fits and how many words it has."""
    *branch, leaf = _LEVELS.split(path)
    leaf_stems = _stems(leaf)
    branch_stems = {stem for name in branch for stem in _stems(name)} - leaf_stems
    score = _LEAF * _sum(leaf_stems, weights) + _BRANCH * _sum(branch_stems, weights)
    return score, len(leaf_stems | branch_stems)


def _sum(stems: Iterable[str], weights: dict[str, int]) -> int:
    return sum(weights.get(stem, 0) for stem in stems)


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(text.casefold().replace("ё", "е"))}
