"""A merchant's own pages: who sees them, what they change, what they hand out."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from model_bakery import baker
from pytest_django import DjangoAssertNumQueries

from accounts.choices import ItemsAfterClosure
from accounts.models import User
from accounts.signals import ClosingRefused, account_closing
from connections.models import EvotorConnection, LinkCode, VkConnection
from tests.signals import without_receivers
from tests.web.shop import Shop

pytestmark = pytest.mark.django_db

PASSWORD = "Kassa-4821-lavka"
OWN_PAGES = [
    "accounts:profile",
    "accounts:delete",
    "account_email",
    "account_change_password",
    "mfa_index",
    "usersessions_list",
    "account_logout",
]


@pytest.fixture
def user() -> User:
    user = User.objects.create_user(
        "anna@example.com", PASSWORD, first_name="Анна", last_name="Ковалёва", phone="+79991234567"
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def owner(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def closings() -> Iterator[list[tuple[int, ItemsAfterClosure]]]:
    """Disconnect the application's receivers; the calls of the test's own receivers are noted here."""
    with without_receivers(account_closing):
        yield []


@pytest.mark.once
@pytest.mark.parametrize("name", OWN_PAGES)
def test_the_owner_sees_the_page_in_our_look(owner: Client, name: str) -> None:
    answer = owner.get(reverse(name))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "evosync/app.css" in page
    assert "<style" not in page
    assert " style=" not in page
    assert "onclick" not in page


@pytest.mark.once
@pytest.mark.parametrize("name", [*OWN_PAGES, "accounts:download"])
def test_nobody_is_sent_to_the_login(client: Client, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    # allauth sends a logout without a login to the start page.
    assert answer["Location"].startswith((reverse("account_login"), "/"))
    if name != "account_logout":
        assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.once
@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_the_way_in_is_open_to_everybody_and_ours(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()
    assert "es-entrance" in page
    assert "es-nav" not in page


@pytest.mark.once
def test_the_profile_page_costs_few_queries(
    owner: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(5):
        owner.get(reverse("accounts:profile"))


def test_a_changed_profile_is_saved_with_its_phone_in_one_form(owner: Client, user: User) -> None:
    typed = {"first_name": "Анна", "last_name": "Иванова", "phone": "8 901 765-43-21", "language": "en"}
    answer = owner.post(reverse("accounts:profile"), typed)
    assert answer["Location"] == reverse("accounts:profile")
    user.refresh_from_db()
    assert (user.last_name, user.phone, user.language) == ("Иванова", "+79017654321", "en")
    assert answer.cookies["django_language"].value == "en"


@pytest.mark.once
def test_an_emptied_phone_is_forgotten(owner: Client, user: User) -> None:
    typed = {"first_name": "Анна", "last_name": "Иванова", "phone": "", "language": "ru"}
    owner.post(reverse("accounts:profile"), typed)
    user.refresh_from_db()
    assert user.phone is None


@pytest.mark.once
def test_a_bad_phone_keeps_what_was_typed_and_changes_nothing(owner: Client, user: User) -> None:
    phone = "123"
    typed = {"first_name": "Аня", "last_name": "Новая", "phone": phone, "language": "ru"}
    answer = owner.post(reverse("accounts:profile"), typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'value="{phone}"' in page
    assert 'value="Новая"' in page
    assert 'id="id_phone_error"' in page
    user.refresh_from_db()
    assert user.last_name == "Ковалёва"


@pytest.mark.once
def test_a_phone_of_another_account_is_saved_like_any_other(owner: Client, user: User) -> None:
    User.objects.create_user("other@example.com", phone="+79990000001")
    typed = {"first_name": "Аня", "last_name": "Новая", "phone": "+79990000001", "language": "ru"}
    assert owner.post(reverse("accounts:profile"), typed).status_code == 302
    user.refresh_from_db()
    assert user.phone == "+79990000001"


def test_the_language_button_keeps_the_page_and_the_choice(owner: Client, user: User) -> None:
    answer = owner.post(reverse("accounts:language"), {"language": "en", "next": "/connections/?a=1"})
    assert answer["Location"] == "/connections/?a=1"
    assert answer.cookies["django_language"].value == "en"
    user.refresh_from_db()
    assert user.language == "en"


@pytest.mark.once
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_language_button_never_leads_away(client: Client, target: str) -> None:
    answer = client.post(reverse("accounts:language"), {"language": "en", "next": target})
    assert answer["Location"] == "/"


@pytest.mark.once
def test_an_unknown_language_changes_nothing(owner: Client, user: User) -> None:
    answer = owner.post(reverse("accounts:language"), {"language": "xx", "next": "/profile/"})
    assert "django_language" not in answer.cookies
    user.refresh_from_db()
    assert user.language == "ru"


def unpack(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_own_data_has_everything_of_mine_and_no_secret(owner: Client, user: User) -> None:
    Shop(user)
    EvotorConnection.objects.update(access_token="evotor-secret-1", user_token_hash="hash-secret-2")
    VkConnection.objects.update(access_token="vk-secret-3", refresh_token="secret-4", app_secret="secret-5")
    later = timezone.now() + timedelta(minutes=5)
    baker.make(LinkCode, user=user, code_hash="hash-secret-6", expires_at=later)
    answer = owner.post(reverse("accounts:download"))
    assert answer["Content-Type"] == "application/zip"
    files = unpack(answer.content)
    assert json.loads(files["profile.json"])[0]["email"] == user.email
    assert {row["name"] for row in json.loads(files["goods.json"])} >= {"Хлеб ржаной"}
    assert {row["service"] for row in json.loads(files["connections.json"])} == {"evotor", "vk"}
    assert "secret" not in "".join(files.values())
    assert user.password not in "".join(files.values())


@pytest.mark.once
def test_own_data_has_nothing_of_another_merchant(owner: Client) -> None:
    other = User.objects.create_user("other@example.com", first_name="Чужой")
    Shop(other)
    files = unpack(owner.post(reverse("accounts:download")).content)
    assert json.loads(files["goods.json"]) == []
    assert "Чужой" not in "".join(files.values())


@pytest.mark.once
@pytest.mark.usefixtures("closings")
def test_an_account_is_deleted_with_all_its_rows_after_the_password(owner: Client, user: User) -> None:
    Shop(user)
    answer = owner.post(reverse("accounts:delete"), {"password": PASSWORD, "goods": "leave"})
    assert answer["Location"] == reverse("account_login")
    assert not User.objects.exists()
    assert not VkConnection.objects.exists()
    assert owner.get(reverse("accounts:profile")).status_code == 302


@pytest.mark.parametrize("password", ["wrong-Secret", ""])
def test_without_the_right_password_nothing_is_deleted(owner: Client, password: str) -> None:
    answer = owner.post(reverse("accounts:delete"), {"password": password, "goods": "leave"})
    assert answer.status_code == 422
    assert User.objects.exists()
    assert "wrong-Secret" not in answer.content.decode()
    assert "password" in answer.context["form"].errors


@pytest.mark.once
@pytest.mark.usefixtures("closings")
def test_nothing_is_promised_for_goods_while_nobody_can_do_it(owner: Client) -> None:
    answer = owner.post(reverse("accounts:delete"), {"password": PASSWORD, "goods": "remove"})
    assert answer.status_code == 422
    assert User.objects.exists()


@pytest.mark.once
def test_goods_that_need_time_keep_the_account_closed_until_they_are_done(
    owner: Client, user: User, closings: list[tuple[int, ItemsAfterClosure]]
) -> None:
    def hide_later(sender: object, *, user: User, goods: ItemsAfterClosure, **_kwargs: object) -> bool:
        closings.append((user.pk, goods))
        return False

    account_closing.connect(hide_later)
    owner.post(reverse("accounts:delete"), {"password": PASSWORD, "goods": "hide"})
    assert closings == [(user.pk, ItemsAfterClosure.HIDE)]
    user.refresh_from_db()
    assert not user.is_active
    assert owner.get(reverse("accounts:profile")).status_code == 302


def test_goods_that_are_left_send_no_signal(
    owner: Client, user: User, closings: list[tuple[int, ItemsAfterClosure]]
) -> None:
    def note(sender: object, *, user: User, goods: ItemsAfterClosure, **_kwargs: object) -> bool:
        closings.append((user.pk, goods))
        return True

    account_closing.connect(note)
    owner.post(reverse("accounts:delete"), {"password": PASSWORD, "goods": "leave"})
    assert closings == []
    assert not User.objects.filter(pk=user.pk).exists()


@pytest.mark.once
@pytest.mark.usefixtures("closings")
def test_a_receiver_that_refuses_keeps_the_account_and_says_why(owner: Client, user: User) -> None:
    def refuse(sender: object, **_kwargs: object) -> bool:
        raise ClosingRefused("VK is offline. Connect it again, or leave the goods.")

    account_closing.connect(refuse)
    answer = owner.post(reverse("accounts:delete"), {"password": PASSWORD, "goods": "remove"})
    assert answer.status_code == 422
    assert "VK is offline. Connect it again" in answer.content.decode()
    user.refresh_from_db()
    assert user.is_active


@pytest.mark.once
def test_a_session_is_named_by_its_browser_and_system(user: User) -> None:
    agent = (
        "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/130.0.0.0 YaBrowser/24.10 Mobile Safari/537.36"
    )
    client = Client(headers={"user-agent": agent})
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert "Yandex Browser, Android" in client.get(reverse("usersessions_list")).content.decode()


def test_a_closed_account_cannot_log_in(user: User) -> None:
    user.is_active = False
    user.save()
    answer = Client().post(reverse("account_login"), {"login": user.email, "password": PASSWORD}, follow=True)
    assert not answer.context["user"].is_authenticated
