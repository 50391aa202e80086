"""Held prices as the merchant reads them: what would change, by how much, and why it waits."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product, ProductGroup
from syncing.choices import PriceVerdictChoices
from syncing.models import HeldPrice
from syncing.services.held_prices import SHOWN, Kind, held_price_of, kinds_of, mark_of, waiting
from syncing.services.labels import roubles
from syncing.services.settings import rules_of

Verdict = PriceVerdictChoices


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One held price. `seen` is what its buttons send back: the new price in kopecks."""

    product_pk: int
    name: str
    old: str
    new: str
    percent: str
    why: str
    seen: int
    verdict: str
    verdict_label: str
    held_at: datetime
    decided_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for an answer."""
        return self.verdict == Verdict.WAITING


@dataclass(frozen=True, slots=True)
class HeldBatch:
    """Several held prices of one kind, to be answered at once; `mark` names exactly these."""

    kind: str
    value: str
    title: str
    number: int
    mark: str


@dataclass(frozen=True, slots=True)
class HeldPricesPage:
    """The page: what waits, what can be answered at once, and the answers that still count."""

    number: int
    lines: list[HeldLine]
    batches: list[HeldBatch]
    answered: list[HeldLine]
    percent: int | None

    @property
    def more(self) -> int:
        """How many wait that the page does not list."""
        return self.number - len(self.lines)


def held_prices_page(user: User, rows: list[HeldPrice] | None = None) -> HeldPricesPage:
    """Return the merchant's page of held prices; a caller who has read those that wait gives them."""
    rows = waiting(user) if rows is None else rows
    answered = HeldPrice.objects.for_user(user).answered().select_related("product__store")[:SHOWN]
    is_full = len(rows) == SHOWN
    return HeldPricesPage(
        number=HeldPrice.objects.for_user(user).waiting().count() if is_full else len(rows),
        lines=[_line(row) for row in rows],
        batches=_batches(user, rows),
        answered=[_line(row) for row in answered],
        percent=rules_of(user).price_hold_percent,
    )


def held_line(product: Product) -> HeldLine | None:
    """Return the held price of one product, None where there is none."""
    row = held_price_of(product)
    return _line(row) if row else None


def _line(row: HeldPrice) -> HeldLine:
    return HeldLine(
        product_pk=row.product_id,
        name=row.product.name,
        old=roubles(row.old_kopecks),
        new=roubles(row.new_kopecks),
        percent=_percent(row),
        why=_why(row),
        seen=row.new_kopecks,
        verdict=row.verdict,
        verdict_label=row.get_verdict_display(),
        held_at=row.held_at,
        decided_at=row.decided_at,
    )


def _percent(row: HeldPrice) -> str:
    """Return by how much the price changes, with its sign."""
    share = Decimal(100 * (row.new_kopecks - row.old_kopecks)) / row.old_kopecks
    sign = "+" if share > 0 else "−"
    digits = 0 if abs(share) >= 1 else 1
    return f"{sign}{number_format(abs(share), digits)}\N{NO-BREAK SPACE}%"


def _why(row: HeldPrice) -> str:
    parts = [row.get_cause_display()]
    if row.till_kopecks is not None:
        parts.append(_("the till says %(price)s") % {"price": roubles(row.till_kopecks)})
    if row.rule_name:
        parts.append(_("by your rule “%(rule)s”") % {"rule": row.rule_name})
    return ", ".join(parts)


def _batches(user: User, rows: Sequence[HeldPrice]) -> list[HeldBatch]:
    """Return the kinds of which several prices wait, the commonest first; none where one list says it all."""
    found: dict[tuple[Kind, str], list[HeldPrice]] = defaultdict(list)
    for row in rows:
        for kind in kinds_of(row):
            found[kind].append(row)
    names = _group_names(user)
    return [
        HeldBatch(kind, value, _title(kind, value, names), len(alike), mark_of(alike))
        for (kind, value), alike in sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        if len(alike) > 1
    ]


def _group_names(user: User) -> dict[str, str]:
    rows = ProductGroup.objects.for_user(user).values_list("store_id", "evotor_id", "name")
    return {f"{store}:{group}": name for store, group, name in rows}


def _title(kind: Kind, value: str, names: dict[str, str]) -> str:
    if kind is Kind.RISE:
        return _("All that rise")
    if kind is Kind.FALL:
        return _("All that fall")
    if kind is Kind.GROUP:
        return _("Group “%(label)s”") % {"label": names.get(value, "…")}
    return _("By the rule “%(label)s”") % {"label": value}
