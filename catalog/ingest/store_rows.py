"""Writes Evotor's list of stores into our rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from catalog.mappers import store_values
from catalog.models import Store
from connections.clients.evotor.records import EvotorStore


def write_stores(
    user: User, listed: Sequence[EvotorStore], *, now: datetime, proves_absence: bool
) -> dict[str, Store]:
    """Mirror Evotor's list of stores; return their rows by Evotor id.

    A store that is no longer listed is marked missing, its products are left as they are. Nothing is
    where the list `proves_absence` of nothing.
    """
    known = {row.evotor_id: row for row in Store.objects.for_user(user)}
    if _say_the_same(known, listed):
        return {store.id: known[store.id] for store in listed}
    new = [store for store in listed if store.id not in known]
    if new:
        _make_stores(user, new, now=now)
    with transaction.atomic():
        known = {store.evotor_id: store for store in Store.objects.for_user(user).select_for_update()}
        for store in listed:
            row = known[store.id]
            wanted = store_values(store) | {"missing_since": None}
            if row.missing_since is not None:
                wanted["present_since"] = now
            if any(getattr(row, name) != value for name, value in wanted.items()):
                for name, value in wanted.items():
                    setattr(row, name, value)
                row.save()
        gone = known.keys() - {store.id for store in listed} if proves_absence else ()
        rows = Store.objects.for_user(user).present()
        rows.filter(evotor_id__in=gone).update(missing_since=now)
    return {store.id: known[store.id] for store in listed}


def record_problem(store: Store, code: str) -> None:
    """Keep why a store could not be read."""
    store.problem, store.problem_detail = code[:64], ""
    store.save(update_fields=["problem", "problem_detail"])


def _say_the_same(known: Mapping[str, Store], listed: Sequence[EvotorStore]) -> bool:
    """Return True where the rows are those of the list and say the same, so that nothing is to be written."""
    listed_ids = {store.id for store in listed}
    if any((row.missing_since is None) != (key in listed_ids) for key, row in known.items()):
        return False
    for store in listed:
        row = known.get(store.id)
        if row is None or any(getattr(row, name) != value for name, value in store_values(store).items()):
            return False
    return True


def _make_stores(user: User, new: Sequence[EvotorStore], *, now: datetime) -> None:
    """Create the rows of new stores, unless a concurrent refresh creates them."""
    with transaction.atomic():
        # The second one waits here and finds them. It holds no other lock, so there is no deadlock.
        User.objects.select_for_update().get(pk=user.pk)
        known = set(Store.objects.for_user(user).values_list("evotor_id", flat=True))
        Store.objects.bulk_create(
            Store(user=user, evotor_id=store.id, fetched_at=now, present_since=now, **store_values(store))
            for store in new
            if store.id not in known
        )
