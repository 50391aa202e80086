"""Normalizes names for the search in Python, since databases differ in how they compare letters."""

import unicodedata


def normalize_for_search(text: str) -> str:
    """Return the text in lower case, with е for ё and single spaces."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("ё", "е")
    return " ".join(folded.split())
