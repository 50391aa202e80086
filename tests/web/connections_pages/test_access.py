"""Who reaches the pages about connections, and what they cost."""

import pytest
from django.test import Client
from django.urls import reverse
from model_bakery import baker
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from connections.models import EvotorConnection, HealthCheckLog, VkConnection
from syncing.web.urls_connections import urlpatterns
from tests.web.shop import Shop

PAGES = ["connections:index", "connections:onboarding", "connections:other_ways"]
ALL = [f"connections:{entry.name}" for entry in urlpatterns]
BUTTONS = sorted(set(ALL) - set(PAGES))


@pytest.mark.once
@pytest.mark.parametrize("name", PAGES)
def test_a_new_merchant_sees_the_page_without_inline_code(owner: Client, name: str) -> None:
    answer = owner.get(reverse(name))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert "onclick" not in page


@pytest.mark.once
@pytest.mark.parametrize("name", ALL)
def test_nobody_is_sent_to_the_login(client: Client, name: str) -> None:
    answer = client.post(reverse(name)) if name in BUTTONS else client.get(reverse(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.once
@pytest.mark.parametrize("name", BUTTONS)
def test_a_button_is_never_pressed_by_following_a_link(owner: Client, name: str) -> None:
    assert owner.get(reverse(name)).status_code == 405


@pytest.mark.once
@pytest.mark.parametrize("name", BUTTONS)
def test_a_button_on_a_foreign_page_does_nothing(user: User, name: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.post(reverse(name)).status_code == 403


@pytest.mark.once
@pytest.mark.parametrize("name", PAGES)
def test_another_merchants_connections_are_not_shown(owner: Client, name: str) -> None:
    other = User.objects.create_user("other@example.com")
    Shop(other)
    VkConnection.objects.update(group_name="Чужая лавка")
    EvotorConnection.objects.update(evotor_user_id="01-000000000000099")
    baker.make(HealthCheckLog, user=other, service="vk", event="offline", detail="vk.5")
    page = owner.get(reverse(name)).content.decode()
    assert "Чужая лавка" not in page
    assert "01-000000000000099" not in page
    assert "does not accept" not in page


@pytest.mark.parametrize("button", ["evotor_disconnect", "vk_disconnect"])
def test_a_button_never_reaches_another_merchants_connections(owner: Client, button: str) -> None:
    Shop(User.objects.create_user("other@example.com"))
    owner.post(reverse(f"connections:{button}"))
    assert EvotorConnection.objects.get().user is not None
    assert VkConnection.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize("name", PAGES)
def test_the_page_costs_the_same_with_a_long_history(
    owner: Client, user: User, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Shop(user)
    baker.make(HealthCheckLog, user=user, service="vk", event="offline", detail="vk.5", _quantity=60)
    with django_assert_max_num_queries(9):
        owner.get(reverse(name))


def test_tokens_never_stand_on_a_page(owner: Client, user: User) -> None:
    Shop(user)
    EvotorConnection.objects.update(access_token="evotor-secret")
    VkConnection.objects.update(access_token="vk-secret", refresh_token="vk-refresh-secret")
    for name in PAGES:
        assert "secret" not in owner.get(reverse(name)).content.decode()
