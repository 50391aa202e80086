"""Last known values: what the till does not say is not a "no".

A field or group that a reading leaves out keeps its last known value until its absence is proven: two
complete readings leave it out, others of its kind are still told, and, for a group, no product names it.
A field that is named without a value is empty at once, if it can be.
Where the same thing goes missing from many at once nothing is proven, and the plan asks.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from syncing.core.choices import Field, Gap

# What a product is taken for in a field that the till has never told.
NEVER_TOLD: Mapping[Field, object] = MappingProxyType(
    {
        Field.NAME: "",
        Field.GROUP: "",
        Field.PRICE: None,
        Field.QUANTITY: None,
        Field.MEASURE: "",
        Field.ARTICLE: "",
        Field.CODE: "",
        Field.BARCODES: (),
        Field.DESCRIPTION: "",
        Field.ALLOW_TO_SELL: True,
        Field.TYPE: "NORMAL",
        Field.IS_EXCISABLE: False,
        Field.IS_AGE_LIMITED: False,
    }
)
# Fields that a till leaves out where they are empty, so that an absence that is proven empties them. A
# product without a price, type or stock is none; a mark once set stays until the till takes it back.
MAY_BE_EMPTY = frozenset(
    {Field.GROUP, Field.MEASURE, Field.ARTICLE, Field.CODE, Field.BARCODES, Field.DESCRIPTION}
)
# Those of them that make the shop's look.
_SHOWN_TO_SHOPPERS = frozenset({Field.GROUP, Field.DESCRIPTION})
# Stands for a type that could not be read.
UNREADABLE_TYPE = "UNREADABLE"
# What goods are taken for whose mark was told in a form that means nothing, and never in another: a mark that
# cannot be read is no permission.
_CAUTIOUS: Mapping[Field, object] = MappingProxyType(
    {
        Field.ALLOW_TO_SELL: False,
        Field.IS_EXCISABLE: True,
        Field.IS_AGE_LIMITED: True,
        Field.TYPE: UNREADABLE_TYPE,
    }
)
# What decides whether goods may be sold, and for how much: goods that come back under another id keep it.
LASTING = frozenset(NEVER_TOLD.keys() - MAY_BE_EMPTY - {Field.NAME}) | {Field.GROUP}
# More than this at once is no edit of the merchant's but a source that says less than before.
FEW, FEW_PERCENT = 10, 20
# Used as the name of a group that a product belongs to and that no reading listed.
NEVER_LISTED = ""
# Fewer cannot be told from an edit even where they are all there are.
ALL_IS_MANY = 3


@dataclass(frozen=True, slots=True)
class Told:
    """What a reading says of one product: a value for each field, None where it says none.

    `nulls` are the fields that it names without a value; where a field may be empty, that says so.
    `unreadable` are those that it names in a form that means nothing.
    """

    values: Mapping[Field, object | None]
    nulls: frozenset[Field] = frozenset()
    unreadable: frozenset[Field] = frozenset()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of one product: its values, and why some fields have none from the last reading.

    `gaps` is None where nobody noted them yet. `left_groups` are the names of the groups, from the root
    down, that it stood in when the till last told one that is listed; empty while the till tells such a one.
    """

    values: Mapping[Field, object]
    gaps: Mapping[Field, Gap] | None = field(default_factory=dict)
    left_groups: tuple[str, ...] = ()

    def keeps(self, name: Field) -> bool:
        """Return True if the value would be lost by taking "not told" for "empty"."""
        value, gap = self.values[name], (self.gaps or {}).get(name)
        if gap is Gap.NEVER_TOLD:
            return False
        if value == NEVER_TOLD[name]:
            # An emptiness that was told is no loss, and neither is a mark that was not set.
            return gap is not None or (self.gaps is not None and is_told_by_all(name))
        return True


def is_many(lost: int, total: int, *, few: int = FEW) -> bool:
    """Return True if so many of so many cannot have gone missing by ordinary edits."""
    return lost > max(few, total * FEW_PERCENT / 100) or (lost == total and lost >= ALL_IS_MANY)


def is_told_by_all(name: Field) -> bool:
    """Return True if every product has a value in this field, whatever it is."""
    return name in (Field.NAME, Field.ALLOW_TO_SELL, Field.TYPE)


@dataclass(frozen=True, slots=True)
class Vanished:
    """The fields that one reading lost so often that it proves nothing.

    `absent` are those that nobody tells any more or too many leave out; `many` the latter alone.
    """

    absent: frozenset[Field] = frozenset()
    many: frozenset[Field] = frozenset()


NOTHING_VANISHED = Vanished()


def vanished_fields(readings: Iterable[tuple[Told, Knowledge | None]]) -> Vanished:
    """Return what one reading lost; `readings` pairs what it says of each product with what was known."""
    said: Counter[Field] = Counter()
    lost: Counter[Field] = Counter()
    for told, known in readings:
        for name, value in told.values.items():
            if value is not None and not _is_emptied(name, value, known):
                said[name] += 1
            elif known is not None and known.keeps(name):
                lost[name] += 1
    many = frozenset(name for name, count in lost.items() if is_many(count, said[name] + count))
    return Vanished(many.union(name for name in lost if not said[name]), many)


# The names of a group and of those above it, from the root down, by its id; None for one that is not listed.
PathOf = Callable[[str], tuple[str, ...] | None]


def recall(
    told: Told,
    known: Knowledge | None,
    *,
    is_complete: bool,
    vanished: Vanished = NOTHING_VANISHED,
    path_of: PathOf = lambda _group: (),
) -> Knowledge:
    """Return the product as it is known after a reading: new values, and the last known ones for the rest.

    `is_complete` is False for a reading of changes only; it proves no absence.
    """
    values: dict[Field, object] = {}
    gaps: dict[Field, Gap] = {}
    for name, value in told.values.items():
        if value is not None and not (name in vanished.many and _is_emptied(name, value, known)):
            values[name] = value
            continue
        before = None if known is None else (known.gaps or {}).get(name)
        is_empty = name in MAY_BE_EMPTY and (
            name not in vanished.many
            if name in told.nulls
            else is_complete and before is Gap.ABSENT and name not in vanished.absent
        )
        if known is None or is_empty or not known.keeps(name):
            was_never_told = known is None or before is Gap.NEVER_TOLD
            is_doubtful = was_never_told and _is_unreadable(name, told, known)
            taken_for = _CAUTIOUS if is_doubtful else NEVER_TOLD
            values[name], gaps[name] = taken_for[name], Gap.NEVER_TOLD
        else:
            values[name] = known.values[name]
            gaps[name] = Gap.ABSENT if is_complete or before is Gap.ABSENT else Gap.KEPT
    return Knowledge(values, gaps, _left_groups(told, known, str(values[Field.GROUP]), path_of))


def _is_emptied(name: Field, value: object, known: Knowledge | None) -> bool:
    """Return True for an empty text or group where there was one; of many at once it says no more than none.

    Codes and articles are emptied by merchants, and shoppers hardly see them.
    """
    return (
        name in _SHOWN_TO_SHOPPERS and value == NEVER_TOLD[name] and known is not None and known.keeps(name)
    )


def _is_unreadable(name: Field, told: Told, known: Knowledge | None) -> bool:
    """Return True for a mark that cannot be read, or could not be when the till last told it."""
    if name not in _CAUTIOUS:
        return False
    return name in told.unreadable or (known is not None and known.values[name] == _CAUTIOUS[name])


def _left_groups(told: Told, known: Knowledge | None, group: str, path_of: PathOf) -> tuple[str, ...]:
    """Return the groups that still say what the product is, until another listed group takes their place.

    No group is not another one: a till that is loaded without groups says nothing of what they forbade.
    """
    if known is None:
        return ()
    before = str(known.values[Field.GROUP])
    if group == before and not known.left_groups:
        return ()
    if told.values[Field.GROUP] and path_of(group) is not None:
        return ()
    if known.left_groups or not before:
        return known.left_groups
    path = path_of(before)
    return (NEVER_LISTED,) if path is None else path


def kept_fields(gaps: Mapping[str, str] | None) -> frozenset[Field]:
    """Return the fields whose values are only the last known; `gaps` are as rows hold them."""
    if not gaps:
        return frozenset()
    return frozenset(Field(name) for name, gap in gaps.items() if gap != Gap.NEVER_TOLD)


def named_groups(products: Iterable[str], parents: Mapping[str, str]) -> set[str]:
    """Return the ids of all groups that contain products, directly or through subgroups.

    `products` are the ids of the products' own groups; `parents` maps each known group to the one above.
    """
    named: set[str] = set()
    for group_id in products:
        step = group_id
        while step and step not in named:
            named.add(step)
            step = parents.get(step, "")
    return named
