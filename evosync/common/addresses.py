"""Email addresses: as they are kept, and as limits know them."""

import unicodedata

import idna

# Accents and signs that do not show, such as a zero-width space: another spelling with the same look.
UNSEEN = frozenset({"Mn", "Me", "Cf", "Cc", "Zs", "Zl", "Zp"})


class InvalidAddress(ValueError):
    """What was written is no address that an email could be sent to."""


def normalise_address(text: str) -> str:
    """Return the address in lower case, its domain as the registry has it. Raises InvalidAddress.

    A domain is kept in its own letters. One that has no ASCII form, or holds signs that do not show, is none.
    """
    local, at, domain = text.strip().rpartition("@")
    if not at or not local or not local.isascii():
        raise InvalidAddress(text)
    try:
        ascii_form = idna.encode(domain, uts46=True).decode()
        # Django's mail knows an older table; what fails there could never be reached.
        own_letters = idna.decode(ascii_form)
        own_letters.encode("idna")
    except (UnicodeError, idna.IDNAError):
        raise InvalidAddress(text) from None
    if own_letters.endswith("."):
        raise InvalidAddress(text)
    return f"{local}@{own_letters}".lower()


def look_of(text: str) -> str:
    """Return one key for all spellings of an address that look alike, or that a database may take for one.

    Upper case, wide letters, accents, signs that do not show, ASCII forms of domains and dots at the end
    make no difference. It is for counting only, and takes any text.
    """
    local, at, domain = _fold(text).rpartition("@")
    labels = [_fold(_own_letters(label)) for label in domain.split(".")]
    return f"{local}{at}{'.'.join(filter(None, labels))}"


def _fold(text: str) -> str:
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(sign for sign in spread if unicodedata.category(sign) not in UNSEEN)


def _own_letters(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label.removeprefix("xn--").encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label
