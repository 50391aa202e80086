"""Rules are saved while a run, staff or another page writes other values of the same row: both stay."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db.models.signals import pre_save
from django.test import Client
from django.urls import reverse

from accounts.models import User
from catalog.models import ProductGroup
from syncing.models import SyncConfig
from syncing.services.categories import choose_for_group
from syncing.services.settings import configure
from tests.web.shop import Shop
from tests.web.syncing.test_filters_and_rules import RULES

MEANWHILE = {"is_enabled": False, "source_size": 7, "guessed_by_group": {"food": 5}}


def by_page(shop: Shop) -> None:
    client = Client()
    client.force_login(shop.user)
    assert client.post(reverse("syncing:rules"), RULES).status_code == 302


def by_command(shop: Shop) -> None:
    configure(shop.user, values={"markup_percent": "10"})


def by_staff(shop: Shop) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("boss@example.com", "correct horse battery"))
    address = reverse("admin:syncing_syncconfig_change", args=[shop.config.pk])
    assert client.post(address, RULES).status_code == 302


@pytest.fixture
def _meanwhile(shop: Shop, settings: Any) -> Iterator[None]:
    """Let a run and staff write once a row of rules was read and before it is saved."""
    settings.ADMIN_REQUIRES_MFA = False
    SyncConfig.objects.update(is_enabled=True)

    def write(**_: Any) -> None:
        SyncConfig.objects.update(**MEANWHILE)

    pre_save.connect(write, sender=SyncConfig)
    yield
    pre_save.disconnect(write, sender=SyncConfig)


@pytest.mark.usefixtures("_meanwhile")
@pytest.mark.parametrize("save", [by_page, by_command, by_staff])
def test_saved_rules_leave_what_was_written_meanwhile(shop: Shop, save: Callable[[Shop], None]) -> None:
    save(shop)
    row = SyncConfig.objects.filter(pk=shop.config.pk)
    assert row.values(*MEANWHILE).get() == MEANWHILE
    assert row.get().markup_percent == 10


def test_a_group_keeps_the_category_that_another_page_gave_it(owner: Client, shop: Shop) -> None:
    # The page was opened before, so it does not show the group's category.
    choose_for_group(ProductGroup.objects.get(evotor_id="bakery"), 77)
    owner.post(reverse("syncing:rules"), RULES)
    shop.config.refresh_from_db()
    assert shop.config.category_by_group == {"bakery": 77}
