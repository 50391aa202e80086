"""A merchant without connections, and stand-ins for Evotor and VK."""

from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from sandbox import Sandbox


@pytest.fixture
def user(db: None) -> User:
    user = User.objects.create_user("anna@example.com", "Kassa-4821-lavka", first_name="Анна", language="en")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def owner(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def box(settings: Settings) -> Iterator[Sandbox]:
    with Sandbox(vk_rate=0) as box:
        settings.EVOTOR_API_URL, settings.VK_API_URL = box.evotor_url, box.vk_url
        settings.VK_ID_URL = box.vk_id_url
        yield box
