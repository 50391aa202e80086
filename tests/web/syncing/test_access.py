"""Every page for its owner, and for nobody."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.shop import Shop

PAGES = ["sync", "filters", "rules", "history"]
BUTTONS = ["switch", "run", "filters_clear"]


@pytest.mark.once
@pytest.mark.parametrize("name", ["dashboard", *PAGES])
def test_the_owner_sees_the_page(owner: Client, name: str) -> None:
    assert owner.get(reverse(f"syncing:{name}")).status_code == 200


@pytest.mark.once
@pytest.mark.parametrize("name", [*PAGES, "preview", "rules_categories"])
def test_nobody_is_asked_to_log_in(client: Client, db: None, name: str) -> None:
    answer = client.get(reverse(f"syncing:{name}"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.once
@pytest.mark.parametrize("name", BUTTONS)
def test_a_button_does_nothing_for_nobody(client: Client, shop: Shop, name: str) -> None:
    answer = client.post(reverse(f"syncing:{name}"))
    assert answer["Location"].startswith(reverse("account_login"))
    shop.config.refresh_from_db()
    assert not shop.config.is_enabled


@pytest.mark.once
@pytest.mark.parametrize("name", BUTTONS)
def test_a_button_is_not_pressed_by_following_a_link(owner: Client, name: str) -> None:
    assert owner.get(reverse(f"syncing:{name}")).status_code == 405


@pytest.mark.once
def test_a_visitor_sees_sign_up_and_log_in(client: Client, db: None) -> None:
    html = client.get(reverse("syncing:dashboard")).content.decode()
    assert reverse("account_signup") in html
    assert reverse("account_login") in html


@pytest.mark.once
def test_a_new_merchant_without_anything_sees_every_page(db: None) -> None:
    from tests.web.shop import a_merchant

    client = Client()
    client.force_login(a_merchant("new@example.com"))
    for name in ["dashboard", *PAGES]:
        assert client.get(reverse(f"syncing:{name}")).status_code == 200, name
    assert client.get(reverse("catalog:list")).status_code == 200
