"""Undoing a run by its button: what the page promises, what it does, and how goods are let go."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from syncing.models import Listing, SyncJob
from tests.web.shop import Shop, a_merchant

pytestmark = pytest.mark.django_db
SENT = {
    "title": "Хлеб ржаной",
    "description": "",
    "price_kopecks": 12_000,
    "stock": 5,
    "category_id": 1,
    "sku": "bread",
    "hidden": False,
}


@pytest.fixture
def done(shop: Shop) -> SyncJob:
    """Return a run that made the bread dearer."""
    Listing.objects.filter(pk=shop.listing.pk).update(sent=SENT)
    job = shop.job()
    shop.item(job, shop.bread, changes={"price_kopecks": [10_000, 12_000]})
    return job


def text_of(client: Client, name: str, *args: int, query: str = "") -> str:
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def held_fields() -> list[dict[str, list[object]]]:
    return [row.held_values for row in Listing.objects.all() if row.held]


def test_the_page_of_a_run_leads_to_what_would_change(owner: Client, shop: Shop, done: SyncJob) -> None:
    assert reverse("syncing:undo", args=[done.pk]) in text_of(owner, "syncing:job", done.pk)
    page = text_of(owner, "syncing:undo", done.pk)
    assert "The run changed 1 product" in page
    assert "<del>120 ₽</del>" in page
    assert "<ins>100 ₽</ins>" in page
    assert held_fields() == [], "Looking changes nothing."


def test_the_button_holds_the_earlier_values_and_asks_for_a_run(
    owner: Client, shop: Shop, done: SyncJob
) -> None:
    shop.switch_on()
    answer = owner.post(reverse("syncing:undo_now", args=[done.pk]))
    assert answer["Location"] == reverse("syncing:undone")
    assert held_fields() == [{"price_kopecks": [10_000, 12_000]}]
    assert SyncJob.objects.for_user(shop.user).active().exists()
    assert "1 product is held since an undo" in text_of(owner, "syncing:dashboard")
    assert "Held since an undo" in text_of(owner, "catalog:product", shop.bread.pk)
    assert "You undid this run" in text_of(owner, "syncing:job", done.pk)


def test_a_second_undo_of_the_same_run_is_refused(owner: Client, shop: Shop, done: SyncJob) -> None:
    url = reverse("syncing:undo_now", args=[done.pk])
    owner.post(url)
    owner.post(reverse("syncing:release_all"))
    answer = owner.post(url, follow=True)
    assert "This run is undone already" in answer.content.decode()
    assert "This run is undone already" in text_of(owner, "syncing:undo", done.pk)
    assert held_fields() == []


def test_one_product_of_a_run_goes_back_alone(owner: Client, shop: Shop, done: SyncJob) -> None:
    milk = shop.list(shop.milk, vk_item_id=502, sent=SENT)
    shop.item(done, shop.milk, changes={"price_kopecks": [9_000, 12_000]})
    history = text_of(owner, "catalog:product_history", shop.milk.pk)
    query = f"?product={shop.milk.pk}"
    assert reverse("syncing:undo", args=[done.pk]) + query in history
    assert "Хлеб ржаной" not in text_of(owner, "syncing:undo", done.pk, query=query)
    owner.post(reverse("syncing:undo_now", args=[done.pk]) + query)
    milk.refresh_from_db()
    assert milk.held_values == {"price_kopecks": [9_000, 12_000]}
    assert len(held_fields()) == 1
    done.refresh_from_db()
    assert done.undone_at is None


def test_one_tap_lets_a_product_follow_the_till_again(owner: Client, shop: Shop, done: SyncJob) -> None:
    owner.post(reverse("syncing:undo_now", args=[done.pk]))
    shop.switch_on()
    answer = owner.post(reverse("syncing:release", args=[shop.bread.pk]))
    assert answer["Location"] == reverse("catalog:product", args=[shop.bread.pk])
    assert held_fields() == []
    assert SyncJob.objects.for_user(shop.user).active().exists()
    assert "Nothing is held" in text_of(owner, "syncing:undone")


@pytest.mark.parametrize("name", ["syncing:undo_now", "syncing:release"])
def test_while_a_run_writes_nothing_is_held_or_let_go(
    owner: Client, shop: Shop, done: SyncJob, name: str
) -> None:
    held = {"run": done.pk, "at": timezone.now().isoformat(), "fields": {"title": ["Хлеб", "Хлеб ржаной"]}}
    Listing.objects.filter(pk=shop.listing.pk).update(held=held)
    shop.job(SyncJob.Status.RUNNING)
    pk = done.pk if name == "syncing:undo_now" else shop.bread.pk
    answer = owner.post(reverse(name, args=[pk]), follow=True)
    assert "A run is going on, so nothing was changed" in answer.content.decode()
    shop.listing.refresh_from_db()
    assert shop.listing.held == held
    done.refresh_from_db()
    assert done.undone_at is None


def test_what_was_changed_after_the_run_stays(owner: Client, shop: Shop, done: SyncJob) -> None:
    Listing.objects.filter(pk=shop.listing.pk).update(sent=SENT | {"price_kopecks": 13_000})
    assert "Stays as it is." in text_of(owner, "syncing:undo", done.pk)
    answer = owner.post(reverse("syncing:undo_now", args=[done.pk]), follow=True)
    assert "Nothing was changed" in answer.content.decode()
    assert held_fields() == []


def test_a_run_whose_goods_are_not_kept_any_more_says_so(owner: Client, shop: Shop) -> None:
    job = shop.job(finished_at=timezone.now() - timedelta(days=40))
    assert "There is nothing to undo" in text_of(owner, "syncing:undo", job.pk)
    assert reverse("syncing:undo", args=[job.pk]) not in text_of(owner, "syncing:job", job.pk)


def test_a_foreign_product_is_not_found(owner: Client, shop: Shop, done: SyncJob) -> None:
    other = Shop(a_merchant("other@example.com"), vk_group_id=78)
    url = reverse("syncing:undo_now", args=[done.pk]) + f"?product={other.bread.pk}"
    assert owner.post(url).status_code == 404
    assert held_fields() == []


def test_a_long_run_is_paged_with_few_queries(
    owner: Client, shop: Shop, done: SyncJob, django_assert_max_num_queries: object
) -> None:
    job = shop.job()
    for number in range(60):
        shop.item(job, shop.bread, changes={"stock": [number, number + 1]})
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        page = text_of(owner, "syncing:undo", job.pk)
    assert page.count("Stays as it is.") == 50
    last = job.items.newest()[49].pk
    assert text_of(owner, "syncing:undo", job.pk, query=f"?before={last}").count("Stays as it is.") == 10
