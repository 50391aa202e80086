"""Eight tills or logins that answer slowly, in the worker of compose.yaml: nobody else waits for them."""

import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from connections.models import EvotorConnection, VkConnection
from evosync.common.slow_queue import THREADS
from sandbox import Sandbox
from syncing.jobs.lifecycle import request_sync
from syncing.models import SyncConfig, SyncJob
from tests.integration.workers.conftest import MakeWorker
from tests.integration.workers.killing import wait_until
from tests.vk_logins import log_in

pytestmark = [
    pytest.mark.mariadb,
    pytest.mark.redis,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
# More than the four threads of a worker's process that serve everybody.
SLOW, QUICK = 8, 6
IN_TIME = 30.0


class Shop:
    """One more merchant of the sandbox, with one product, a till account and a community of their own."""

    def __init__(self, box: Sandbox, name: str) -> None:
        self.account = box.evotor.add_merchant()
        self.store = box.evotor.add_store(name, user_id=self.account.user_id)
        box.evotor.add_product(self.store.id, "Кружка синяя", price=100, quantity=5)
        person = box.vk.add_person("Анна", name)
        self.person_id = person.id
        self.group_id = box.vk.add_community(name, f"shop{person.id}", {person.id: 3}).id
        self.user = User.objects.create(email=f"{name}@example.com")
        SyncConfig.objects.create(user=self.user, is_enabled=True, confirmed_at=timezone.now())
        EvotorConnection.objects.create(
            user=self.user,
            is_online=True,
            access_token=self.account.token,
            evotor_user_id=self.account.user_id,
        )
        VkConnection.objects.create(
            user=self.user,
            is_online=True,
            access_token=box.vk.add_token(user_id=person.id).value,
            group_id=self.group_id,
        )

    def ask(self) -> SyncJob:
        return request_sync(self.user, trigger=SyncJob.Trigger.MANUAL)


def ended(jobs: Sequence[SyncJob]) -> list[str]:
    found = SyncJob.objects.filter(pk__in=[job.pk for job in jobs], finished_at__isnull=False)
    return list(found.values_list("status", flat=True))


def test_nobody_waits_for_eight_slow_tills(box: Sandbox, user: User, worker: MakeWorker) -> None:
    answer = threading.Event()
    slow = [Shop(box, f"slow{n}") for n in range(SLOW)]
    quick = [Shop(box, f"quick{n}") for n in range(QUICK)]
    for shop in slow:
        shop.account.held_until = answer
    EvotorConnection.objects.filter(user__in=[shop.user for shop in slow]).update(
        slow_until=timezone.now() + timedelta(hours=1)
    )
    with worker() as process:
        held = [shop.ask() for shop in slow]
        wait_until(
            lambda: SyncJob.objects.filter(pk__in=[job.pk for job in held], lease="").count() == 0,
            process.log_end,
        )
        # All eight wait for an answer that does not come; the others begin and end meanwhile.
        others = [shop.ask() for shop in quick]
        wait_until(lambda: len(ended(others)) == QUICK, process.log_end)
        assert (ended(others), ended(held)) == (["success"] * QUICK, [])
        answer.set()
        wait_until(lambda: len(ended(held)) == SLOW, process.log_end)
    assert ended(held) == ["success"] * SLOW
    for shop in (*slow, *quick):
        assert len(box.vk.live_items(shop.group_id)) == 1
    assert SLOW <= THREADS


def test_tills_that_nobody_knew_as_slow_give_their_threads_back(
    box: Sandbox, user: User, worker: MakeWorker
) -> None:
    answer = threading.Event()
    slow = [Shop(box, f"slow{n}") for n in range(SLOW)]
    quick = [Shop(box, f"quick{n}") for n in range(QUICK)]
    for shop in slow:
        shop.account.held_until = answer
    with worker() as process:
        held = [shop.ask() for shop in slow]
        wait_until(
            lambda: EvotorConnection.objects.filter(slow_until__isnull=False).exists(), process.log_end
        )
        others = [shop.ask() for shop in quick]
        wait_until(lambda: len(ended(others)) == QUICK, process.log_end)
        assert (ended(others), ended(held)) == (["success"] * QUICK, [])
        answer.set()
        wait_until(lambda: len(ended(held)) == SLOW, process.log_end)
    assert ended(held) == ["success"] * SLOW


def test_nobody_waits_for_eight_renewals(box: Sandbox, user: User, worker: MakeWorker) -> None:
    answer = threading.Event()
    slow = [Shop(box, f"slow{n}") for n in range(SLOW)]
    quick = [Shop(box, f"quick{n}") for n in range(QUICK)]
    for shop in slow:
        log_in(box, VkConnection.objects.get(user=shop.user), now=timezone.now(), person=shop.person_id)
    fault = box.vk.fault("action", method="oauth2/auth", times=0, do=answer.wait)
    with worker() as process:
        held = [shop.ask() for shop in slow]
        wait_until(lambda: fault.seen, process.log_end)
        others = [shop.ask() for shop in quick]
        wait_until(lambda: len(ended(others)) == QUICK, process.log_end)
        # A renewal is waited for 40 seconds; by then the others have long ended.
        assert (ended(others), ended(held)) == (["success"] * QUICK, [])
        answer.set()
        wait_until(lambda: len(ended(held)) == SLOW, process.log_end)
    assert ended(held) == ["success"] * SLOW


def test_a_slow_run_is_given_back_when_its_worker_stops(box: Sandbox, user: User, worker: MakeWorker) -> None:
    box.evotor.merchant.held_until = answer = threading.Event()
    EvotorConnection.objects.update(slow_until=timezone.now() + timedelta(hours=1))
    with worker() as first:
        job = request_sync(user, trigger=SyncJob.Trigger.MANUAL)
        wait_until(lambda: SyncJob.objects.filter(pk=job.pk).exclude(lease="").exists(), first.log_end)
        code, seconds = first.stop()
        assert (code, seconds < IN_TIME) == (0, True), first.log_end()
    job.refresh_from_db()
    assert (job.status, job.lease) == (SyncJob.Status.PENDING, "")
    answer.set()
    with worker() as second:
        wait_until(lambda: ended([job]), second.log_end)
    assert ended([job]) == ["success"]
