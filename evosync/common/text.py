"""Makes names comparable for the search, in Python, since databases fold case differently; reads numbers."""

import unicodedata

LARGEST_ID = 2**63 - 1


def normalize_for_search(text: str) -> str:
    """Return the text in lower case, with е for ё and single spaces."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("ё", "е")
    return " ".join(folded.split())


def inner_quotes(text: str) -> str:
    """Return the text as it stands within «», where quotes of its own are „ and “."""
    return text.replace("«", "„").replace("»", "“")


def whole_number(text: str, *, most: int = LARGEST_ID) -> int | None:
    """Return a number of plain digits, None for another text and for one above `most`.

    Python itself refuses numbers of thousands of digits with an error.
    """
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(most)):
        return None
    number = int(text)
    return number if number <= most else None
