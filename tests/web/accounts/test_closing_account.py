"""What a merchant sees who closes the account and wants the goods in VK hidden or removed."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from accounts.models import User
from connections.models import VkConnection
from syncing.models import AccountClosure, SyncConfig
from tests.web.shop import Shop, a_merchant

pytestmark = pytest.mark.django_db

PASSWORD = "Kassa-4821-lavka"


@pytest.fixture
def user() -> User:
    user = a_merchant("anna@example.com")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    Shop(user)
    return user


@pytest.fixture
def owner(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def close(client: Client, goods: str) -> str:
    """Press the button and return the page that follows."""
    answer = client.post(reverse("accounts:delete"), {"password": PASSWORD, "goods": goods}, follow=True)
    return answer.content.decode()


@pytest.mark.parametrize("goods", ["hide", "remove"])
def test_the_account_is_closed_at_once_and_deleted_after_the_goods(
    owner: Client, user: User, goods: str
) -> None:
    page = close(owner, goods)
    assert "then you get an email" in page
    closure = AccountClosure.objects.get(user=user)
    assert (closure.goods, closure.job is not None) == (goods, True)
    assert not SyncConfig.objects.get(user=user).is_enabled
    assert owner.get(reverse("accounts:profile")).status_code == 302


@pytest.mark.once
def test_logging_in_to_a_closed_account_says_why_it_is_refused(owner: Client, user: User) -> None:
    close(owner, "hide")
    stranger = Client(headers={"accept-language": "en"})
    answer = stranger.post(reverse("account_login"), {"login": user.email, "password": PASSWORD}, follow=True)
    assert "This account is closed" in answer.content.decode()
    assert stranger.get(reverse("accounts:profile")).status_code == 302


def test_where_vk_does_not_let_us_in_nothing_is_deleted_and_the_page_says_what_to_do(
    owner: Client, user: User
) -> None:
    VkConnection.objects.filter(user=user).update(is_online=False)
    page = close(owner, "remove")
    assert "Nothing was deleted. Connect VK again" in page
    user.refresh_from_db()
    assert user.is_active
    assert not AccountClosure.objects.exists()


@pytest.mark.once
def test_emails_about_the_shop_can_be_switched_off(owner: Client, user: User) -> None:
    values = {"first_name": "Анна", "last_name": "К", "phone": "", "language": "en"}
    owner.post(reverse("accounts:profile"), values)
    user.refresh_from_db()
    assert not user.wants_notifications
    owner.post(reverse("accounts:profile"), values | {"wants_notifications": "on"})
    user.refresh_from_db()
    assert user.wants_notifications
