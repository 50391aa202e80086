"""What allauth says after an act is said in our words, which a merchant knows from our pages."""

from pathlib import Path

import allauth
import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse

from tests.web.shop import Shop

OURS = settings.BASE_DIR / "templates"
LIBRARY = Path(allauth.__file__).parent / "templates"
# Ways to log in that EvoSync does not offer.
NOT_OFFERED = ("webauthn", "phone", "login_code")
SAID = sorted(
    str(path.relative_to(LIBRARY))
    for app in ("account", "mfa", "usersessions")
    for path in (LIBRARY / app / "messages").glob("*.txt")
    if not path.name.startswith(NOT_OFFERED)
)


@pytest.mark.once
@pytest.mark.parametrize("name", SAID)
def test_every_message_is_ours(name: str) -> None:
    assert (OURS / name).exists()
    assert get_template(name).render({"email": "anna@example.com"}) == Template(
        (OURS / name).read_text()
    ).render(Context({"email": "anna@example.com"}))


@pytest.mark.once
def test_a_login_needs_no_message(shop: Shop) -> None:
    EmailAddress.objects.create(user=shop.user, email=shop.user.email, verified=True, primary=True)
    answer = Client().post(
        reverse("account_login"), {"login": shop.user.email, "password": "correct horse battery"}, follow=True
    )
    assert answer.context["user"] == shop.user
    assert list(answer.context["messages"]) == []


@pytest.mark.once
def test_a_message_names_the_address(shop: Shop) -> None:
    client = Client(headers={"accept-language": "ru"})
    client.force_login(shop.user)
    EmailAddress.objects.create(user=shop.user, email=shop.user.email, verified=True, primary=True)
    EmailAddress.objects.create(user=shop.user, email="o'neil@example.com", verified=True)
    answer = client.post(
        reverse("account_email"), {"email": "o'neil@example.com", "action_remove": "1"}, follow=True
    )
    assert "Адрес o'neil@example.com удалён." in [str(one) for one in answer.context["messages"]]


@pytest.mark.once
def test_the_field_of_a_code_opens_digits_and_does_not_repeat_its_label(owner: Client) -> None:
    page = owner.get(reverse("mfa_activate_totp"), follow=True).content.decode()
    field = page.split('name="code"')[1].split(">")[0]
    assert 'inputmode="numeric"' in field
    assert "placeholder" not in field
