"""The pages that undo a run and let the till decide again."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from model_bakery import baker

from catalog.models import Product
from syncing.core.records import ProductKey, SyncResult
from syncing.models import SyncJob, SyncJobItem, UndoneChange
from syncing.services import undo
from tests.web.shop import Shop, a_merchant

pytestmark = pytest.mark.django_db


def a_run(
    shop: Shop, *, product: Product | None = None, action: str = "update", **changes: list[object]
) -> SyncJob:
    job = shop.job()
    shop.item(job, product or shop.milk, action=action, result="done", changes=changes)
    return job


def text_of(browser: Client, url: str) -> str:
    page: str = browser.get(url).content.decode()
    return page.replace("\xa0", " ")


@pytest.mark.once
def test_a_run_offers_to_be_undone_and_the_page_says_what_that_changes(
    owner: Client, shop: Shop, django_assert_max_num_queries: Any
) -> None:
    job = a_run(shop, price_kopecks=[10_000, 12_000], stock=[5, 4])
    url = reverse("syncing:undo", args=[job.pk])
    assert url in text_of(owner, reverse("syncing:job", args=[job.pk]))
    with django_assert_max_num_queries(15):
        page = text_of(owner, url)
    assert "1 product gets back what it had in VK" in page
    assert "<del>120 ₽</del>" in page
    assert "<ins>100 ₽</ins>" in page
    assert "stock:" not in page


@pytest.mark.once
def test_a_press_keeps_the_old_values_and_asks_for_a_run(owner: Client, shop: Shop) -> None:
    shop.switch_on()
    job = a_run(shop, price_kopecks=[10_000, 12_000])
    answer = owner.post(reverse("syncing:undo", args=[job.pk]))
    assert answer["Location"] == reverse("syncing:undone")
    row = UndoneChange.objects.get()
    assert (row.kept, row.instead_of) == ({"price_kopecks": 10_000}, {"price_kopecks": 12_000})
    assert SyncJob.objects.for_user(shop.user).active().exists()
    assert shop.milk.name in text_of(owner, reverse("syncing:undone"))
    assert "You undid this run for 1 product." in text_of(owner, reverse("syncing:job", args=[job.pk]))
    assert "1 product keeps" in text_of(owner, reverse("syncing:sync"))
    page = text_of(owner, reverse("catalog:product", args=[shop.milk.pk]))
    assert "Kept since you undid a run" in page
    assert "VK keeps 100 ₽ instead of 120 ₽" in text_of(owner, reverse("catalog:why", args=[shop.milk.pk]))


def test_what_is_undone_while_a_run_plans_is_not_forgotten_by_it(shop: Shop) -> None:
    planned_at = timezone.now()
    undo.undo(a_run(shop, price_kopecks=[10_000, 12_000]))
    key = ProductKey(shop.milk.store.evotor_id, shop.milk.evotor_id)
    plan = SyncResult((), (), (), (), 0, {}, ended_undone={key: frozenset({"price_kopecks"})})
    undo.forget_ended(shop.user, plan, planned_at=planned_at)
    assert UndoneChange.objects.exists()
    undo.forget_ended(shop.user, plan, planned_at=timezone.now())
    assert not UndoneChange.objects.exists()


@pytest.mark.once
def test_a_second_press_is_refused(owner: Client, shop: Shop) -> None:
    job = a_run(shop, price_kopecks=[10_000, 12_000])
    url = reverse("syncing:undo", args=[job.pk])
    owner.post(url)
    again = owner.post(url, follow=True).content.decode()
    assert "Nothing of this run is left to be undone" in again
    assert "Nothing is left to be undone" in text_of(owner, url)
    assert url not in text_of(owner, reverse("syncing:job", args=[job.pk]))


def test_one_product_is_undone_from_its_history(owner: Client, shop: Shop) -> None:
    job = a_run(shop, price_kopecks=[10_000, 12_000])
    shop.item(job, shop.bread, action="update", result="done", changes={"price_kopecks": [5_000, 6_000]})
    url = f"{reverse('syncing:undo', args=[job.pk])}?product={shop.milk.pk}"
    assert url in text_of(owner, reverse("catalog:product_history", args=[shop.milk.pk]))
    assert shop.bread.name not in text_of(owner, url)
    owner.post(reverse("syncing:undo", args=[job.pk]), {"product": shop.milk.pk})
    assert UndoneChange.objects.get().product == shop.milk
    assert "Undone by you" in text_of(owner, reverse("catalog:product_history", args=[shop.milk.pk]))


@pytest.mark.parametrize(
    ("action", "result", "status"),
    [("remove", "done", "success"), ("update", "failed", "partial"), ("update", "planned", "running")],
)
def test_what_was_not_written_or_is_gone_cannot_be_undone(
    owner: Client, shop: Shop, action: str, result: str, status: str
) -> None:
    job = shop.job(status)
    shop.item(job, shop.milk, action=action, result=result, changes={"title": ["Молоко", "Молоко 1 л"]})
    url = reverse("syncing:undo", args=[job.pk])
    assert url not in text_of(owner, reverse("syncing:job", args=[job.pk]))
    owner.post(url)
    assert not UndoneChange.objects.exists()


@pytest.mark.once
def test_a_run_that_goes_on_is_not_undone(owner: Client, shop: Shop) -> None:
    job = shop.job(SyncJob.Status.RUNNING, active_key=shop.user.pk)
    shop.item(job, shop.milk, action="update", result="done", changes={"title": ["Молоко", "Молоко 1 л"]})
    owner.post(reverse("syncing:undo", args=[job.pk]))
    assert not UndoneChange.objects.exists()


@pytest.mark.once
def test_a_photo_that_is_deleted_does_not_come_back(owner: Client, shop: Shop) -> None:
    job = a_run(shop, photo_key=["a" * 64, "b" * 64], title=["Молоко", "Молоко 1 л"])
    owner.post(reverse("syncing:undo", args=[job.pk]))
    assert UndoneChange.objects.get().kept == {"title": "Молоко"}


def test_removed_items_are_said_not_to_come_back(owner: Client, shop: Shop) -> None:
    job = a_run(shop, price_kopecks=[10_000, 12_000])
    shop.item(job, shop.bread, action="remove", result="done", changes={})
    assert "1 item that the run removed from VK does not come back" in text_of(
        owner, reverse("syncing:undo", args=[job.pk])
    )


@pytest.mark.once
@pytest.mark.parametrize(("hidden", "words"), [(False, "in VK again"), (True, "in VK again, hidden")])
def test_a_removed_item_is_said_to_be_asked_back_and_a_press_keeps_it(
    owner: Client, shop: Shop, *, hidden: bool, words: str
) -> None:
    job = shop.job()
    removed = {"id": 701, "community": 77, "sent": {}, "hidden": hidden}
    shop.item(job, shop.milk, action="remove", result="done", removed=removed)
    url = reverse("syncing:undo", args=[job.pk])
    page = text_of(owner, url)
    assert "1 removed item is asked back from VK" in page
    assert "does not come back" not in page
    assert f"<ins>{words}</ins>" in page
    assert "visibility:" not in page
    owner.post(url)
    assert UndoneChange.objects.get().kept == {"item": removed, "hidden": hidden}
    assert "in VK again" in text_of(owner, reverse("syncing:undone"))
    assert "It stays in VK" in text_of(owner, reverse("catalog:why", args=[shop.milk.pk]))


def test_the_till_decides_again_about_one_or_all(owner: Client, shop: Shop) -> None:
    for product in (shop.milk, shop.bread):
        baker.make(
            UndoneChange,
            user=shop.user,
            product=product,
            kept={"title": "Старое"},
            instead_of={"title": "Новое"},
        )
    url = reverse("syncing:undone_release")
    assert owner.post(url, {"product": shop.milk.pk})["Location"] == reverse(
        "catalog:product", args=[shop.milk.pk]
    )
    assert UndoneChange.objects.get().product == shop.bread
    owner.post(url)
    assert not UndoneChange.objects.exists()
    assert "Nothing is kept" in text_of(owner, reverse("syncing:undone"))


def test_another_merchants_runs_and_goods_stay_theirs(owner: Client, shop: Shop) -> None:
    other = Shop(a_merchant("other@example.com"), vk_group_id=78)
    job = a_run(other, price_kopecks=[10_000, 12_000])
    assert owner.post(reverse("syncing:undo", args=[job.pk])).status_code == 404
    mine = a_run(shop, price_kopecks=[10_000, 12_000])
    assert owner.post(reverse("syncing:undo", args=[mine.pk]), {"product": other.milk.pk}).status_code == 404
    assert not UndoneChange.objects.exists()
    assert SyncJobItem.objects.filter(undone_at__isnull=False).count() == 0


def test_the_page_says_what_is_not_in_vk_now(owner: Client, shop: Shop) -> None:
    job = a_run(shop, price_kopecks=[10_000, 12_000])
    shop.item(job, shop.bread, action="update", result="done", changes={"price_kopecks": [5_000, 6_000]})
    page = text_of(owner, reverse("syncing:undo", args=[job.pk]))
    assert "2 products get back" in page
    assert "1 of them is not in VK now" in page


@pytest.mark.once
def test_goods_that_leave_vk_are_said_to_stay_out_and_are_let_in_with_one_press(
    owner: Client, shop: Shop
) -> None:
    job = a_run(shop, action="create")
    url = reverse("syncing:undo", args=[job.pk])
    assert "1 of them leaves VK" in text_of(owner, url)
    owner.post(url)
    for page in (reverse("syncing:undone"), reverse("catalog:product", args=[shop.milk.pk])):
        assert "it stays out, also when it is restocked" in text_of(owner, page)
        assert "Let it into VK again" in text_of(owner, page)
    assert "It stays out of VK until you let it in" in text_of(
        owner, reverse("catalog:why", args=[shop.milk.pk])
    )
    owner.post(reverse("syncing:undone_release"), {"product": shop.milk.pk})
    assert not UndoneChange.objects.exists()
    assert "Let it into VK again" not in text_of(owner, reverse("catalog:product", args=[shop.milk.pk]))


@pytest.mark.once
def test_a_run_of_another_community_says_which_one_must_be_connected(owner: Client, shop: Shop) -> None:
    job = a_run(shop, price_kopecks=[10_000, 12_000])
    SyncJob.objects.filter(pk=job.pk).update(vk_group_id=123)
    url = reverse("syncing:undo", args=[job.pk])
    assert "vk.com/club123" in text_of(owner, url)
    assert "Put it back" not in text_of(owner, url)
    answer = owner.post(url, follow=True)
    assert "Connect that community again, then undo the run." in answer.content.decode()
    assert not UndoneChange.objects.exists()
