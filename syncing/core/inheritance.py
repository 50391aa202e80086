"""What is known of goods that came back under another id: the till need not tell it again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import chain, islice
from operator import or_

from syncing.core.choices import Field, Gap
from syncing.core.copies import codes_of, find_copies
from syncing.core.identity import are_alike, name_stems, plain_name, till_codes
from syncing.core.last_known import NEVER_LISTED, NEVER_TOLD, Knowledge, PathOf, Told
from syncing.core.matching import successors
from syncing.core.records import ProductKey, SourceProduct

_STORE = ""
# What may forbid goods: of two that have only a name or a code in common it is said of both.
_MAY_FORBID = (Field.TYPE, Field.ALLOW_TO_SELL, Field.IS_EXCISABLE, Field.IS_AGE_LIMITED, Field.GROUP)
_LEFT_OUT = (Field.IS_EXCISABLE, Field.IS_AGE_LIMITED)
# At most this many goods with a similar name are compared with one new product.
MOST_LOOKED_AT = 50


def inherited_knowledge(
    new: Mapping[str, Told],
    before: Mapping[str, tuple[Knowledge, datetime]],
    told: Mapping[str, Told],
    beside: Mapping[str, Knowledge],
    left: Collection[str] = (),
) -> dict[str, Knowledge]:
    """Return what new products have of others, all of one store, by id.

    A product that was another one before has what was known of it. A re-import may write the new goods before
    it deletes the old ones: an equal product has the same, one of the same name or code what may forbid it.
    So has one of a like name of what left the till of late: it stays forbidden under another spelling.

    `before` are products that the reading did not find, with when they were last seen; `told` are all that it
    found, `new` among them; `beside` is what was known of those that are not new; `left` are those of
    `before` that have left the till of late.
    """
    gone = {
        ProductKey(_STORE, old): _record(old, known.values, seen_at)
        for old, (known, seen_at) in before.items()
    }
    records = [_record(key, one.values) for key, one in told.items()]
    copies = find_copies(records, {ProductKey(_STORE, key) for key in beside})
    present = [product for product in records if product.key not in copies]
    arrived = [product for product in present if product.key.product_id in new]
    found = {
        key.product_id: before[old.product_id][0] for old, key, _is_like in successors(gone, arrived, present)
    }
    others = {**beside, **found}
    told_of = [product for product in records if product.key.product_id in others]
    equal = {
        (plain_name(one.name), codes): others[one.key.product_id]
        for one in told_of
        if (codes := codes_of(one))
    }
    forbidding = _Forbidding()
    for product in told_of:
        forbidding.add(product, others[product.key.product_id])
    for old, product in gone.items():
        forbidding.add(product, before[old.product_id][0], has_left=old.product_id in left)
    for product in records:
        key = product.key.product_id
        if key in others:
            continue
        if knowledge := equal.get((plain_name(product.name), codes_of(product))):
            found[key] = knowledge
        elif said := forbidding.about(product):
            found[key] = _knowing(said)
    return found


def inherited_groups(
    new: Mapping[str, Told], before: Mapping[str, Knowledge], path_of: PathOf
) -> dict[str, Knowledge]:
    """Return what is known of new groups, by id, that do not tell what they stand in.

    `before` are groups that the reading did not list. After a re-import a group is one of its name: what
    stood above that one may still say what the goods are.
    """
    above: dict[str, dict[str, None]] = defaultdict(dict)
    for group in before.values():
        parent = str(group.values[Field.GROUP])
        path = (path_of(parent) or (NEVER_LISTED,)) if parent else group.left_groups
        above[plain_name(str(group.values[Field.NAME]))].update(dict.fromkeys(path))
    unknown = {name: NEVER_TOLD[name] for name in (Field.NAME, Field.GROUP)}
    return {
        key: Knowledge(unknown, dict.fromkeys(unknown, Gap.NEVER_TOLD), tuple(names))
        for key, one in new.items()
        if not one.values[Field.GROUP] and (names := above.get(plain_name(str(one.values[Field.NAME] or ""))))
    }


@dataclass(frozen=True, slots=True)
class _Said:
    """What is known of a product and may forbid it."""

    values: Mapping[Field, object]
    left_groups: tuple[str, ...] = ()

    def __or__(self, other: "_Said") -> "_Said":
        # Of two groups that were left either may forbid.
        names = dict.fromkeys((*self.left_groups, *other.left_groups))
        return _Said({**self.values, **other.values}, tuple(names))


class _Forbidding:
    """What is known of products and may forbid them, by what they have in common with new ones."""

    def __init__(self) -> None:
        self._by_mark: dict[str, _Said] = {}
        # What only counts for a like name.
        self._by_hint: dict[str, list[tuple[str, _Said]]] = defaultdict(list)

    def add(self, product: SourceProduct, known: Knowledge, *, has_left: bool = False) -> None:
        """Add what is known of a product; one that `has_left` may well have come back under another name."""
        values = {name: known.values[name] for name in _MAY_FORBID if known.values[name] != NEVER_TOLD[name]}
        if not (values or known.left_groups):
            return
        said = _Said(values, known.left_groups)
        for mark in _marks(product):
            self._by_mark[mark] = self._by_mark[mark] | said if mark in self._by_mark else said
        if not has_left:
            # Tills leave marks out that are not set: goods beside them of a like name may well have none.
            values = {name: value for name, value in values.items() if name not in _LEFT_OUT}
            said = _Said(values, known.left_groups)
        for hint in _hints(product) if said.values or said.left_groups else ():
            self._by_hint[hint].append((product.name, said))

    def about(self, product: SourceProduct) -> list[_Said]:
        """Return what is said of products that this one may be."""
        said = [self._by_mark[mark] for mark in _marks(product) if mark in self._by_mark]
        return [*said, *self._of_like_names(product)]

    def _of_like_names(self, product: SourceProduct) -> list[_Said]:
        # What few have in common tells most.
        several = sorted((self._by_hint[hint] for hint in _hints(product) if hint in self._by_hint), key=len)
        looked_at = islice(chain.from_iterable(several), MOST_LOOKED_AT)
        return [said for name, said in looked_at if are_alike(name, product.name)]


def _knowing(said: Iterable[_Said]) -> Knowledge:
    """Return the knowledge of these values and of nothing else."""
    all_said = reduce(or_, said)
    gaps = dict.fromkeys(NEVER_TOLD.keys() - all_said.values.keys(), Gap.NEVER_TOLD)
    return Knowledge({**NEVER_TOLD, **all_said.values}, gaps, all_said.left_groups)


def _marks(product: SourceProduct) -> list[str]:
    return [mark for mark in (plain_name(product.name), *sorted(codes_of(product))) if mark]


def _hints(product: SourceProduct) -> list[str]:
    return [*_codes(product), *sorted(name_stems(product.name))]


def _codes(product: SourceProduct) -> list[str]:
    """Return the till's code: tills count them up, so it says nothing without a like name."""
    return [f"code {code}" for code in till_codes(product)]


def _record(
    product_id: str, values: Mapping[Field, object | None], seen_at: datetime | None = None
) -> SourceProduct:
    """Return what a product is known by."""
    return SourceProduct(
        key=ProductKey(_STORE, product_id),
        name=str(values[Field.NAME] or ""),
        article=str(values[Field.ARTICLE] or ""),
        code=str(values[Field.CODE] or ""),
        barcodes=tuple(values[Field.BARCODES] or ()),  # type: ignore[arg-type]
        seen_at=seen_at,
    )
