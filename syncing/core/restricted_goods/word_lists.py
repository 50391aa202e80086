"""Every list of words with what its words mean, in the order in which a word's meanings are asked."""

from enum import Enum, auto
from typing import NamedTuple

from syncing.core.restricted_goods import words_drinks as drinks
from syncing.core.restricted_goods import words_medicine as medicine
from syncing.core.restricted_goods import words_more_drinks as more_drinks
from syncing.core.restricted_goods import words_more_medicine as more_medicine
from syncing.core.restricted_goods import words_more_tobacco as more_tobacco
from syncing.core.restricted_goods import words_ordinary as ordinary
from syncing.core.restricted_goods import words_other as other
from syncing.core.restricted_goods import words_tobacco as tobacco
from syncing.core.restricted_goods.meanings import Role
from syncing.core.restricted_goods.verdicts import Restriction
from syncing.core.restricted_goods.words_generic import GENERIC_GOODS


class Kind(Enum):
    """How the words of a list are found in a name."""

    # Stems in any case, "=" words as they are.
    NOUNS = auto()
    # Stems that take an adjective's endings.
    ADJECTIVES = auto()
    # Words that stand as they are written.
    EXACT = auto()


class WordList(NamedTuple):
    """One list: `reason` is what its words forbid, None for ordinary ones."""

    kind: Kind
    role: Role
    words: str
    reason: Restriction | None = None


class BrandList(NamedTuple):
    """Brands, found by their sound; "_" joins the words of one."""

    role: Role
    brands: str
    reason: Restriction


_PREPOSITIONS = "для под к ко с со в во из на от без против д по при у за о об до"
_ABOUT = """
вкус вкусом вкуса вк ароматом аромат аромата запах запахом надписью надпись рисунком стиле форме виде
имитация принтом изображением тест
"""
_SMOKING = """
кальян вейп iqos айкос сигарет сигар самокруток самокрут= самокр= сиг= папирос набивк табака табак
glo hqd электронных курения никотина
"""
_BEER_PACKETS = " разливной разливнои пэт стекло бут бутылка банка светлый темный крафтовый"
_NO_ALCOHOL = "безалкогольн безалк б/а без/алк б/алк безалког безалкогол"

LISTS = (
    WordList(Kind.NOUNS, Role.OBJECT, ordinary.OBJECTS),
    WordList(Kind.NOUNS, Role.THING, ordinary.THINGS),
    WordList(Kind.NOUNS, Role.FOOD, ordinary.FOODS),
    WordList(Kind.NOUNS, Role.FLAVOUR, ordinary.FLAVOURS),
    WordList(Kind.NOUNS, Role.SWEET, ordinary.SWEETS),
    WordList(Kind.NOUNS, Role.PACKAGING, ordinary.PACKAGING),
    WordList(Kind.NOUNS, Role.DRINK, ordinary.DRINKS),
    WordList(Kind.NOUNS, Role.VESSEL, ordinary.VESSELS),
    WordList(Kind.NOUNS, Role.GENERIC, " ".join(generic.nouns for generic in GENERIC_GOODS)),
    WordList(Kind.NOUNS, Role.GOODS, tobacco.NOUNS, Restriction.TOBACCO),
    WordList(Kind.NOUNS, Role.GOODS, drinks.BEER_NOUNS, Restriction.BEER),
    WordList(Kind.NOUNS, Role.GOODS, drinks.ALCOHOL_NOUNS, Restriction.ALCOHOL),
    WordList(Kind.NOUNS, Role.GOODS, drinks.ENERGY_NOUNS, Restriction.AGE),
    WordList(Kind.NOUNS, Role.GOODS, medicine.NOUNS, Restriction.MEDICINE),
    WordList(Kind.NOUNS, Role.GOODS, other.NOUNS, Restriction.OTHER),
    WordList(
        Kind.EXACT,
        Role.WEAK_GOODS,
        "кисет сиг сиги сигар папир эл-ка дудка дудки калик хука шахта закид",
        Restriction.TOBACCO,
    ),
    WordList(Kind.EXACT, Role.WEAK_GOODS, drinks.BEER_WEAK_NOUNS, Restriction.BEER),
    WordList(Kind.EXACT, Role.WEAK_GOODS, drinks.ALCOHOL_WEAK_NOUNS, Restriction.ALCOHOL),
    WordList(Kind.EXACT, Role.WEAK_GOODS, other.WEAK_NOUNS, Restriction.OTHER),
    WordList(Kind.ADJECTIVES, Role.ADJECTIVE, tobacco.ADJECTIVES, Restriction.TOBACCO),
    WordList(Kind.ADJECTIVES, Role.ADJECTIVE, drinks.BEER_ADJECTIVES, Restriction.BEER),
    WordList(Kind.ADJECTIVES, Role.ADJECTIVE, drinks.ALCOHOL_ADJECTIVES, Restriction.ALCOHOL),
    WordList(Kind.ADJECTIVES, Role.ADJECTIVE, drinks.ENERGY_ADJECTIVES, Restriction.AGE),
    WordList(Kind.EXACT, Role.ADJECTIVE, drinks.ENERGY_ADJECTIVES + " energy энерджи", Restriction.AGE),
    WordList(Kind.ADJECTIVES, Role.ADJECTIVE, medicine.ADJECTIVES, Restriction.MEDICINE),
    WordList(Kind.ADJECTIVES, Role.BEER_SORT, drinks.BEER_SORTS, Restriction.BEER),
    WordList(Kind.ADJECTIVES, Role.SURE_BEER_SORT, drinks.BEER_SORTS_SURE, Restriction.BEER),
    WordList(
        Kind.EXACT,
        Role.BEER_SORT,
        "сауэр саур барн ориг св темн светл пшен пшенич янтар янтарн барх креп крепк "
        "бочк н/ф н/фил непастер нефильтр нефил разл розл нефильт фильтр пастер",
        Restriction.BEER,
    ),
    WordList(Kind.EXACT, Role.SURE_BEER_SORT, "н/ф н/фил нефильтр нефил нефильт разл розл", Restriction.BEER),
    WordList(
        Kind.EXACT,
        Role.BEER_SIGN,
        drinks.BEER_SIGNS + _BEER_PACKETS,
        Restriction.BEER,
    ),
    WordList(Kind.EXACT, Role.WINE_SIGN, drinks.WINE_SIGNS, Restriction.ALCOHOL),
    WordList(Kind.EXACT, Role.SWEETNESS, drinks.WINE_SWEETNESS, Restriction.ALCOHOL),
    WordList(Kind.ADJECTIVES, Role.SWEETNESS, drinks.WINE_SWEETNESS, Restriction.ALCOHOL),
    WordList(Kind.EXACT, Role.ALCOHOL_HINT, drinks.ALCOHOL_HINTS, Restriction.ALCOHOL),
    WordList(Kind.EXACT, Role.STRONG_HINT, tobacco.STRONG_HINTS, Restriction.TOBACCO),
    WordList(Kind.EXACT, Role.HINT, tobacco.HINTS, Restriction.TOBACCO),
    WordList(Kind.EXACT, Role.FORMAT, tobacco.FORMATS, Restriction.TOBACCO),
    WordList(Kind.EXACT, Role.SURE_FORMAT, tobacco.SURE_FORMATS, Restriction.TOBACCO),
    WordList(Kind.EXACT, Role.VAPE_HINT, tobacco.VAPE_HINTS, Restriction.TOBACCO),
    WordList(Kind.EXACT, Role.FORM, medicine.STRONG_FORMS, Restriction.MEDICINE),
    WordList(Kind.EXACT, Role.WEAK_FORM, medicine.WEAK_FORMS, Restriction.MEDICINE),
    WordList(Kind.EXACT, Role.INJECTED, medicine.INJECTED, Restriction.MEDICINE),
    WordList(Kind.EXACT, Role.MAKER, medicine.MAKERS, Restriction.MEDICINE),
    WordList(Kind.NOUNS, Role.SUPPLEMENT, medicine.SUPPLEMENTS),
    WordList(Kind.EXACT, Role.SUPPLEMENT, medicine.SUPPLEMENTS),
    WordList(Kind.NOUNS, Role.SMOKING, _SMOKING, Restriction.TOBACCO),
    WordList(Kind.NOUNS, Role.WEAPON, other.WEAPONS, Restriction.OTHER),
    WordList(Kind.ADJECTIVES, Role.NO_ALCOHOL, _NO_ALCOHOL),
    WordList(Kind.EXACT, Role.NO_ALCOHOL, _NO_ALCOHOL),
    WordList(Kind.EXACT, Role.MIXED_IN, drinks.MIXED_IN, Restriction.ALCOHOL),
    WordList(Kind.EXACT, Role.PREPOSITION, _PREPOSITIONS),
    WordList(Kind.EXACT, Role.ABOUT, _ABOUT),
)

BRAND_LISTS = (
    BrandList(Role.BRAND, tobacco.STRONG, Restriction.TOBACCO),
    BrandList(Role.DEVICE, tobacco.DEVICES, Restriction.TOBACCO),
    BrandList(Role.WEAK_BRAND, tobacco.WEAK, Restriction.TOBACCO),
    BrandList(Role.COMMON_BRAND, tobacco.COMMON, Restriction.TOBACCO),
    BrandList(Role.BRAND, drinks.BEER_STRONG, Restriction.BEER),
    BrandList(Role.WEAK_BRAND, drinks.BEER_WEAK, Restriction.BEER),
    BrandList(Role.COMMON_BRAND, drinks.BEER_COMMON, Restriction.BEER),
    BrandList(Role.BRAND, drinks.ALCOHOL_STRONG, Restriction.ALCOHOL),
    BrandList(Role.WEAK_BRAND, drinks.ALCOHOL_WEAK, Restriction.ALCOHOL),
    BrandList(Role.COMMON_BRAND, drinks.ALCOHOL_COMMON, Restriction.ALCOHOL),
    BrandList(Role.BRAND, drinks.ENERGY_STRONG, Restriction.AGE),
    BrandList(Role.WEAK_BRAND, drinks.ENERGY_WEAK, Restriction.AGE),
    BrandList(Role.COMMON_BRAND, drinks.ENERGY_COMMON, Restriction.AGE),
    BrandList(Role.BRAND, medicine.STRONG, Restriction.MEDICINE),
    BrandList(Role.BRAND, medicine.VETERINARY, Restriction.MEDICINE),
    BrandList(Role.WEAK_BRAND, medicine.WEAK, Restriction.MEDICINE),
    BrandList(Role.BRAND, other.STRONG, Restriction.OTHER),
    BrandList(Role.BRAND, more_medicine.STRONG, Restriction.MEDICINE),
    BrandList(Role.WEAK_BRAND, more_medicine.WEAK, Restriction.MEDICINE),
    BrandList(Role.BRAND, more_tobacco.CIGARETTES_STRONG, Restriction.TOBACCO),
    BrandList(Role.COMMON_BRAND, more_tobacco.CIGARETTES_COMMON, Restriction.TOBACCO),
    BrandList(Role.BRAND, more_tobacco.VAPES_STRONG, Restriction.TOBACCO),
    BrandList(Role.WEAK_BRAND, more_tobacco.VAPES_WEAK, Restriction.TOBACCO),
    BrandList(Role.BRAND, more_tobacco.HOOKAHS_STRONG, Restriction.TOBACCO),
    BrandList(Role.WEAK_BRAND, more_tobacco.HOOKAHS_WEAK, Restriction.TOBACCO),
    BrandList(Role.COMMON_BRAND, more_tobacco.HOOKAHS_COMMON, Restriction.TOBACCO),
    BrandList(Role.BRAND, more_drinks.BEER_STRONG, Restriction.BEER),
    BrandList(Role.WEAK_BRAND, more_drinks.BEER_WEAK, Restriction.BEER),
    BrandList(Role.COMMON_BRAND, more_drinks.BEER_COMMON, Restriction.BEER),
    BrandList(Role.BRAND, more_drinks.SPIRITS_STRONG, Restriction.ALCOHOL),
    BrandList(Role.WEAK_BRAND, more_drinks.SPIRITS_WEAK, Restriction.ALCOHOL),
    BrandList(Role.COMMON_BRAND, more_drinks.SPIRITS_COMMON, Restriction.ALCOHOL),
    BrandList(Role.BRAND, more_drinks.WINE_STRONG, Restriction.ALCOHOL),
    BrandList(Role.WEAK_BRAND, more_drinks.WINE_WEAK, Restriction.ALCOHOL),
    BrandList(Role.COMMON_BRAND, more_drinks.WINE_COMMON, Restriction.ALCOHOL),
    BrandList(Role.BRAND, more_drinks.CANNED_STRONG, Restriction.ALCOHOL),
    BrandList(Role.COMMON_BRAND, more_drinks.CANNED_COMMON, Restriction.ALCOHOL),
    BrandList(Role.BRAND, more_drinks.ENERGY_STRONG, Restriction.AGE),
    BrandList(Role.COMMON_BRAND, more_drinks.ENERGY_COMMON, Restriction.AGE),
)
