"""Makes names comparable for the search: in Python, since databases fold case differently."""

import unicodedata


def normalize_for_search(text: str) -> str:
    """Return the text in lower case, with е for ё and single spaces."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("ё", "е")
    return " ".join(folded.split())
