"""A press without a login, and an address for presses that is opened: both end on a page with a next step."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from model_bakery import baker

from syncing.models import SyncJob
from tests.web.shop import Shop

RUN = "/sync/run/"
BROWSER = {"accept": "text/html,*/*;q=0.8"}


@pytest.mark.once
@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/sync/", "%2Fsync%2F"),
        ("http://testserver/catalogue/?q=1", "%2Fcatalogue%2F%3Fq%3D1"),
        ("https://elsewhere.example/", "%2F"),
        ("", "%2F"),
    ],
)
def test_a_press_after_the_login_has_ended_leads_back_to_the_page_of_the_button(
    client: Client, referer: str, back: str
) -> None:
    client.cookies["django_language"] = "en"
    answer = client.post(RUN, headers={"referer": referer})
    assert answer["Location"] == f"{reverse('account_login')}?next={back}"
    assert "nothing was done" in client.get(answer["Location"]).content.decode()


@pytest.mark.once
def test_after_the_login_the_page_of_the_button_comes_and_nothing_has_begun(
    client: Client, shop: Shop
) -> None:
    """It was the address of the button: an empty page that said "method not allowed" to nobody."""
    login = client.post(RUN, headers={"referer": "http://testserver/sync/"})["Location"]
    baker.make(EmailAddress, user=shop.user, email=shop.user.email, verified=True, primary=True)
    typed = {"login": shop.user.email, "password": "correct horse battery"}
    answer = client.post(login, typed)
    assert answer["Location"] == "/sync/"
    assert client.get("/sync/").status_code == 200
    assert not SyncJob.objects.exists()


@pytest.mark.once
def test_a_part_of_a_page_leads_back_to_the_whole_of_it(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/sync/filters/?q=1"}
    answer = client.post(reverse("syncing:plan_again"), headers=headers)
    assert answer["Location"].endswith("?next=%2Fsync%2Ffilters%2F%3Fq%3D1")


@pytest.mark.once
def test_an_address_for_presses_that_is_opened_says_what_it_is(owner: Client, shop: Shop) -> None:
    answer = owner.get(RUN, headers=BROWSER)
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    html = answer.content.decode()
    assert "Nothing was done" in html
    assert 'href="/"' in html


@pytest.mark.once
def test_a_program_gets_the_short_answer(owner: Client, shop: Shop) -> None:
    assert owner.get(RUN).content == b""
    assert owner.put("/sync/", headers=BROWSER).content == b""
