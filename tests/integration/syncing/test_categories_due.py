"""VK's categories are read by the first run, and again by runs of another day."""

import pytest
from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from connections.clients.vk.records import VkCategory
from sandbox import Sandbox
from syncing.models import CategoryTree
from syncing.services import categories
from syncing.services.categories import (
    FRESH_KEY,
    KEY,
    are_categories_due,
    cache_categories,
    known_categories,
    remember_categories,
)
from syncing.services.labels import category_name
from tests.integration.syncing.running import first_run, run

TREE = [
    VkCategory(1, "Продукты питания", (VkCategory(2, "Бакалея", ()), VkCategory(3, "Хлеб и выпечка", ())))
]

pytestmark = pytest.mark.django_db


def readings(box: Sandbox) -> int:
    """Return how often the categories were read."""
    return sum(call.method == "market.getCategories" for call in box.vk.calls)


@pytest.mark.once
def test_runs_read_the_categories_once_a_day_and_what_was_read_is_kept(box: Sandbox, user: User) -> None:
    cache.delete_many([KEY, FRESH_KEY])
    for _ in range(2):
        run(user)
        assert (readings(box), are_categories_due()) == (1, False)

    cache.delete(FRESH_KEY)
    assert (known_categories() != [], are_categories_due()) == (True, True)
    run(user)
    assert (readings(box), are_categories_due()) == (2, False)


@pytest.mark.once
def test_categories_are_known_by_name_after_the_cache_is_lost(box: Sandbox, user: User) -> None:
    first_run(box, user)
    known = known_categories()
    cache.clear()

    assert known_categories() == known
    assert category_name(known[0].id) == str(known[0])


@pytest.mark.once
def test_a_lost_cache_costs_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    remember_categories(TREE)
    cache.clear()
    with django_assert_num_queries(1):
        assert [known_categories() for _ in range(3)] == [known_categories()] * 3


@pytest.mark.once
def test_categories_that_nobody_has_read_cost_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        assert [known_categories() for _ in range(3)] == [[], [], []]


def test_the_row_is_written_when_the_tree_changes(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    remember_categories(TREE)
    written = CategoryTree.objects.get()
    with django_assert_num_queries(1):
        remember_categories(TREE)
    assert CategoryTree.objects.get().changed_at == written.changed_at

    remember_categories([VkCategory(2, "Крупы", ())])
    cache.clear()
    assert category_name(2) == "Крупы"
    assert CategoryTree.objects.count() == 1


@pytest.mark.once
def test_an_empty_answer_of_vk_forgets_nothing() -> None:
    remember_categories(TREE)
    assert remember_categories([]) == []
    cache.clear()
    assert category_name(3) == "Продукты питания → Хлеб и выпечка"


def test_a_preview_shows_categories_and_leaves_their_row_to_runs() -> None:
    cache_categories(TREE)
    assert category_name(2) == "Продукты питания → Бакалея"
    assert not CategoryTree.objects.exists()
    assert are_categories_due()


@pytest.mark.once
def test_a_tree_without_end_is_kept_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(categories, "MOST_KEPT", 2)
    endless = VkCategory(9, "я" * 100_000, ())
    for _ in range(50):
        endless = VkCategory(8, "Ещё", (endless,))

    leaves = remember_categories([endless, *TREE])

    assert len(leaves) == 3
    kept = CategoryTree.objects.get().leaves
    assert [number for number, _path in kept] == [9, 2]
    assert len(str(kept)) < 200
