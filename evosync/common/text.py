"""How names are made comparable for the search: in Python, since databases differ in what they fold."""

import unicodedata


def fold(text: str) -> str:
    """Return the text in lower case, with е for ё and single spaces."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("ё", "е")
    return " ".join(folded.split())
