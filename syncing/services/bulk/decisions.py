"""Decides by name about many goods that VK may not take. What is surely forbidden is not decided so."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from catalog.models import Product, ProductGroup, Store
from evosync.common import clock
from evosync.common.batching import chunks
from syncing import mappers
from syncing.choices import RestrictedScope
from syncing.core.group_tree import GroupTree
from syncing.core.restricted_goods.decisions import key_of
from syncing.models import RestrictedDecision
from syncing.services.bulk.records import ROWS_AT_ONCE, Change, Goods, changed_only
from syncing.services.lost_marks import waiting_for_decision
from syncing.services.restricted_decisions import subject_of
from syncing.services.settings import lock_config

# A product costs some 60 microseconds.
MOST_DECIDED = 2_000


def decide_all(user: User, goods: Sequence[Goods], *, verdict: str) -> Change:
    """Keep a decision for the name of each product that EvoSync is unsure about.

    Ordinary goods, certainly forbidden ones and those that the till marks are left as they are.
    """
    change = set_decisions(user, {one.name: verdict for one in unsure_goods(user, goods)})
    return Change(change.number, len(goods) - change.number, change.before, change.after)


def set_decisions(user: User, verdicts: Mapping[str, str | None]) -> Change:
    """Keep decisions by name, None for none. Whether there is something to decide is the caller's matter."""
    labels = {key_of(name): name[:255] for name in verdicts}
    said = {key_of(name): verdict for name, verdict in verdicts.items()}
    with transaction.atomic():
        lock_config(user)
        rows = _rows(user, list(said))
        wanted = {
            key: None if verdict is None else [labels[key], verdict, False] for key, verdict in said.items()
        }
        change = changed_only({key: _values(row) for key, row in rows.items()}, wanted)
        _write(user, rows, change.after)
    return change


def restore(user: User, change: Change) -> int:
    """Write back the decisions that stood before, where nobody has decided since; return how many."""
    with transaction.atomic():
        lock_config(user)
        rows = _rows(user, list(change.after))
        now = {key: _values(row) for key, row in rows.items()}
        back = {key: values for key, values in change.before.items() if now.get(key) == change.after[key]}
        _write(user, rows, back)
    return len(back)


def unsure_goods(user: User, goods: Sequence[Goods]) -> Iterator[Goods]:
    """Yield those of the goods that EvoSync is unsure about."""
    stores = dict(Store.objects.for_user(user).values_list("pk", "evotor_id"))
    groups = ProductGroup.objects.for_user(user).present()
    tree = GroupTree([mappers.group_record(row, stores[row.store_id]) for row in groups])
    unmarked = waiting_for_decision(user)
    for some in chunks(goods, ROWS_AT_ONCE):
        by_key = {one.pk: one for one in some}
        rows = Product.objects.for_user(user).with_ids(list(by_key))
        for row in rows.select_related("store").defer("description", "search_text", "content_hash"):
            path = tree.path(stores[row.store_id], row.group_evotor_id)
            subject = subject_of(row, path, description="", has_lost_mark=row.pk in unmarked)
            if subject and subject.marked is None and not subject.is_certain:
                yield by_key[row.pk]


def _rows(user: User, keys: Sequence[str]) -> dict[str, RestrictedDecision]:
    found: dict[str, RestrictedDecision] = {}
    decisions = RestrictedDecision.objects.for_user(user).filter(scope=RestrictedScope.NAME)
    for some in chunks(keys, ROWS_AT_ONCE):
        found |= {row.key: row for row in decisions.filter(key__in=some)}
    return found


def _values(row: RestrictedDecision) -> list[Any]:
    return [row.label, row.verdict, row.overrules]


def _write(
    user: User, rows: Mapping[str, RestrictedDecision], wanted: Mapping[str, Sequence[Any] | None]
) -> None:
    now = clock.now()
    gone = [rows[key].pk for key, values in wanted.items() if values is None and key in rows]
    for some in chunks(gone, ROWS_AT_ONCE):
        RestrictedDecision.objects.for_user(user).filter(pk__in=some).delete()
    new: list[RestrictedDecision] = []
    old: list[RestrictedDecision] = []
    for key, values in wanted.items():
        if values is not None:
            row = rows.get(key) or RestrictedDecision(user=user, scope=RestrictedScope.NAME, key=key)
            row.label, row.verdict, row.overrules = values
            row.decided_at = now
            (old if key in rows else new).append(row)
    RestrictedDecision.objects.bulk_create(new, batch_size=ROWS_AT_ONCE)
    fields = ["label", "verdict", "overrules", "decided_at"]
    RestrictedDecision.objects.bulk_update(old, fields, batch_size=ROWS_AT_ONCE)
