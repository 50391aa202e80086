"""The plan of a run that would start now, made without a change to any row."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from catalog.ingest.reader import Till
from catalog.ingest.refresh import refresh_till
from connections.client_factory import UNTIL_NEXT_WINDOW, evotor_client, vk_client
from connections.clients.errors import AuthRevoked, ClientError
from connections.clients.evotor.records import (
    BrokenRecord,
    EvotorGroup,
    EvotorProduct,
    EvotorStore,
    FetchedPages,
)
from connections.models import EvotorConnection
from connections.status import mark_offline
from evosync.common import clock
from syncing.core.records import SyncResult
from syncing.services.accounts import evotor_connection, vk_connection
from syncing.services.planning import plan_from, read_vk


class PrefetchedTill:
    """A till that was read to the end beforehand, so that no transaction waits for its pages.

    A second reading of the same list and single products still go to the till.
    """

    def __init__(self, client: Till) -> None:
        self._client = client
        self._stores = client.stores()
        self._groups: dict[str, list[list[EvotorGroup]] | ClientError] = {}
        self._products: dict[str, list[list[EvotorProduct]] | ClientError] = {}
        for store in self._stores:
            try:
                self._groups[store.id] = list(client.iter_groups(store.id))
            except AuthRevoked:
                raise
            except ClientError as error:
                self._groups[store.id] = error
                continue
            try:
                self._products[store.id] = list(client.iter_products(store.id))
            except AuthRevoked:
                raise
            except ClientError as error:
                self._products[store.id] = error

    @property
    def requests(self) -> int:
        """How many requests the till was asked."""
        return self._client.requests

    @property
    def broken(self) -> Sequence[BrokenRecord]:
        """The records of lists that could not be read."""
        return self._client.broken

    def stores(self) -> list[EvotorStore]:
        """Return all stores."""
        return self._stores

    def fetch_whole(self, store_id: str, fetched: Callable[[int], None]) -> FetchedPages:
        """Return nothing that is known: its records were read before."""
        return FetchedPages()

    def iter_groups(self, store_id: str) -> Iterator[list[EvotorGroup]]:
        """Yield pages of groups. Raises the ClientError that their reading met."""
        pages = self._groups.pop(store_id, None)
        if isinstance(pages, ClientError):
            raise pages
        yield from self._client.iter_groups(store_id) if pages is None else pages

    def iter_products(self, store_id: str, since: datetime | None = None) -> Iterator[list[EvotorProduct]]:
        """Yield pages of products. Raises the ClientError that their reading met."""
        pages = self._products.pop(store_id, None)
        if isinstance(pages, ClientError):
            raise pages
        yield from self._client.iter_products(store_id, since) if pages is None else pages

    def product(self, store_id: str, product_id: str) -> EvotorProduct | None:
        """Return one product, None where it is gone."""
        return self._client.product(store_id, product_id)


def dry_run(user: User, *, refresh: bool = True) -> SyncResult:
    """Return what a run would do now, with the till read first unless `refresh` is False.

    The till's goods are written and the plan is made in a transaction that is rolled back. Raises
    ClientError or CannotSync; a token that is found revoked or renewed on the way stays noted.
    """
    till: PrefetchedTill | None = None
    connection: EvotorConnection | None = None
    if refresh:
        connection = evotor_connection(user)
        till = _read_till(connection)
    vk = vk_connection(user)
    group_id = vk.group_id or 0
    shop = read_vk(user, client=vk_client(vk), group_id=group_id)
    now = clock.now()
    with transaction.atomic():
        if connection is not None:
            refresh_till(connection, client=till, now=now).raise_if_nothing_read()
        plan = plan_from(user, shop, group_id=group_id, now=now).plan
        transaction.set_rollback(True)
    return plan


def _read_till(connection: EvotorConnection) -> PrefetchedTill:
    try:
        return PrefetchedTill(evotor_client(connection, longest_pause=UNTIL_NEXT_WINDOW))
    except AuthRevoked as error:
        mark_offline(connection, code=error.code, now=clock.now())
        raise
