"""Reads a group's name: whether all in it, or some of it, is what VK does not take."""

from enum import Enum, auto
from functools import lru_cache

from syncing.core.restricted_goods.spelling import tokens
from syncing.core.restricted_goods.verdicts import Restriction

_STEMS = {
    Restriction.TOBACCO: (
        "табак табач сигар папирос кальян вейп вейпы вейпов вейпа вейпинг вэйп вэйпы снюс стики tobacco vape "
        "одноразк жидкост pod под-систем испарит никотин hqd айкос iqos жижа жижк электронк"
    ),
    Restriction.MEDICINE: "лекарств медикамент аптек таблет антибиот обезбол",
    Restriction.BEER: "пиво пива пивн beer сидр эль медовух пивас",
    Restriction.ALCOHOL: (
        "алкогол спиртн вино вина винн водка водки коньяк виски шампанск игрист ликер настойк ром джин "
        "текил вермут бренди слабоалк алко алкомаркет крепкоалк абсент наливк портвейн"
    ),
    Restriction.AGE: "энергетик",
}
_BEGINNINGS = {
    kind: tuple(stem for stem in text.replace("й", "и").split() if len(stem) > 4)  # noqa: PLR2004 - short ones are whole words
    for kind, text in _STEMS.items()
}
_WHOLE = {kind: frozenset(text.replace("й", "и").split()) for kind, text in _STEMS.items()}
# What a group of one kind of goods is called beside them.
_QUALIFYING = """
бут стекл банк разлив розлив жив светл темн крепк импорт россий росс отечеств напит продукц издел товар
магазин отдел групп новое акци красн бел розов сух сладк полу тих марочн элитн свеж бутыл фасован электрон
нефильтр фильтр кег одноразов жидк сист
"""
_QUALIFIERS = tuple(_QUALIFYING.split())
_SMALL = "и в с на из по для от до л ж/б пэт х шт уп бар п/сл"
_SMALL_WORDS = frozenset(_SMALL.split())
# Said of a group that has the word and not the goods.
_NEGATIONS = ("безалк", "б/а", "аксесс", "посуд", "бокал")


class GroupContents(Enum):
    """How much of a group is forbidden goods, by its name."""

    NONE = auto()
    SOME = auto()
    ALL = auto()


@lru_cache(maxsize=4096)
def group_contents(group: str) -> tuple[GroupContents, Restriction | None]:
    """Return how much of the group is forbidden goods, and of which kind."""
    words = [token.text for token in tokens(group) if not (token.is_mark or token.is_number)]
    kinds = [kind for word in words if (kind := _kind(word))]
    if not kinds or any(word.startswith(_NEGATIONS) for word in words):
        return GroupContents.NONE, None
    rest = [w for w in words if not (_kind(w) or w in _SMALL_WORDS or w.startswith(_QUALIFIERS))]
    return (GroupContents.SOME if rest else GroupContents.ALL), kinds[0]


def _kind(word: str) -> Restriction | None:
    return next(
        (k for k in _STEMS if word in _WHOLE[k] or (_BEGINNINGS[k] and word.startswith(_BEGINNINGS[k]))), None
    )
