"""The link in a message about held prices: shows one list, answers it once, and opens nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import SecurityEvent
from accounts.session_ending import end_sessions
from syncing.choices import ChannelKind
from syncing.models import PLAN_LASTS, HeldPrice, Notification, SyncJob
from syncing.services import price_links
from syncing.services.delivery_sender import send_due
from syncing.services.held_prices import SHOWN, waiting
from tests.web.shop import Shop, a_merchant
from tests.web.syncing.test_held_prices import held

pytestmark = pytest.mark.django_db
Verdict = HeldPrice.Verdict
SITE = "https://evosync.example"


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def path(shop: Shop) -> str:
    """Return the link to answer the prices of bread and milk."""
    shop.switch_on()
    held(shop, shop.bread)
    held(shop, shop.milk)
    return path_of(shop)


def path_of(shop: Shop) -> str:
    return price_links.address_of(shop.user, waiting(shop.user), ChannelKind.TELEGRAM).removeprefix(SITE)


def verdicts(shop: Shop) -> set[str]:
    return set(HeldPrice.objects.for_user(shop.user).values_list("verdict", flat=True))


def assert_decides_nothing(path: str, shop: Shop) -> None:
    before = list(HeldPrice.objects.order_by("pk").values_list("pk", "verdict"))
    for method in ("get", "post"):
        answer = getattr(Client(), method)(path, {"verdict": "approved"})
        assert answer.status_code == 410
        assert "Ничего не решено" in answer.content.decode()
        assert shop.bread.name not in answer.content.decode()
    assert list(HeldPrice.objects.order_by("pk").values_list("pk", "verdict")) == before


@pytest.mark.once
def test_the_message_has_a_link_that_shows_the_list(shop: Shop, path: str) -> None:
    job = shop.job(held_prices={"number": 3, "lines": [["s", "p", "Давно отвечено", 100, 1000]]})
    key = f"{shop.user.pk}:{Notification.Trouble.HELD_PRICES}"
    Notification.objects.create(
        user=shop.user, trouble=Notification.Trouble.HELD_PRICES, job=job, open_key=key
    )
    assert send_due(timezone.now()) == 1
    body = mail.outbox[0].body
    assert shop.bread.name in body
    assert "Давно отвечено" not in body
    (link,) = [word for word in body.split() if "/decide/prices/" in word]
    page = Client().get(link.removeprefix(SITE))
    assert shop.milk.name in page.content.decode()


@pytest.mark.once
def test_opening_the_link_shows_exactly_that_list_and_decides_nothing(shop: Shop, path: str) -> None:
    assert Client().head(path).status_code == 200
    page = Client().get(path)
    text = page.content.decode().replace("\xa0", " ")
    assert "100 ₽ → 1 000 ₽</strong> (+900 %)" in text
    assert shop.bread.name in text
    assert shop.milk.name in text
    assert shop.beer.name not in text
    assert shop.user.email not in text
    assert (page["Referrer-Policy"], page["Cache-Control"]) == ("same-origin", "no-store")
    assert verdicts(shop) == {Verdict.WAITING}


@pytest.mark.once
@pytest.mark.parametrize("verdict", ["approved", "refused"])
def test_the_button_answers_all_of_it_once_and_asks_for_a_run(shop: Shop, path: str, verdict: str) -> None:
    assert Client().post(path, {"verdict": verdict}).status_code == 200
    assert verdicts(shop) == {verdict}
    assert SyncJob.objects.active().for_user(shop.user).exists()
    event = SecurityEvent.objects.get()
    assert (event.kind, event.detail) == (f"prices_{verdict}_by_link", "Telegram: 2")
    assert_decides_nothing(path, shop)
    assert SecurityEvent.objects.count() == 1


@pytest.mark.once
def test_a_press_from_a_foreign_page_and_an_answer_that_is_none_decide_nothing(shop: Shop, path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"verdict": "approved"}).status_code == 403
    for answer in ({}, {"verdict": "accepted"}, {"verdict": "yes"}):
        assert Client().post(path, answer).status_code == 400
    assert verdicts(shop) == {Verdict.WAITING}


@pytest.mark.parametrize("change", ["another price", "one more", "one answered", "the same again"])
def test_a_list_that_has_changed_since_is_not_answered(shop: Shop, path: str, change: str) -> None:
    row = HeldPrice.objects.get(product=shop.bread)
    if change == "another price":
        HeldPrice.objects.filter(pk=row.pk).update(new_kopecks=1)
    elif change == "one more":
        held(shop, shop.beer)
    elif change == "one answered":
        HeldPrice.objects.filter(pk=row.pk).update(verdict=Verdict.REFUSED)
    else:
        row.delete()
        held(shop, shop.bread)
    assert_decides_nothing(path, shop)


def test_a_list_that_changes_while_the_page_is_open_is_not_answered(shop: Shop, path: str) -> None:
    decision = price_links.find(path.split("/")[3], now=timezone.now())
    assert decision is not None
    held(shop, shop.beer)
    assert price_links.answer(decision, Verdict.APPROVED) == 0
    assert verdicts(shop) == {Verdict.WAITING}


@pytest.mark.once
def test_a_forged_link_and_one_with_another_merchants_number_open_nothing(shop: Shop, path: str) -> None:
    other = Shop(a_merchant("other@example.com"), vk_group_id=78)
    held(other, other.bread)
    token = path.split("/")[3]
    user, mark, issued, channel, signature = token.split("-")
    theirs = path_of(other).split("/")[3].split("-")[1]
    for forged in (
        f"{other.user.pk}-{theirs}-{issued}-{channel}-{signature}",
        f"{user}-{mark}-{int(issued) + 1}-{channel}-{signature}",
        f"{user}-{mark}-{issued}-email-{signature}",
        f"{user}-{mark}-{issued}-{channel}-{'0' * 64}",
        f"{user}-{mark}-{issued}-pigeon-{signature}",
        "1-2-3",
    ):
        assert_decides_nothing(f"/decide/prices/{forged}/", shop)


@pytest.mark.once
def test_a_link_of_a_plan_is_none_of_prices_and_the_other_way_round(path: str) -> None:
    assert Client().get(path.replace("/prices/", "/")).status_code == 410


@pytest.mark.once
def test_a_link_ends_after_a_day_with_a_new_password_and_with_the_account(shop: Shop, path: str) -> None:
    token, now = path.split("/")[3], timezone.now()
    assert price_links.find(token, now=now + PLAN_LASTS - timedelta(minutes=1)) is not None
    assert price_links.find(token, now=now + PLAN_LASTS) is None
    assert price_links.find(token, now=now - timedelta(minutes=2)) is None
    end_sessions(shop.user)
    assert_decides_nothing(path, shop)
    again = path_of(shop)
    shop.user.is_active = False
    shop.user.save()
    assert_decides_nothing(again, shop)


def test_of_very_many_the_link_is_about_those_that_it_shows(shop: Shop, monkeypatch: Any) -> None:
    assert SHOWN > 1
    monkeypatch.setattr("syncing.services.held_prices.SHOWN", 1)
    held(shop, shop.bread)
    held(shop, shop.milk)
    path = path_of(shop)
    assert shop.milk.name not in Client().get(path).content.decode()
    Client().post(path, {"verdict": "approved"})
    assert HeldPrice.objects.get(product=shop.milk).verdict == Verdict.WAITING
