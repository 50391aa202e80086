"""What a word can do in a name, and what one or several words may mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, auto

from syncing.core.restricted_goods.verdicts import Restriction


class Role(IntEnum):
    """What a word does in a name."""

    # Nouns that say what the product is.
    OBJECT = auto()
    THING = auto()
    FOOD = auto()
    FLAVOUR = auto()
    # Sweets and hot drinks: a flavour that is never a drink's name.
    SWEET = auto()
    # Names what goods are packed in unless it comes first.
    PACKAGING = auto()
    DRINK = auto()
    VESSEL = auto()
    GENERIC = auto()
    GOODS = auto()
    # Behind "с" what is mixed into a drink; alone these are also other words.
    MIXED_IN = auto()
    # Forbidden goods' names that are also other words.
    WEAK_GOODS = auto()
    ADJECTIVE = auto()
    BRAND = auto()
    DEVICE = auto()
    WEAK_BRAND = auto()
    COMMON_BRAND = auto()
    STRONG_HINT = auto()
    HINT = auto()
    # The size of a packet, which is a hint too.
    FORMAT = auto()
    SURE_FORMAT = auto()
    VAPE_HINT = auto()
    BEER_SORT = auto()
    SURE_BEER_SORT = auto()
    BEER_SIGN = auto()
    WINE_SIGN = auto()
    SWEETNESS = auto()
    ALCOHOL_HINT = auto()
    FORM = auto()
    WEAK_FORM = auto()
    MAKER = auto()
    INJECTED = auto()
    SUPPLEMENT = auto()
    # What is smoked with or shot from, behind "для".
    SMOKING = auto()
    WEAPON = auto()
    NO_ALCOHOL = auto()
    PREPOSITION = auto()
    ABOUT = auto()
    MISSPELT = auto()
    # The beginning of a brand: «Мальб», «Ротм.».
    SHORTENED = auto()
    # The beginning of a noun of forbidden goods: «Виск», «Водк».
    CUT_NOUN = auto()
    # Unknown, and looks like a medicine's name.
    SUBSTANCE = auto()


ORDINARY = frozenset({Role.OBJECT, Role.THING, Role.FOOD, Role.FLAVOUR, Role.SWEET, Role.DRINK, Role.VESSEL})
NOUNS = ORDINARY | {Role.GENERIC, Role.GOODS}
# A name with none of these needs no second look.
SUSPICIOUS = frozenset(
    {
        Role.GOODS,
        Role.WEAK_GOODS,
        Role.MIXED_IN,
        Role.ADJECTIVE,
        Role.BRAND,
        Role.DEVICE,
        Role.WEAK_BRAND,
        Role.COMMON_BRAND,
        Role.STRONG_HINT,
        Role.FORMAT,
        Role.VAPE_HINT,
        Role.BEER_SORT,
        Role.SURE_BEER_SORT,
        Role.WINE_SIGN,
        Role.FORM,
        Role.WEAK_FORM,
        Role.INJECTED,
        Role.SMOKING,
        Role.WEAPON,
        Role.MISSPELT,
        Role.SHORTENED,
        Role.CUT_NOUN,
        Role.GENERIC,
        Role.SUBSTANCE,
    }
)
BRANDS = frozenset({Role.BRAND, Role.WEAK_BRAND, Role.COMMON_BRAND, Role.DEVICE})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word or a phrase may mean; a role's reasons are empty where it has none."""

    roles: Mapping[Role, tuple[Restriction, ...]]
    # False where a noun is surely in another case than the nominative.
    is_nominative: bool = True
    is_suspicious: bool = field(init=False)
    # A noun says what a product is, an ordinary one that VK takes it.
    is_noun: bool = field(init=False)
    is_ordinary: bool = field(init=False)

    def __post_init__(self) -> None:
        # Asked of every word of every name, and made once for a word.
        object.__setattr__(self, "is_suspicious", not SUSPICIOUS.isdisjoint(self.roles))
        object.__setattr__(self, "is_noun", not NOUNS.isdisjoint(self.roles))
        object.__setattr__(self, "is_ordinary", not ORDINARY.isdisjoint(self.roles))

    def has(self, *roles: Role) -> bool:
        """Return True if the word can have one of the roles."""
        mine = self.roles
        for role in roles:  # noqa: SIM110 - asked a hundred times for each name, and this is twice as quick
            if role in mine:
                return True
        return False


NOTHING = Meaning({})
