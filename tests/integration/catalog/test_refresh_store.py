"""A push reads what changed in one store: rows are added and updated, never marked missing."""

from datetime import timedelta

import pytest

from accounts.models import User
from catalog.ingest.refresh import refresh_store
from catalog.ingest.report import RefreshSummary
from catalog.models import Product, ProductGroup, Store
from connections.clients.errors import ActionRequired, AuthRevoked, Transient
from connections.clients.evotor.records import EvotorGroup
from tests.integration.catalog.conftest import START, Refresh
from tests.unit.catalog.till import STORE, FakeTill, product, products

pytestmark = pytest.mark.django_db
LATER = START + timedelta(minutes=5)


def push(owner: User, till: FakeTill, store_id: str = STORE) -> RefreshSummary:
    return refresh_store(owner, store_id, client=till, since=START, now=LATER)


@pytest.mark.once
def test_changes_are_written_and_absences_mean_nothing(owner: User, till: FakeTill, refresh: Refresh) -> None:
    till.products[STORE] = products(30)
    refresh()
    till.products[STORE] = [product("p00003", name="Кофе"), product("new")]
    summary = push(owner, till)
    assert (summary.added, summary.changed, summary.missing, summary.size) == (1, 1, 0, 31)
    assert summary.complete_stores == frozenset()
    assert Product.objects.get(evotor_id="p00003").name == "Кофе"
    store = Store.objects.get()
    assert (store.complete_walk_at, store.fetched_at) == (START, LATER)


@pytest.mark.once
def test_a_push_of_an_unchanged_catalogue_needs_one_request(
    owner: User, till: FakeTill, refresh: Refresh
) -> None:
    refresh()
    assert push(owner, till).requests == 1


def test_a_new_group_is_fetched_with_its_product(owner: User, till: FakeTill, refresh: Refresh) -> None:
    till.groups[STORE] = [EvotorGroup("old", "Старая", "")]
    refresh()
    till.groups[STORE] = [EvotorGroup("new", "Новая", "")]
    till.products[STORE] = [product("a", parent_id="new")]
    summary = push(owner, till)
    assert summary.problems == ()
    assert set(ProductGroup.objects.present().values_list("evotor_id", flat=True)) == {"old", "new"}


def test_a_product_that_comes_back_by_a_push_is_present(
    owner: User, till: FakeTill, refresh: Refresh
) -> None:
    till.products[STORE] = products(2)
    refresh()
    Product.objects.update(missing_since=START)
    assert push(owner, till).returned == 2


@pytest.mark.once
def test_a_store_that_was_never_read_is_read_whole(owner: User, till: FakeTill) -> None:
    till.products[STORE] = products(2)
    summary = push(owner, till)
    assert (summary.added, summary.complete_stores) == (2, frozenset({STORE}))
    assert Store.objects.get().complete_walk_at == LATER


def test_a_store_that_evotor_does_not_list_is_reported(owner: User, till: FakeTill) -> None:
    summary = push(owner, till, "NO-SUCH-STORE")
    assert [problem.code for problem in summary.problems] == ["unknown_store"]


@pytest.mark.once
def test_a_store_without_the_application_is_reported(owner: User, till: FakeTill, refresh: Refresh) -> None:
    refresh()
    till.failures[f"products {STORE} 1"] = ActionRequired("evotor", "evotor.402", status=402)
    assert [problem.code for problem in push(owner, till).problems] == ["not_installed"]


@pytest.mark.parametrize("error", [Transient("evotor", "evotor.503"), AuthRevoked("evotor", "evotor.401")])
def test_other_failures_are_the_callers_to_handle(
    owner: User, till: FakeTill, refresh: Refresh, error: Exception
) -> None:
    refresh()
    till.failures[f"products {STORE} 1"] = error  # type: ignore[assignment]
    with pytest.raises(type(error)):
        push(owner, till)
