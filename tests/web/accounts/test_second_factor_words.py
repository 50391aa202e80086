"""The pages of the second factor call its code by one name."""

import pytest
from django.test import Client
from django.urls import reverse


@pytest.mark.once
@pytest.mark.parametrize(
    ("language", "words"), [("en", "The code from your app"), ("ru", "Код из приложения")]
)
def test_switching_it_on_asks_for_the_code_as_the_login_does(
    language: str, words: str, owner: Client
) -> None:
    page = owner.get(reverse("mfa_activate_totp"), headers={"accept-language": language}, follow=True)
    assert page.context["form"]["code"].label == words
