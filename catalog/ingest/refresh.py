"""Brings our mirror of the till up to date: first all HTTP of a store, then its rows, store by store.

A store that cannot be read to the end is left exactly as it was and the others go on, so a bad
read never looks like an empty till.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from catalog.choices import ProblemCode
from catalog.ingest import writer
from catalog.ingest.reader import (
    Progress,
    StoreSnapshot,
    Till,
    broken_records,
    ignore_progress,
    read_store_changes,
    read_store_snapshot,
)
from catalog.ingest.report import Problem, RefreshSummary, StoreSummary
from catalog.ingest.store_rows import record_problem, write_stores
from catalog.mappers import storable_id
from catalog.models import Product, ProductGroup, Store
from catalog.signals import goods_changed, till_read
from connections.client_factory import UNTIL_NEXT_WINDOW, evotor_client
from connections.clients.errors import (
    AuthRevoked,
    ClientError,
    ItemRefused,
    OperatorActionRequired,
    Suspended,
)
from connections.clients.evotor.records import BrokenRecord, EvotorStore, FetchedPages
from connections.clients.patience import Patience
from connections.models import EvotorConnection
from connections.status import mark_offline, mark_online, mark_paused
from evosync.common import clock
from evosync.common.kept_statements import count_of, rows_of

NOT_INSTALLED_STATUS = HTTPStatus.PAYMENT_REQUIRED
# A report names up to this number of broken records and counts the others.
NAMED = 5
# The till's clock and ours may differ, and a change may be stored late.
SINCE_OVERLAP = timedelta(minutes=10)


def refresh_till(
    connection: EvotorConnection,
    *,
    now: datetime,
    client: Till | None = None,
    progress: Progress = ignore_progress,
    patience: Patience | None = None,
    is_reported: bool = False,
) -> RefreshSummary:
    """Read a merchant's whole till and note on the connection how Evotor answered.

    Jobs, the hourly actor, `refresh_catalog` and `sync --dry-run` all read the till here. Raises what
    `refresh_catalog` raises; a revoked token has taken the connection offline by then, and a suspension
    has paused it. `patience` is that of a client made here.
    """
    if connection.user is None:
        raise ValueError("A till account without a merchant cannot be read.")
    try:
        client = client or evotor_client(connection, longest_pause=UNTIL_NEXT_WINDOW, patience=patience)
        summary = refresh_catalog(
            connection.user, client=client, now=now, progress=progress, is_reported=is_reported
        )
    except AuthRevoked as error:
        mark_offline(connection, code=error.code, now=clock.now())
        raise
    except Suspended as error:
        until = clock.now() + timedelta(seconds=error.pause_seconds)
        mark_paused(connection, until=until, code=error.code)
        raise
    mark_online(connection, now=clock.now())
    return summary


def refresh_catalog(
    user: User,
    *,
    client: Till,
    now: datetime,
    progress: Progress = ignore_progress,
    is_reported: bool = True,
) -> RefreshSummary:
    """Read all stores of the merchant to the end and mirror them. `now` is when the reading began.

    Goods before and after, and stores that are no longer listed, are asked for only where it `is_reported`.

    Raises AuthRevoked where the merchant must connect again, and any ClientError where not even the
    list of stores could be read; then nothing has changed.
    """
    run = _Refresh(user, client, now, progress, is_reported=is_reported)
    run.read_store_list()
    try:
        for store in run.listed:
            run.read_store(store)
    finally:
        till_read.send(User, user_id=user.pk)
    return run.summary()


def refresh_store(
    user: User,
    store_id: str,
    *,
    client: Till,
    since: datetime | None,
    now: datetime,
    is_reported: bool = True,
) -> RefreshSummary:
    """Read what changed in one store after `since`, or all of its goods where `since` is None.

    Adds and updates, never marks anything missing.

    A store that was never read to the end is read whole. Raises ClientError; a store on whose
    tills the application is missing is reported instead.
    """
    run = _Refresh(user, client, now, ignore_progress, is_reported=is_reported)
    row = Store.objects.for_user(user).present().with_evotor_id(store_id).first()
    if row is None:
        run.read_store_list()
        run.listed = [store for store in run.listed if store.id == store_id]
        if not run.listed:
            run.problems.append(Problem(ProblemCode.UNKNOWN_STORE, store_id, is_fatal=True))
    else:
        run.use_known_store(row)
    for store in run.listed:
        run.read_changes(store, since)
    till_read.send(User, user_id=user.pk)
    return run.summary()


def refresh_changed(user: User, *, client: Till, now: datetime) -> None:
    """Read recent changes of the stores that reported them: a push must reach VK within seconds.

    Where a store reported receipts all of its goods are read: whether Evotor counts a sale as a change
    of the product is not known. Where Evotor has a store no more the whole till is read, to note that.
    """
    stores = Store.objects.for_user(user).present()
    # No store is marked if Evotor named one that we do not know yet.
    for store in list(stores.pushed()) or list(stores):
        since = None if store.sold_at else min(store.fetched_at, now) - SINCE_OVERLAP
        try:
            refresh_store(user, store.evotor_id, client=client, since=since, now=now, is_reported=False)
        except ItemRefused:
            refresh_catalog(user, client=client, now=now, is_reported=False)
            return
        # A push that arrived during the reading has set a new mark, which must stay.
        Store.objects.filter(pk=store.pk, pushed_at=store.pushed_at).update(pushed_at=None)
        Store.objects.filter(pk=store.pk, sold_at=store.sold_at).update(sold_at=None)


class _Refresh:
    """The working state of one refresh."""

    def __init__(
        self, user: User, client: Till, now: datetime, progress: Progress, *, is_reported: bool
    ) -> None:
        self.is_reported = is_reported
        self.user, self.client, self.now, self.progress = user, client, now, progress
        self.listed: list[EvotorStore] = []
        self.rows: dict[str, Store] = {}
        self.stores: list[StoreSummary] = []
        self.problems: list[Problem] = []
        self.emptied: set[str] = set()
        self.previous_size = _size(user) if is_reported else None
        self.requests_before = client.requests

    def read_store_list(self) -> None:
        """Read and mirror the list of stores."""
        stores = {store.id: store for store in self.client.stores()}
        self.listed = [store for store in stores.values() if storable_id(store.id)]
        bad = len(stores) - len(self.listed)
        if bad:
            self.problems.append(Problem(ProblemCode.BAD_ID, count=bad))
        broken = broken_records(self.client, "")
        if broken:
            self.problems.append(Problem(ProblemCode.BAD_RECORD, count=len(broken), records=_labels(broken)))
        self.rows = write_stores(self.user, self.listed, now=self.now, proves_absence=not (bad or broken))

    def use_known_store(self, row: Store) -> None:
        """Use a store from our rows instead of requesting the list."""
        self.listed = [EvotorStore(row.evotor_id, row.name, row.address, "")]
        self.rows = {row.evotor_id: row}

    def read_store(self, store: EvotorStore) -> None:
        """Read one store to the end and write it; on failure record why and leave its rows alone."""
        row = self.rows[store.id]
        present = {key for (key,) in rows_of(_present_in_store, row.pk)}
        try:
            pages = self.client.fetch_whole(store.id, partial(self.progress, store.name))
            if writer.stamp_repeated(row, pages, now=self.now, present=present):
                self._add_repeated(store, pages, len(present))
                return
            progress = ignore_progress if pages.digest else self.progress
            snapshot = read_store_snapshot(
                self.client, store, present=present, progress=progress, pages=pages
            )
        except (AuthRevoked, OperatorActionRequired):
            raise
        except ClientError as error:
            self._record_failure(store, error)
            return
        if present and not snapshot.products and snapshot.proves_absence:
            self.emptied.add(store.id)
        self._write(store, snapshot, complete=True, present=present)

    def _add_repeated(self, store: EvotorStore, pages: FetchedPages, products: int) -> None:
        self.stores.append(
            StoreSummary(store.id, store.name, complete=True, groups=pages.groups, seen=products)
        )

    def read_changes(self, store: EvotorStore, since: datetime | None) -> None:
        """Read what changed in one store, or all of its goods, and mirror it."""
        row = self.rows[store.id]
        try:
            if row.complete_walk_at is None:
                snapshot = read_store_snapshot(self.client, store, present=(), progress=self.progress)
                self._write(store, snapshot, complete=True)
                return
            known = set(ProductGroup.objects.in_store(row).present().values_list("evotor_id", flat=True))
            snapshot = read_store_changes(
                self.client, store, since=since, known_groups=known, progress=self.progress
            )
        except ClientError as error:
            if error.status != NOT_INSTALLED_STATUS:
                raise
            self._record_failure(store, error)
            return
        self._write(store, snapshot, complete=False, known_groups=known)

    def _record_failure(self, store: EvotorStore, error: ClientError) -> None:
        code = ProblemCode.NOT_INSTALLED if error.status == NOT_INSTALLED_STATUS else error.code
        record_problem(self.rows[store.id], code)
        self.problems.append(Problem(code, store.id, store.name, is_fatal=True))
        self.stores.append(StoreSummary(store.id, store.name, complete=False))

    def _write(
        self,
        store: EvotorStore,
        snapshot: StoreSnapshot,
        *,
        complete: bool,
        known_groups: Iterable[str] = (),
        present: Collection[str] | None = None,
    ) -> None:
        written = writer.write_snapshot(
            self.rows[store.id], snapshot, now=self.now, complete=complete, present=present
        )
        if written.is_change:
            announce = partial(goods_changed.send, sender=None, user_id=self.user.pk)
            transaction.on_commit(announce)
        self._add_problem(ProblemCode.UNKNOWN_PARENT, store, len(snapshot.unknown_parents(set(known_groups))))
        self._add_problem(ProblemCode.GROUP_CYCLE, store, len(snapshot.groups_in_circles()))
        self._add_problem(ProblemCode.BAD_NUMBER, store, len(written.bad_numbers), written.bad_numbers)
        self._add_problem(ProblemCode.BAD_FIELD, store, len(written.bad_fields), written.bad_fields)
        self._add_problem(ProblemCode.BAD_ID, store, written.bad_ids)
        self._add_problem(ProblemCode.BAD_RECORD, store, len(snapshot.broken), _labels(snapshot.broken))
        if snapshot.unverified_error is not None:
            self.problems.append(Problem(snapshot.unverified_error.code, store.id, store.name, is_fatal=True))
        self.stores.append(
            StoreSummary(
                store_id=store.id,
                name=store.name,
                complete=complete and snapshot.unverified_error is None,
                groups=len(snapshot.groups or {}),
                seen=written.seen,
                added=written.added,
                changed=written.changed,
                missing=written.missing,
                returned=written.returned,
                newly_zero_stock=written.newly_zero_stock,
            )
        )

    def _add_problem(self, code: str, store: EvotorStore, count: int, records: Sequence[str] = ()) -> None:
        if count:
            self.problems.append(Problem(code, store.id, store.name, count, records=tuple(records[:NAMED])))

    def summary(self) -> RefreshSummary:
        """Return what this refresh found."""
        vanished = Store.objects.for_user(self.user).missing() if self.is_reported else Store.objects.none()
        return RefreshSummary(
            stores=tuple(self.stores),
            problems=tuple(self.problems),
            vanished_stores=frozenset(vanished.values_list("evotor_id", flat=True)),
            emptied_stores=frozenset(self.emptied),
            previous_size=self.previous_size,
            size=_size(self.user) if self.is_reported else None,
            requests=self.client.requests - self.requests_before,
        )


def _labels(broken: Iterable[BrokenRecord]) -> tuple[str, ...]:
    return tuple(one.label for one in broken)[:NAMED]


def _size(user: User) -> int:
    return count_of(_in_the_till, user.pk)


def _present_in_store(store_id: int) -> QuerySet[Any]:
    return Product.objects.in_store(store_id).present().values_list("evotor_id")


def _in_the_till(user_id: int) -> QuerySet[Any]:
    return Product.objects.for_user(user_id).present().in_listed_stores().values("pk")
