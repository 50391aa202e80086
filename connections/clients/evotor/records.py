"""Stores, groups and products as Evotor's answers read. Absent and null mean that Evotor did not say."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

FLAGS = {
    **dict.fromkeys(("true", "1", "yes", "да"), True),
    **dict.fromkeys(("false", "0", "no", "нет"), False),
}


@dataclass(frozen=True, slots=True)
class EvotorStore:
    """A shop. The id's case matters."""

    id: str
    name: str
    address: str
    user_id: str


@dataclass(frozen=True, slots=True)
class EvotorGroup:
    """A folder; an empty parent_id is the root. None means that Evotor did not say.

    `nulls` names the fields that Evotor sent as null.
    """

    id: str
    name: str | None
    parent_id: str | None
    nulls: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class EvotorProduct:
    """A product or a modification of one. None means that Evotor did not say.

    `unreadable` names the fields that Evotor sent in a form that means nothing, `nulls` those that it sent
    as null; they are None too.
    """

    id: str
    name: str | None
    parent_id: str | None
    price: Decimal | None
    cost_price: Decimal | None
    quantity: Decimal | None
    measure_name: str | None
    article_number: str | None
    code: str | None
    barcodes: tuple[str, ...] | None
    description: str | None
    allow_to_sell: bool | None
    type: str | None
    is_excisable: bool | None
    is_age_limited: bool | None
    is_removed: bool
    unreadable: tuple[str, ...] = ()
    nulls: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FetchedPages:
    """What the unread pages of a store hold: two with the same `digest` have the same text.

    It is empty where it is not known.
    """

    digest: str = ""
    groups: int = 0
    products: int = 0


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """A record of a list that cannot be read at all. `label` is what can be said of it.

    `store_id` is empty where it stood in the list of stores.
    """

    store_id: str
    label: str


def read_store(item: Mapping[str, Any]) -> EvotorStore:
    """Read a store. Raises BadRecord without an id."""
    fields = _Fields(item)
    return EvotorStore(
        fields.id(), fields.text("name") or "", fields.text("address") or "", fields.text("user_id") or ""
    )


def read_group(item: Mapping[str, Any]) -> EvotorGroup:
    """Read a group. Raises BadRecord without an id."""
    fields = _Fields(item)
    return EvotorGroup(fields.id(), fields.text("name") or None, fields.text("parent_id"), fields.nulls())


def read_product(item: Mapping[str, Any]) -> EvotorProduct:
    """Read a product. Raises BadRecord without an id."""
    fields = _Fields(item)
    return EvotorProduct(
        id=fields.id(),
        name=fields.text("name") or None,
        parent_id=fields.text("parent_id"),
        price=fields.number("price"),
        cost_price=fields.number("cost_price"),
        quantity=fields.number("quantity"),
        measure_name=fields.text("measure_name"),
        article_number=fields.text("article_number"),
        code=fields.text("code"),
        barcodes=fields.texts("barcodes"),
        description=fields.text("description"),
        allow_to_sell=fields.flag("allow_to_sell"),
        type=fields.text("type") or None,
        is_excisable=fields.flag("is_excisable"),
        is_age_limited=fields.flag("is_age_limited"),
        is_removed=bool(fields.flag("is_removed")),
        unreadable=tuple(fields.unreadable),
        nulls=fields.nulls(),
    )


class BadRecord(ValueError):
    """A record that has no id, so that nothing can be done with it."""


class _Fields:
    """Reads one record field by field; what has no readable form is None and noted in `unreadable`."""

    def __init__(self, item: object) -> None:
        if not isinstance(item, Mapping):
            raise BadRecord("not an object")
        self._item = item
        self.unreadable: list[str] = []

    def nulls(self) -> frozenset[str]:
        """Return the fields that were sent without a value."""
        return frozenset(name for name, value in self._item.items() if value is None)

    def id(self) -> str:
        """Return the id. Raises BadRecord without one."""
        found = self.text("id")
        if not found:
            raise BadRecord("no id")
        return found

    def text(self, name: str) -> str | None:
        """Return a text; a number will do."""
        value = self._item.get(name)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, bool) or not isinstance(value, int | Decimal | float):
            self.unreadable.append(name)
            return None
        return str(value)

    def texts(self, name: str) -> tuple[str, ...] | None:
        """Return a list of texts, without the empty ones; one text is a list of one."""
        value = self._item.get(name)
        if value is None:
            return None
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or not all(isinstance(one, str | int | None) for one in found):
            self.unreadable.append(name)
            return None
        return tuple(str(one) for one in found if one)

    def number(self, name: str) -> Decimal | None:
        """Return a number, which Evotor sometimes writes as text."""
        value = self._item.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal | float | str):
            self.unreadable.append(name)
            return None
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            self.unreadable.append(name)
            return None
        if not number.is_finite():
            self.unreadable.append(name)
            return None
        return number

    def flag(self, name: str) -> bool | None:
        """Return a truth value, which may be written as text or as 0 and 1."""
        value = self._item.get(name)
        if value is None or isinstance(value, bool):
            return value
        found = FLAGS.get(str(value).strip().lower())
        if found is None:
            self.unreadable.append(name)
        return found
