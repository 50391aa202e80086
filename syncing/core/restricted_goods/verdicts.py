"""Says of a product: forbidden, allowed or unsure, of which kind and for what evidence."""

from dataclasses import dataclass
from enum import StrEnum


class Restriction(StrEnum):
    """Which goods VK does not take. The values are the reason codes that runs and pages use."""

    TOBACCO = "legal_tobacco"
    ALCOHOL = "legal_alcohol"
    BEER = "legal_beer"
    MEDICINE = "legal_medicine"
    AGE = "legal_age"
    EXCISABLE = "legal_excisable"
    OTHER = "legal_other"


class Basis(StrEnum):
    """What kind of evidence decided."""

    TYPE = "type"
    # A type in Evotor that may be one of forbidden goods: nobody knows it, or it could not be read.
    UNKNOWN_TYPE = "unknown_type"
    FLAG = "flag"
    KIND = "kind"
    BRAND = "brand"
    SIGN = "sign"
    GROUP = "group"
    # The group that the till last told, before it told none.
    LEFT_GROUP = "left_group"
    # The till may have taken away the mark that forbade it.
    LOST_MARK = "lost_mark"
    # Nobody can read what the name or a group says.
    UNREADABLE = "unreadable"
    # The name is a barcode, and no group says what the goods are.
    BARCODE = "barcode"
    DECISION = "decision"


# What tells that goods may be forbidden, and not which.
TELLS_NO_KIND = frozenset({Basis.UNKNOWN_TYPE, Basis.LOST_MARK, Basis.UNREADABLE, Basis.BARCODE})


class Kind(StrEnum):
    """The three verdicts. What is unsure stays out of VK until the merchant decides."""

    ALLOWED = "allowed"
    UNSURE = "unsure"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One product's verdict. `evidence` is the word, sign, group or flag that decided."""

    kind: Kind
    restriction: Restriction | None = None
    basis: Basis | None = None
    evidence: str = ""

    @property
    def is_allowed(self) -> bool:
        """Return True for goods that VK takes."""
        return self.kind is Kind.ALLOWED


ALLOWED = Verdict(Kind.ALLOWED)


def forbidden(restriction: Restriction, basis: Basis, evidence: str) -> Verdict:
    """Return the verdict on goods that VK does not take."""
    return Verdict(Kind.FORBIDDEN, restriction, basis, evidence)


def unsure(restriction: Restriction, basis: Basis, evidence: str) -> Verdict:
    """Return the verdict on goods that the merchant must decide about."""
    return Verdict(Kind.UNSURE, restriction, basis, evidence)
