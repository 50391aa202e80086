"""How many goods are ready, and where each gap leads."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from model_bakery import baker

from catalog.models import Product, ProductPhoto, Store
from connections.models import EvotorConnection, VkConnection
from evosync.common import clock
from syncing.core.choices import ActionKind, Stores
from syncing.core.records import Action, ProductKey
from syncing.core.refusals import refused_fields
from syncing.models import Computation, Listing, SyncConfig, SyncJob, UndoneChange
from syncing.services.categories import KEY
from syncing.services.explain import verdict
from syncing.web.presenters.readiness import Readiness, readiness
from tests.computing import compute_asked, open_computed
from tests.web.shop import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = reverse("catalog:list")
HTMX = {"HX-Request": "true"}
TREE = [(2, ("Продукты питания", "Бакалея")), (3, ("Продукты питания", "Хлеб и выпечка"))]


def test_each_gap_leads_to_the_goods_that_have_it(owner: Client, shop: Shop) -> None:
    shop.switch_on()
    skipped = {"no_category": 11, "no_price": 4, "legal_unsure": 3, "legal_beer": 50, "filter_group": 7}
    shop.job(SyncJob.Status.SUCCESS, skipped_by_reason=skipped)
    page = owner.get(reverse("syncing:dashboard")).content.decode()
    assert "1 of 19 goods are ready" in page
    for url, text in (
        (f"{reverse('catalog:list')}?why=no_category", "11 without a VK category"),
        (f"{reverse('catalog:list')}?why=no_price", "4 without a price"),
        (f"{reverse('catalog:list')}?why=legal_unsure", "3 may be forbidden in VK"),
        (f"{reverse('catalog:list')}?show=bare_in_vk", "1 without a photo of yours"),
    ):
        # The list begins below the search, which fills a phone's screen.
        assert f'<a href="{url}#results">{text}</a>' in page
        assert owner.get(url).status_code == 200


@pytest.mark.parametrize(("language", "text"), [("en", "7,486 without a price"), ("ru", "7\xa0486 без цены")])
def test_large_numbers_are_grouped_as_in_the_head(shop: Shop, language: str, text: str) -> None:
    last = shop.job(skipped_by_reason={"no_price": 7486})
    with override(language):
        found = readiness(shop.user, None, community=shop.vk_group_id, in_vk=5, last=last)
        assert found is not None
        assert found.gaps[0].text == text


def test_what_filters_and_the_law_leave_out_is_no_gap(shop: Shop) -> None:
    last = shop.job(skipped_by_reason={"legal_beer": 50, "filter_store": 9})
    found = readiness(shop.user, None, community=shop.vk_group_id, in_vk=5, last=last)
    assert found is not None
    assert (found.ready, found.total) == (5, 5)


def test_photos_of_the_merchants_close_their_gap(shop: Shop) -> None:
    for product in (shop.bread, shop.milk, shop.beer):
        baker.make(ProductPhoto, user=shop.user, product=product)
    found = readiness(shop.user, None, community=shop.vk_group_id, in_vk=1, last=None)
    assert found is not None
    assert found.gaps == []


def test_before_the_first_goods_nothing_is_said(shop: Shop) -> None:
    assert readiness(shop.user, None, community=shop.vk_group_id, in_vk=0, last=None) is None


def counted(owner: Client) -> Readiness:
    """Return what the first page shows as soon as a worker has counted, held to its lists."""
    address = reverse("syncing:readiness")
    owner.get(address, headers=HTMX)
    compute_asked()
    answer = owner.get(address, headers=HTMX)
    assert answer.status_code == 200
    assert not answer.context["state"].is_computing
    found: Readiness = answer.context["readiness"]
    first_page: Readiness = owner.get(reverse("syncing:dashboard")).context["page"].readiness
    assert first_page == found
    _hold_to_lists(owner, found)
    return found


def _hold_to_lists(owner: Client, found: Readiness) -> None:
    lists = [*found.gaps, *found.asides, *([found.waiting] if found.waiting else [])]
    numbers = {gap.url: int(gap.text.split()[0]) for gap in lists}
    assert {url: len(owner.get(url).context["page"].rows) for url in numbers} == numbers
    ready = owner.get(f"{LIST}?why=ready").context["page"]
    assert len(ready.rows) == ready.found.number == found.ready
    lacking = sum(
        number
        for url, number in numbers.items()
        if url in {gap.url for gap in found.gaps if "why=" in gap.url}
    )
    assert found.total - found.ready == lacking


def parts(found: Readiness) -> dict[str, int]:
    """Return the numbers of goods that lack something, by what they lack."""
    return {gap.url.split("why=")[1]: int(gap.text.split()[0]) for gap in found.gaps if "why=" in gap.url}


def press(owner: Client, action: str, goods: list[Product], **given: Any) -> None:
    """Do something with many goods and say yes."""
    url = reverse("catalog:bulk", query={"action": action, "pick": [one.pk for one in goods]})
    owner.post(url, {"goods": owner.get(url).context["digest"], **given})


def take_back(owner: Client) -> None:
    """Take the last change of many goods back."""
    last = owner.get(LIST).context["last_change"]
    owner.post(reverse("catalog:bulk_undo"), {"token": last.token})


@pytest.fixture
def working_shop(owner: Client, shop: Shop) -> Shop:
    """Return a shop that has run: bread is in VK, milk not yet, and four goods have no category."""
    cache.clear()
    cache.set(KEY, TREE)
    shop.switch_on()
    shop.job()
    shop.group("misc", "Разное")
    for number in range(4):
        shop.product(f"thing-{number}", f"Нечто {number}", group="misc")
    return shop


def things(shop: Shop) -> list[Product]:
    return list(Product.objects.filter(user=shop.user, group_evotor_id="misc").order_by("pk"))


def test_a_category_for_many_goods_counts_without_a_run_and_its_undo_too(
    owner: Client, working_shop: Shop
) -> None:
    before = counted(owner)
    assert (before.ready, before.total, parts(before)) == (2, 6, {"no_category": 4})
    press(owner, "category", things(working_shop)[:3], category="Бакалея")
    after = counted(owner)
    assert (after.ready, after.total, parts(after)) == (5, 6, {"no_category": 1})
    assert after.waiting is not None
    assert after.waiting.text == "4 of them go to VK with the next run"
    take_back(owner)
    assert counted(owner) == before
    assert SyncJob.objects.finished().count() == 1


def test_while_vk_cannot_follow_no_next_run_is_promised(owner: Client, working_shop: Shop) -> None:
    VkConnection.objects.update(is_online=False, last_error="vk.5")
    EvotorConnection.objects.update(is_online=False, last_error="evotor.401")

    found = counted(owner)

    assert found.waiting is not None
    assert found.waiting.text == "1 of them waits until VK follows the till again"


def test_one_products_category_counts_at_once(owner: Client, working_shop: Shop) -> None:
    thing = things(working_shop)[0]
    owner.post(reverse("catalog:category", args=[thing.pk]), {"category": "Бакалея"})
    assert counted(owner).ready == 3


def test_a_groups_category_counts_at_once(owner: Client, working_shop: Shop) -> None:
    group = working_shop.group("more", "Ещё нечто")
    assert counted(owner).ready == 2
    SyncConfig.objects.update(category_by_group={"misc": 2, group.evotor_id: 2})
    assert counted(owner).ready == 6


def test_leaving_goods_out_takes_them_from_both_numbers(owner: Client, working_shop: Shop) -> None:
    press(owner, "exclude", [working_shop.milk, things(working_shop)[0]])
    found = counted(owner)
    assert (found.ready, found.total) == (1, 4)
    take_back(owner)
    assert (counted(owner).ready, counted(owner).total) == (2, 6)


def test_a_decision_counts_at_once_and_its_undo_makes_the_goods_doubtful_again(
    owner: Client, working_shop: Shop
) -> None:
    doubtful = working_shop.product("miller", "Миллер 0,5", group="food")
    assert parts(counted(owner)) == {"no_category": 4, "legal_unsure": 1}
    press(owner, "allow", [doubtful])
    assert parts(counted(owner)) == {"no_category": 4}
    assert counted(owner).ready == 3
    # Even where VK shows it meanwhile, it counts once.
    working_shop.list(doubtful, vk_item_id=777)
    take_back(owner)
    found = counted(owner)
    assert (found.ready, parts(found)) == (2, {"no_category": 4, "legal_unsure": 1})
    assert owner.get(reverse("syncing:dashboard")).context["page"].undecided == 1


def refuse(shop: Shop, product: Product) -> None:
    """Let VK refuse the product's new item as it would be sent now."""
    key = ProductKey(shop.store.evotor_id, product.evotor_id)
    desired = verdict(shop.user, product).desired[key]
    fields = refused_fields(Action(ActionKind.CREATE, key, product.name, desired=desired), desired)
    state = Listing.State.FAILED
    shop.list(product, vk_item_id=None, state=state, last_error="vk.100", sent={}, refused=fields)


CORRECTIONS: dict[str, dict[str, Any]] = {
    "words": {"own_title": "Молоко деревенское"},
    "text": {"own_description": "Из Вологды, в стекле, на три дня."},
    "category": {},
    "photo": {},
    "price": {},
}


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_what_vk_refused_is_not_ready_until_it_is_another(
    owner: Client, working_shop: Shop, correction: str
) -> None:
    milk = working_shop.milk
    refuse(working_shop, milk)
    asked = {"list": f"{LIST}?show=errors", "page": reverse("catalog:product", args=[milk.pk])}
    asked["steps"] = reverse("catalog:why", args=[milk.pk])
    found = counted(owner)
    assert (found.ready, parts(found)["refused"]) == (1, 1)
    for url in asked.values():
        html = owner.get(url).content.decode()
        assert "the next run tries again" not in html
        assert "VK did not accept a value of this product" in html
    match correction:
        case "category":
            SyncConfig.objects.update(category_by_product={"milk": 3})
        case "photo":
            baker.make(ProductPhoto, user=working_shop.user, product=milk, content_hash="ab" * 32)
        case "price":
            SyncConfig.objects.update(markup_percent=10)
        case _:
            owner.post(reverse("catalog:words", args=[milk.pk]), CORRECTIONS[correction])
    for url in asked.values():
        assert "the next run tries again" in owner.get(url).content.decode()
    found = counted(owner)
    assert (found.ready, "refused" in parts(found)) == (2, False)


def test_what_is_left_out_since_vk_refused_it_is_not_tried_again(owner: Client, working_shop: Shop) -> None:
    refuse(working_shop, working_shop.milk)
    Product.objects.filter(pk=working_shop.milk.pk).update(own_title="Молоко", allow_to_sell=False)
    for name in ("list", "product"):
        url = reverse(f"catalog:{name}", args=[] if name == "list" else [working_shop.milk.pk])
        assert "the next run tries again" not in owner.get(url).content.decode()


def test_refusals_cost_a_page_few_queries_however_many_there_are(owner: Client, working_shop: Shop) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            owner.get(f"{LIST}?show=errors")
        return len(asked)

    refuse(working_shop, working_shop.milk)
    queries()
    one = queries()
    for number in range(5):
        refuse(working_shop, working_shop.product(f"tea-{number}", f"Чай {number}", group="food"))
    queries()
    assert queries() == one


def test_a_change_that_vk_refused_leaves_what_shoppers_see_ready(owner: Client, working_shop: Shop) -> None:
    Listing.objects.update(last_error="vk.100")
    assert counted(owner).ready == 2


def test_a_held_plans_goods_wait_for_the_yes(owner: Client, working_shop: Shop) -> None:
    asking = working_shop.job(SyncJob.Status.NEEDS_APPROVAL)
    working_shop.item(asking, working_shop.milk, action="create", result="planned")
    working_shop.item(asking, working_shop.bread, action="update", result="planned")
    found = counted(owner)
    assert (found.ready, parts(found)["held"]) == (1, 1)
    link = f'href="{reverse("syncing:job", args=[asking.pk])}"'
    assert link in open_computed(owner, f"{LIST}?why=held").content.decode()
    assert link not in open_computed(owner, f"{LIST}?why=no_category").content.decode()
    SyncJob.objects.filter(pk=asking.pk).update(status=SyncJob.Status.CANCELLED)
    assert counted(owner).ready == 2


def test_what_is_sold_out_or_hidden_by_choice_is_in_neither_number(owner: Client, working_shop: Shop) -> None:
    SyncConfig.objects.update(out_of_stock="hide")
    Product.objects.filter(pk=working_shop.milk.pk).update(quantity=0)
    Listing.objects.update(state=Listing.State.HIDDEN, merchant_fields=["hidden"])
    found = counted(owner)
    assert (found.ready, found.total) == (0, 4)
    assert {gap.url.split("why=")[1] for gap in found.asides} == {"sold_out", "hidden"}
    owner.post(reverse("catalog:give_back", args=[working_shop.bread.pk]))
    assert counted(owner).ready == 1


def test_what_an_undo_took_out_is_in_neither_number_until_it_is_let_in(
    owner: Client, working_shop: Shop
) -> None:
    assert counted(owner).ready == 2
    baker.make(
        UndoneChange,
        user=working_shop.user,
        product=working_shop.bread,
        kept={"hidden": True},
        instead_of={"hidden": False},
    )
    found = counted(owner)
    assert (found.ready, [gap.url for gap in found.asides]) == (1, [f"{LIST}?why=kept_out"])
    UndoneChange.objects.all().delete()
    assert counted(owner).ready == 2


def test_goods_on_one_card_count_once(owner: Client, working_shop: Shop) -> None:
    other = baker.make(
        Store,
        user=working_shop.user,
        evotor_id="store-2",
        name="Киоск",
        fetched_at=working_shop.now,
        complete_walk_at=working_shop.now,
        missing_since=None,
    )
    codes = ["4600123456781"]
    same = working_shop.product("bread-2", "Хлеб ржаной", barcodes=codes)
    Product.objects.filter(pk=same.pk).update(store=other)
    Product.objects.filter(pk=working_shop.bread.pk).update(barcodes=codes)
    assert counted(owner).ready == 3
    SyncConfig.objects.update(stores=Stores.MERGE, store_order=[working_shop.store.evotor_id])
    # What one store has sold out, the other may still have.
    Product.objects.filter(pk=working_shop.bread.pk).update(quantity=0)
    SyncConfig.objects.update(out_of_stock="hide")
    found = counted(owner)
    assert (found.ready, found.asides) == (2, [])


def test_the_same_goods_twice_are_not_promised_for_the_next_run(owner: Client, working_shop: Shop) -> None:
    codes = ["4600123456781"]
    Product.objects.filter(pk=working_shop.bread.pk).update(barcodes=codes)
    working_shop.product("bread-2", working_shop.bread.name, barcodes=codes)
    found = counted(owner)
    assert (found.ready, [gap.url for gap in found.asides]) == (2, [f"{LIST}?why=waits"])


def test_goods_of_a_store_that_is_gone_are_in_no_list(owner: Client, working_shop: Shop) -> None:
    gone = baker.make(Store, user=working_shop.user, evotor_id="gone", missing_since=working_shop.now)
    left = working_shop.product("left", "Хлеб из закрытой лавки")
    Product.objects.filter(pk=left.pk).update(store=gone)
    assert counted(owner).ready == 2


def test_without_scripts_the_first_page_shows_the_next_count(owner: Client, working_shop: Shop) -> None:
    assert owner.get(reverse("syncing:readiness")).url == reverse("syncing:dashboard")  # type: ignore[attr-defined]
    assert compute_asked() == 1
    page = owner.get(reverse("syncing:dashboard")).content.decode()
    assert "2 of 6 goods are ready" in page
    assert "1 of them goes to VK with the next run" in page


def test_a_waiting_page_is_left_as_it_is_until_a_worker_has_counted(
    owner: Client, working_shop: Shop
) -> None:
    address = reverse("syncing:readiness")
    first = owner.get(address, headers=HTMX)
    poll = f"{address}?since={first.context['state'].stamp}"
    assert f'hx-get="{poll}"' in first.content.decode()
    assert owner.get(poll, headers=HTMX).status_code == 204
    compute_asked()
    assert "2 of 6 goods are ready" in owner.get(poll, headers=HTMX).content.decode()


def test_a_result_of_the_release_before_does_not_count_as_nothing(owner: Client, working_shop: Shop) -> None:
    kept = {"total": 6, "by_reason": {"no_category": []}, "doubts": {}}
    baker.make(Computation, user=working_shop.user, kind="catalog", result=kept, computed_at=clock.now())
    assert owner.get(reverse("syncing:dashboard")).context["page"].readiness.ready == 1
    assert counted(owner).ready == 2


@pytest.fixture
def full_vk(working_shop: Shop) -> Shop:
    """Return a shop whose last run had no room in VK for one of the goods."""
    working_shop.product("tea", "Чай чёрный", group="food", quantity=1)
    working_shop.job(skipped_by_reason={"limit": 1})
    return working_shop


def test_goods_that_vk_has_no_room_for_do_not_go_with_the_next_run(owner: Client, full_vk: Shop) -> None:
    found = counted(owner)

    # The one that would be uploaded last: least of it is in stock.
    assert (found.ready, parts(found)["no_room"]) == (2, 1)
    html = open_computed(owner, f"{LIST}?why=no_room").content.decode()
    assert "Чай чёрный" in html
    assert "Молоко" not in html
    assert "no room in VK" in html
    assert f'href="{reverse("syncing:filters")}"' in html
    tea = Product.objects.get(evotor_id="tea")
    assert ">next run<" not in owner.get(reverse("catalog:product", args=[tea.pk])).content.decode()
    assert "had no room" in owner.get(reverse("catalog:why", args=[tea.pk])).content.decode()


def test_room_in_vk_lets_goods_go_again(owner: Client, full_vk: Shop) -> None:
    full_vk.job(SyncJob.Status.FAILED)
    assert "no_room" in parts(counted(owner))
    full_vk.item(full_vk.job(skipped_by_reason={}), full_vk.bread)
    found = counted(owner)
    assert (found.ready, "no_room" in parts(found)) == (3, False)
    assert "no room in VK" not in owner.get(LIST).content.decode()
