"""The page where the merchant decides about doubtful goods: as the owner, another merchant and nobody."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Product
from syncing.models import RestrictedDecision, SyncJob
from syncing.services.context import local_context
from syncing.services.settings import config_for
from tests.computing import open_computed
from tests.web.shop import Shop

PAGE = reverse("catalog:check")


@pytest.fixture
def doubtful(shop: Shop) -> Product:
    """A beer's brand that is also a name, with nothing else to tell."""
    return shop.product("miller", "Миллер 0,44", group="food")


def decide(client: Client, product: Product, choice: str, *, at: str = "") -> Any:
    return client.post(reverse("catalog:decide", args=[product.pk]) + at, {"choice": choice}, follow=True)


def text_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def out(shop: Shop) -> dict[str, str]:
    """Return why each of the shop's products stays out of VK."""
    from syncing.core.evaluation import evaluate_all

    evaluation = evaluate_all(local_context(shop.user, config=config_for(shop.user)))
    return {skip.name: skip.reason for skip in evaluation.skipped.values()}


@pytest.mark.once
def test_the_page_lists_what_is_unsure_and_nothing_else(owner: Client, doubtful: Product) -> None:
    html = text_of(open_computed(owner, PAGE))

    assert "1 product waits for your decision" in html
    assert doubtful.name in html
    assert "perhaps beer: brand “миллер”" in html
    assert "Молоко 1 л" not in html
    assert "Пиво светлое" not in html


@pytest.mark.once
def test_without_doubtful_goods_it_says_so(owner: Client, shop: Shop) -> None:
    assert "Nothing waits for your decision" in text_of(open_computed(owner, PAGE))


@pytest.mark.once
def test_one_tap_lets_a_product_into_vk_and_taking_it_back_asks_again(
    owner: Client, shop: Shop, doubtful: Product
) -> None:
    assert out(shop)[doubtful.name] == "legal_unsure"

    open_computed(owner, PAGE)
    html = text_of(decide(owner, doubtful, "name:allowed"))
    assert "Kept: it may be sold" in html
    assert "Nothing waits for your decision" in html
    assert doubtful.name not in out(shop)

    decision = RestrictedDecision.objects.get()
    assert (decision.user, decision.label, decision.overrules) == (shop.user, doubtful.name, False)
    html = text_of(owner.post(reverse("catalog:undo_decision"), {"decision": decision.pk}, follow=True))
    assert "taken back" in html
    assert out(shop)[doubtful.name] == "legal_unsure"


@pytest.mark.once
def test_one_tap_keeps_a_product_out_for_good(owner: Client, shop: Shop, doubtful: Product) -> None:
    assert "it stays out of VK" in text_of(decide(owner, doubtful, "name:forbidden"))

    assert out(shop)[doubtful.name] == "legal_decided"
    assert "Nothing waits for your decision" in text_of(open_computed(owner, PAGE))


def test_a_brand_and_a_group_are_decided_at_once(owner: Client, shop: Shop, doubtful: Product) -> None:
    second = shop.product("miller2", "Миллер 0,33", group="food")
    html = text_of(open_computed(owner, PAGE))
    assert "Brand “миллер”" in html
    assert "Group “Еда”" in html

    decide(owner, doubtful, "brand:allowed")
    assert not {doubtful.name, second.name} & out(shop).keys()

    RestrictedDecision.objects.all().delete()
    decide(owner, second, "group:allowed")
    assert not {doubtful.name, second.name} & out(shop).keys()
    assert out(shop)["Пиво светлое"] == "legal_alcohol"


def test_a_later_decision_replaces_the_one_before(owner: Client, shop: Shop, doubtful: Product) -> None:
    decide(owner, doubtful, "name:allowed")
    decide(owner, doubtful, "name:forbidden")

    assert [row.verdict for row in RestrictedDecision.objects.for_user(shop.user)] == ["forbidden"]


@pytest.mark.once
def test_certain_goods_are_sold_only_after_a_confirmation(owner: Client, shop: Shop) -> None:
    vodka = shop.product("vodka", "Парламент", group="food")

    html = text_of(decide(owner, vodka, "name:allowed", at="?from=product"))
    assert "Confirm first that it is something else" in html
    assert out(shop)[vodka.name] == "legal_tobacco"

    assert "Confirm that this is not: tobacco" in html
    decide(owner, vodka, "name:allowed:confirmed", at="?from=product")
    assert vodka.name not in out(shop)
    assert RestrictedDecision.objects.get().overrules


@pytest.mark.once
def test_what_the_till_marks_is_never_sold(owner: Client, shop: Shop) -> None:
    html = text_of(decide(owner, shop.beer, "name:allowed:confirmed", at="?from=product"))

    assert "correct it in Evotor" in html
    assert not RestrictedDecision.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize(
    "choice", ["", "x", "name", "name:maybe", "store:allowed", "name:allowed:yes", "🙂:🙂"]
)
def test_a_choice_that_no_button_has_decides_nothing(owner: Client, doubtful: Product, choice: str) -> None:
    assert "Nothing was decided" in text_of(decide(owner, doubtful, choice))
    assert not RestrictedDecision.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize("choice", ["name:allowed", "brand:allowed", "group:forbidden"])
def test_ordinary_goods_have_nothing_to_decide(owner: Client, shop: Shop, choice: str) -> None:
    assert "nothing to decide" in text_of(decide(owner, shop.milk, choice))
    assert not RestrictedDecision.objects.exists()


@pytest.mark.once
def test_another_merchant_neither_sees_nor_decides(owner: Client, other_shop: Shop) -> None:
    theirs = other_shop.product("miller", "Миллер 0,44")
    decision = RestrictedDecision.objects.create(
        user=other_shop.user, scope="name", key="x", label="Чужое", verdict="allowed"
    )

    html = text_of(open_computed(owner, PAGE))
    assert theirs.name not in html
    assert "Чужое" not in html
    assert decide(owner, theirs, "name:allowed").status_code == 404
    answer = owner.post(reverse("catalog:undo_decision"), {"decision": decision.pk}, follow=True)
    assert "no longer there" in text_of(answer)
    assert RestrictedDecision.objects.get() == decision


@pytest.mark.once
def test_a_decision_of_one_merchant_changes_nothing_for_another(
    owner: Client, shop: Shop, other_shop: Shop, doubtful: Product
) -> None:
    other_shop.product("miller", "Миллер 0,44")
    decide(owner, doubtful, "brand:allowed")

    assert out(other_shop)["Миллер 0,44"] == "legal_unsure"


@pytest.mark.once
def test_nobody_is_sent_to_the_login(client: Client, doubtful: Product) -> None:
    for address in (PAGE, reverse("catalog:decide", args=[doubtful.pk])):
        assert "/accounts/login/" in client.get(address)["Location"]
    assert "/accounts/login/" in client.post(reverse("catalog:decide", args=[doubtful.pk]))["Location"]


@pytest.mark.once
def test_the_buttons_need_the_pages_own_token(shop: Shop, doubtful: Product) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(shop.user)

    answer = client.post(reverse("catalog:decide", args=[doubtful.pk]), {"choice": "name:allowed"})

    assert answer.status_code == 403
    assert not RestrictedDecision.objects.exists()


def test_a_decision_asks_for_a_run_where_sync_is_on(owner: Client, shop: Shop, doubtful: Product) -> None:
    shop.switch_on()
    decide(owner, doubtful, "name:allowed")

    assert SyncJob.objects.for_user(shop.user).active().count() == 1


@pytest.mark.once
def test_the_product_page_offers_the_decision_and_says_what_was_decided(
    owner: Client, doubtful: Product
) -> None:
    address = reverse("catalog:product", args=[doubtful.pk])
    html = text_of(owner.get(address))
    assert "EvoSync is not sure: perhaps beer" in html
    assert 'value="brand:allowed"' in html

    answer = decide(owner, doubtful, "brand:allowed", at="?from=product")
    assert answer.redirect_chain[-1][0] == address
    html = text_of(answer)
    assert "Your decision: brand “миллер” may be sold." in html
    assert "Your decision" in text_of(owner.get(reverse("catalog:why", args=[doubtful.pk])))


@pytest.mark.once
def test_the_catalogue_says_why_and_links_to_the_decision(owner: Client, doubtful: Product) -> None:
    html = text_of(owner.get(reverse("catalog:list")))

    assert "perhaps beer: brand “миллер”" in html
    assert f'<a href="{PAGE}">Decide</a>' in html


@pytest.mark.once
def test_the_dashboard_counts_what_waits_after_a_run(owner: Client, shop: Shop) -> None:
    assert "waits for your decision" not in text_of(owner.get(reverse("syncing:dashboard")))

    shop.job(skipped_by_reason={"legal_unsure": 1})

    html = text_of(owner.get(reverse("syncing:dashboard")))
    assert "1 product waits for your decision" in html
    assert f'href="{PAGE}"' in html


@pytest.mark.once
@pytest.mark.parametrize("number", [3, 60])
def test_the_page_asks_the_database_the_same_few_questions_for_any_number_of_goods(
    owner: Client, shop: Shop, django_assert_max_num_queries: Any, number: int
) -> None:
    for place in range(number):
        shop.product(f"m{place}", f"Миллер 0,44 №{place}", group="food")
    open_computed(owner, PAGE)

    with django_assert_max_num_queries(15):
        html = text_of(owner.get(PAGE))

    assert f"{number} products wait" in html


@pytest.mark.once
@pytest.mark.parametrize("decision", ["", "x", "-1", "9" * 40])
def test_taking_back_what_is_no_decision_is_no_error(owner: Client, shop: Shop, decision: str) -> None:
    answer = owner.post(reverse("catalog:undo_decision"), {"decision": decision}, follow=True)

    assert answer.status_code == 200
    assert "no longer there" in text_of(answer)


def test_a_second_tap_on_take_back_is_no_error(owner: Client, doubtful: Product) -> None:
    decide(owner, doubtful, "name:allowed")
    number = RestrictedDecision.objects.get().pk

    for words in ("taken back", "no longer there"):
        answer = owner.post(reverse("catalog:undo_decision"), {"decision": number}, follow=True)
        assert words in text_of(answer)
