"""Two readings of one till at the same moment: a run's and the one that follows a new connection."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from catalog.ingest.refresh import refresh_catalog
from catalog.models import Product, Store
from tests.unit.catalog.till import FakeTill, product

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.mariadb]

ROUNDS = 10
STORES = [f"20240115-AAAA-40BB-80CC-00000000000{number}" for number in range(3)]


def test_a_new_till_that_is_read_twice_at_once_is_mirrored_once() -> None:
    for number in range(ROUNDS):
        owner = User.objects.create_user(f"owner{number}@example.com", "a long passphrase")
        barrier = Barrier(2)

        def read(backwards: bool, owner: User = owner, barrier: Barrier = barrier) -> bool:  # noqa: FBT001
            order = STORES[::-1] if backwards else STORES
            till = FakeTill(products={store: [product("mug"), product("cup")] for store in order})
            barrier.wait(timeout=60)
            try:
                return refresh_catalog(owner, client=till, now=timezone.now()).complete
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(read, (False, True))) == [True, True]
        assert Store.objects.for_user(owner).count() == len(STORES)
        assert Product.objects.filter(user=owner, missing_since=None).count() == 2 * len(STORES)
