"""A name in terms: words with their meanings and what its numbers measure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from syncing.core.restricted_goods.meanings import NOTHING, Meaning, Role
from syncing.core.restricted_goods.measures import Measures, Sign
from syncing.core.restricted_goods.spelling import is_cyrillic
from syncing.core.restricted_goods.verdicts import Restriction
from syncing.core.restricted_goods.vocabulary import ADJECTIVE

_NO_MEASURES = Measures()


class Term(NamedTuple):
    """A word or phrase of the name. `governor` is the preposition or "вкус" that it depends on."""

    text: str
    shown: str = ""
    meaning: Meaning = NOTHING
    governor: str = ""
    quoted: bool = False
    aside: bool = False
    is_number: bool = False

    def has(self, *roles: Role) -> bool:
        """Return True if the word can have one of the roles."""
        mine = self.meaning.roles
        for role in roles:  # noqa: SIM110 - asked a hundred times for each name, and this is twice as quick
            if role in mine:
                return True
        return False

    def restriction(self, *roles: Role) -> Restriction:
        """Return what kind of goods the word stands for in the first of these roles that it has."""
        return next(found[0] for role in roles if (found := self.meaning.roles.get(role)))

    @property
    def is_noun(self) -> bool:
        """Return True if the word says what a product is."""
        return self.meaning.is_noun

    @property
    def is_ordinary(self) -> bool:
        """Return True if the word names an ordinary thing."""
        return self.meaning.is_ordinary

    @property
    def is_unknown_word(self) -> bool:
        """Return True for a Russian word that may be a noun we do not know."""
        return (
            (not self.meaning.roles or self.meaning.has(Role.SUBSTANCE) or self.meaning.has(Role.SHORTENED))
            and not self.is_number
            and is_cyrillic(self.text)
            and len(self.text) > 2  # noqa: PLR2004 - shorter ones are shortenings
            and "/" not in self.text
            and not ADJECTIVE.fullmatch(self.text)
        )


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A name in terms, or one part of a name where several things are sold together."""

    terms: tuple[Term, ...]
    measures: Measures = _NO_MEASURES
    # All roles of all its words: most questions are about roles that no word has.
    roles: frozenset[Role] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "roles", roles_of(self.terms))

    @property
    def litres(self) -> bool:
        """Return True if a number is a drink's volume."""
        return Sign.LITRES in self.measures.signs

    @property
    def spirits_bottle(self) -> bool:
        """Return True for a bottle of spirits or wine."""
        return Sign.SPIRITS_BOTTLE in self.measures.signs

    @property
    def beer_bottle(self) -> bool:
        """Return True for a can or a bottle that hardly anything but beer comes in."""
        return Sign.BEER_BOTTLE in self.measures.signs

    @property
    def small_beer(self) -> bool:
        """Return True for a third of a litre."""
        return Sign.SMALL_BEER in self.measures.signs

    @property
    def spirits_size(self) -> bool:
        """Return True for a size that spirits come in."""
        return Sign.SPIRITS_SIZE in self.measures.signs

    @property
    def flask(self) -> bool:
        """Return True for a small bottle of spirits."""
        return Sign.FLASK in self.measures.signs

    @property
    def half_litre(self) -> bool:
        """Return True for half a litre or a pint."""
        return Sign.HALF_LITRE in self.measures.signs

    @property
    def small_bottle(self) -> bool:
        """Return True for a bottle of at most 120 ml."""
        return Sign.SMALL_BOTTLE in self.measures.signs

    @property
    def dose(self) -> bool:
        """Return True if a number is a dose, such as milligrams."""
        return Sign.DOSE in self.measures.signs

    @property
    def pack_count(self) -> bool:
        """Return True for the count of a packet of tablets, «№20»."""
        return Sign.PACK_COUNT in self.measures.signs

    @property
    def puffs(self) -> bool:
        """Return True if a number may count puffs."""
        return Sign.PUFFS in self.measures.signs

    @property
    def pouch(self) -> bool:
        """Return True for a pouch of hookah tobacco: 25, 50, 100 grams and the like."""
        return Sign.POUCH in self.measures.signs

    @property
    def shares(self) -> tuple[float, ...]:
        """Return the percentages of the name."""
        return self.measures.shares

    @property
    def price_tail(self) -> bool:
        """Return True if the name ends with what may be a packet's price."""
        return self.measures.price_tail

    def first(self, *roles: Role, governed: bool = False) -> Term | None:
        """Return the first term with one of the roles, attributes only where asked for."""
        if self.roles.isdisjoint(roles):
            return None
        return next((t for t in self.terms if t.has(*roles) and (governed or not t.governor)), None)

    @property
    def first_word(self) -> Term | None:
        """Return the first term that begins with a letter."""
        return next((term for term in self.terms if term.text[:1].isalpha()), None)

    def position(self, term: Term) -> int:
        """Return the term's place."""
        return next(index for index, other in enumerate(self.terms) if other is term)

    def has_unknown_before(self, position: int) -> bool:
        """Return True if a Russian word that we do not know may be the noun instead."""
        return any(term.is_unknown_word and not term.governor for term in self.terms[:position])

    def behind_for(self, role: Role) -> Term | None:
        """Return the term with this role that stands behind "для" or "к", or None."""
        if role not in self.roles:
            return None
        return next((t for t in self.terms if t.has(role) and t.governor in {"для", "д", "к"}), None)

    def has_share_of(self, least: float, most: float) -> bool:
        """Return True if a percentage of the name lies between these."""
        return any(least <= share <= most for share in self.shares)

    def count(self, *roles: Role) -> int:
        """Return how many terms have one of the roles."""
        return 0 if self.roles.isdisjoint(roles) else sum(term.has(*roles) for term in self.terms)


def roles_of(terms: Iterable[Term]) -> frozenset[Role]:
    """Return all roles that the words may have."""
    return frozenset().union(*(term.meaning.roles for term in terms))
