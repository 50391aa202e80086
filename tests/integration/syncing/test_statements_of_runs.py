"""How many statements runs and pushes send: as many for every shop, a first run more for each thousand goods.

A run that is to ask more from now on raises its figure here.
"""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.models import User
from connections.tasks import handle_webhook_event
from sandbox import Sandbox
from syncing.models import SyncJob
from tests.integration.syncing.running import ITEMS, first_run, open_shop, put_goods, run
from tests.queues import waiting, work_off
from tests.web.webhooks.tools import APP_TOKEN, PREFIX, connected, deliver

pytestmark = pytest.mark.django_db(transaction=True)

# With the run's request and its claim, but not what begins and ends transactions.
KNOWN_AGAIN = 27
PLANNED = 38
ONE_CHANGED = 53
# Pictures are kept as they come, at worst five by three statements.
FIRST, FIRST_PER_THOUSAND = 75, 900
# A push, with the record of its message; and what its worker does, with the record of the run's.
DELIVERED, HANDLED = 6, 8
MANY = 10 * ITEMS


def statements(act: Callable[[], object]) -> int:
    """Return how many statements are sent while something is done."""
    with CaptureQueriesContext(connection) as captured:
        act()
    marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return sum(not one["sql"].startswith(marks) for one in captured)


def run_well(user: User) -> None:
    """Carry out a run that ends well."""
    assert run(user).status == SyncJob.Status.SUCCESS


def test_an_unchanged_run_sends_as_many_statements_for_few_goods_as_for_many(
    user: User, box: Sandbox
) -> None:
    counts = []
    for _ in range(2):
        # The second one notes that VK keeps the texts as they were sent.
        run(user)
        run(user)
        counts.append((statements(lambda: run_well(user)), statements(lambda: run_well(user))))
        put_goods(box, MANY, name="Чашка белая")
    assert counts[0] == counts[1]
    planned, known = counts[0]
    assert planned <= PLANNED
    assert known <= KNOWN_AGAIN


def test_a_run_with_one_change_sends_few_statements(box: Sandbox, user: User) -> None:
    first_run(box, user)
    store = next(iter(box.evotor.stores.values()))
    box.evotor.edit_product(store.id, next(iter(store.products)), price=105)
    assert statements(lambda: run_well(user)) <= ONE_CHANGED


@pytest.mark.parametrize("items", [ITEMS, MANY])
def test_a_first_run_sends_so_many_statements_for_each_thousand_goods(
    db: None, box: Sandbox, no_waiting: None, items: int
) -> None:
    user = open_shop(box, items=items)
    assert statements(lambda: run_well(user)) <= FIRST + FIRST_PER_THOUSAND * items / 1000


def test_a_push_sends_few_statements_until_its_run_waits(
    box: Sandbox, user: User, client: Client, settings: Settings
) -> None:
    first_run(box, user)
    settings.EVOTOR_WEBHOOK_TOKEN = [APP_TOKEN]
    evotor = box.webhooks("http://testserver" + PREFIX, app_token=APP_TOKEN)
    call = evotor.products(next(iter(box.evotor.stores)), [], user_token=connected(client, evotor, user))
    deliver(client, call)
    work_off()
    SyncJob.objects.all().delete()
    assert statements(lambda: deliver(client, call)) <= DELIVERED
    (message,) = waiting()
    assert statements(lambda: handle_webhook_event.fn(*message.args)) <= HANDLED
    assert SyncJob.objects.active().for_user(user).get().triggered_by == SyncJob.Trigger.WEBHOOK
