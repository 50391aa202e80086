"""A preview reads the till's rows and VK; but for the kept result it changes no row of any table.

The page only asks for it: neither its request nor the worker writes anything else.
"""

from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_dramatiq.models import Task

from accounts.models import User
from catalog.ingest.refresh import refresh_till
from connections.models import EvotorConnection
from sandbox import Sandbox
from syncing.models import Computation
from tests.computing import open_computed
from tests.integration.syncing.running import first_run, put_goods

pytestmark = pytest.mark.django_db(transaction=True)


def database() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table but the one that keeps results."""
    return {
        model._meta.db_table: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_models(include_auto_created=True)
        if model not in (Computation, Task)
    }


@pytest.fixture
def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    client.get(reverse("syncing:sync"))
    return client


@pytest.mark.parametrize("page", ["syncing:preview", "syncing:lookalikes"])
def test_a_page_that_plans_a_first_run_changes_no_row(
    page: str, browser: Client, user: User, box: Sandbox
) -> None:
    refresh_till(EvotorConnection.objects.get(user=user), now=timezone.now())
    before = database()
    assert open_computed(browser, reverse(page)).status_code == 200
    assert (Computation.objects.get().result or {})["parts"]
    assert database() == before


@pytest.mark.once
@pytest.mark.parametrize("page", ["syncing:preview", "syncing:lookalikes"])
def test_a_page_that_plans_a_later_run_changes_no_row(
    page: str, browser: Client, user: User, box: Sandbox
) -> None:
    first_run(box, user)
    put_goods(box, 3, name="Чашка")
    refresh_till(EvotorConnection.objects.get(user=user), now=timezone.now())
    before = database()
    assert open_computed(browser, reverse(page)).status_code == 200
    assert (Computation.objects.get().result or {})["parts"]
    assert database() == before
