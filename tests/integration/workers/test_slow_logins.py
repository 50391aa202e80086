"""Tokens that are renewed slowly: one thread that others need waits for them, and then none on any host."""

import math
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.core.cache import cache
from django.db import connection as database
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisIsAway

from accounts.models import User
from catalog.tasks import refresh_catalog_for_user
from connections.clients.errors import Transient
from connections.clients.patience import PATIENCE_SECONDS, Patience, TooSlow
from connections.clients.service import Service
from connections.login_pace import renewing
from connections.models import EvotorConnection, VkConnection
from connections.tasks import check_connection, check_slow_connection
from connections.vk.tokens import ensure_fresh_vk_token
from sandbox import Sandbox
from sandbox.faults import Fault
from syncing.choices import ComputationKind
from syncing.jobs import computations
from syncing.jobs.lifecycle import request_sync
from syncing.models import Computation, SyncJob
from syncing.tasks import (
    compute_for_user,
    compute_slowly_for_user,
    run_slow_sync_for_user,
    run_sync_for_user,
)
from tests.queues import waiting
from tests.vk_logins import log_in

pytestmark = pytest.mark.django_db(transaction=True)

SLOW = 0.5
AT_LAST = 60.0


@pytest.fixture(autouse=True)
def _soon_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    renewal_takes(monkeypatch, 0.3)


def renewal_takes(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Take so many seconds for slow."""
    for module in ("connections.login_pace", "connections.token_refresh"):
        monkeypatch.setattr(f"{module}.RENEWAL_SECONDS", seconds)


@pytest.fixture
def renewals(box: Sandbox) -> Fault:
    """VK ID's renewals: how many were asked for, and how long they take."""
    return box.vk.fault("delay", method="oauth2/auth", times=0, seconds=0.0)


def due_login(box: Sandbox, user: User) -> VkConnection:
    """Return the merchant's connection with a login whose token has to be renewed."""
    connection = VkConnection.objects.get(user=user)
    log_in(box, connection, now=timezone.now())
    return connection


def another_login(box: Sandbox, name: str) -> VkConnection:
    person = box.vk.add_person("Анна", name)
    user = User.objects.create(email=f"{name}@example.com")
    connection = VkConnection.objects.create(user=user, is_online=True)
    log_in(box, connection, now=timezone.now(), person=person.id)
    return connection


def impatient() -> Patience:
    return Patience(Service.VK, PATIENCE_SECONDS)


def is_renewed(connection: VkConnection) -> bool:
    """Return True if the token no longer ends in five minutes."""
    expires_at = VkConnection.objects.get(pk=connection.pk).token_expires_at
    return expires_at is not None and expires_at > timezone.now() + timedelta(minutes=30)


def messages() -> list[tuple[str, str]]:
    return [(message.queue_name, message.actor_name) for message in waiting()]


def note_slow(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let another thread, which may wait, have waited for this login."""
    with monkeypatch.context() as patched:
        renewal_takes(patched, 0.0)
        with renewing(service, may_wait=True):
            pass


def test_a_run_leaves_the_renewal_to_a_thread_that_may_wait(
    box: Sandbox, user: User, renewals: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = due_login(box, user)
    note_slow(Service.VK, monkeypatch)
    asked = renewals.seen
    job = request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    waiting()
    run_sync_for_user.fn(user.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts, job.lease) == (SyncJob.Status.PENDING, 0, "")
    assert messages() == [("slow", "run_slow_sync_for_user")]
    assert renewals.seen == asked
    # VK itself may be as quick as ever.
    assert VkConnection.objects.get(user=user).slow_until is None
    renewals.seconds = SLOW
    run_slow_sync_for_user.fn(user.pk)
    job.refresh_from_db()
    assert (job.status, renewals.seen, is_renewed(login)) == (SyncJob.Status.SUCCESS, asked + 1, True)


def test_a_preview_and_a_check_leave_it_too(
    box: Sandbox, user: User, renewals: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = due_login(box, user)
    note_slow(Service.VK, monkeypatch)
    asked = renewals.seen
    computations.ask(user, ComputationKind.PREVIEW)
    waiting()
    compute_for_user.fn(user.pk, ComputationKind.PREVIEW)
    check_connection.fn(Service.VK, user.pk)
    assert messages() == [("slow", "compute_slowly_for_user"), ("slow", "check_slow_connection")]
    assert (renewals.seen, Computation.objects.get(user=user).attempts) == (asked, 0)
    check_slow_connection.fn(Service.VK, user.pk)
    compute_slowly_for_user.fn(user.pk, ComputationKind.PREVIEW)
    assert (renewals.seen, is_renewed(login)) == (asked + 1, True)
    assert Computation.objects.get(user=user).result is not None


def test_a_check_whether_the_right_has_come_leaves_it_too(
    box: Sandbox, user: User, renewals: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    due_login(box, user)
    VkConnection.objects.update(scope="", is_online=False, last_error="vk_id.no_market_right")
    assert VkConnection.objects.get(user=user).waits_for_right
    note_slow(Service.VK, monkeypatch)
    asked = renewals.seen
    check_connection.fn(Service.VK, user.pk)
    assert (messages(), renewals.seen) == ([("slow", "check_slow_connection")], asked)


@pytest.mark.parametrize(
    ("act", "actor"),
    [
        (lambda user: run_sync_for_user.fn(user.pk), "run_slow_sync_for_user"),
        (lambda user: refresh_catalog_for_user.fn(user.pk), "refresh_slow_catalog_for_user"),
        (lambda user: check_connection.fn(Service.EVOTOR, user.pk), "check_slow_connection"),
    ],
)
def test_evotors_tokens_are_left_to_a_thread_that_may_wait_as_well(
    box: Sandbox, user: User, act: Callable[[User], None], actor: str, *, monkeypatch: pytest.MonkeyPatch
) -> None:
    EvotorConnection.objects.update(refresh_token="given", token_expires_at=timezone.now())
    note_slow(Service.EVOTOR, monkeypatch)
    renewals = box.evotor.fault("delay", method="oauth/token", times=0, seconds=0.0)
    request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    waiting()
    act(user)
    assert (messages(), renewals.seen) == ([("slow", actor)], 0)
    assert EvotorConnection.objects.get(user=user).slow_until is None


def test_only_one_thread_of_a_process_waits_for_vk_id_and_all_others_learn_of_it(
    box: Sandbox, user: User
) -> None:
    first, second, third = due_login(box, user), another_login(box, "second"), another_login(box, "third")
    answer = threading.Event()
    held = box.vk.fault("action", method="oauth2/auth", times=0, do=answer.wait)
    waits = in_thread(lambda: ensure_fresh_vk_token(first, patience=impatient()))
    until(lambda: held.seen == 1)
    for login in (second, third):
        with pytest.raises(TooSlow) as caught:
            ensure_fresh_vk_token(login, patience=impatient())
        assert caught.value.service == "vk_id"
    assert held.seen == 1, "nobody else asked"
    # One that may wait asks although VK ID is slow; what was sent is not given up.
    patient = in_thread(lambda: ensure_fresh_vk_token(third, patience=Patience(Service.VK, math.inf)))
    until(lambda: held.seen == 2)
    answer.set()
    for thread in (waits, patient):
        thread.join(AT_LAST)
    assert [is_renewed(login) for login in (first, second, third)] == [True, False, True]
    with pytest.raises(TooSlow):
        ensure_fresh_vk_token(second, patience=impatient())


def test_renewals_that_are_quick_wait_for_each_other(
    box: Sandbox, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewal_takes(monkeypatch, AT_LAST)
    logins = [another_login(box, f"shop{number}") for number in range(4)]
    at_once = AtOnce()
    held = box.vk.fault("action", method="oauth2/auth", times=0, do=at_once.note)
    threads = [in_thread(partial(ensure_fresh_vk_token, login, patience=impatient())) for login in logins]
    for thread in threads:
        thread.join(AT_LAST)
    assert (held.seen, at_once.most) == (4, 1)
    assert all(is_renewed(login) for login in logins)


def test_a_slow_answer_is_known_to_all_also_where_nobody_waited_for_a_turn(
    box: Sandbox, user: User, renewals: Fault
) -> None:
    first, second = due_login(box, user), another_login(box, "second")
    asked, renewals.seconds = renewals.seen, SLOW
    ensure_fresh_vk_token(first)
    with pytest.raises(TooSlow):
        ensure_fresh_vk_token(second, patience=impatient())
    assert renewals.seen == asked + 1


def test_a_token_that_another_host_renews_slowly_is_not_waited_for(
    box: Sandbox, user: User, renewals: Fault
) -> None:
    login, asked = due_login(box, user), renewals.seen
    VkConnection.objects.update(refresh_lease_until=timezone.now() + timedelta(seconds=60))
    with pytest.raises(TooSlow):
        ensure_fresh_vk_token(login, patience=impatient())
    assert renewals.seen == asked


def test_a_login_that_does_not_answer_is_asked_by_one_thread_of_all_hosts(
    box: Sandbox, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    logins = [another_login(box, f"shop{number}") for number in range(5)]
    ended = due_login(box, user)
    VkConnection.objects.filter(pk=ended.pk).update(token_expires_at=timezone.now())
    ended.refresh_from_db()
    monkeypatch.setattr("connections.clients.vk.vk_id.TIMEOUT", (SLOW, SLOW))
    answer = threading.Event()
    held = box.vk.fault("action", method="oauth2/auth", times=0, do=answer.wait)
    # A token that is still valid stays in use.
    for login in logins[:3]:
        assert ensure_fresh_vk_token(login).access_token == login.access_token
    assert held.seen == 2, "the first one, and one that tried it again"
    with pytest.raises(Transient) as caught:
        ensure_fresh_vk_token(ended)
    assert (caught.value.code, caught.value.may_have_run, held.seen) == ("vk.timeout", False, 2)
    with pytest.raises(TooSlow):
        ensure_fresh_vk_token(ended, patience=impatient())
    answer.set()
    cache.delete("login:vk:probe")
    for login in (*logins[3:], ended):
        ensure_fresh_vk_token(login)
        assert is_renewed(login)


def test_without_redis_tokens_are_renewed_as_ever(
    box: Sandbox, user: User, renewals: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = due_login(box, user)
    tries: list[str] = []

    def away(key: str, *_more: object) -> None:
        tries.append(key)
        raise RedisIsAway

    monkeypatch.setattr(cache, "get", away)
    monkeypatch.setattr(cache, "set", away)
    renewals.seconds = SLOW
    ensure_fresh_vk_token(login, patience=impatient())
    assert is_renewed(login)
    assert set(tries) == {"login:vk"}


class AtOnce:
    """Counts how many are inside at once; each waits until nobody else has come for a moment."""

    def __init__(self) -> None:
        self.most = self._inside = 0
        self._lock = threading.Lock()

    def note(self) -> None:
        with self._lock:
            self._inside += 1
            self.most = max(self.most, self._inside)
        threading.Event().wait(0.1)
        with self._lock:
            self._inside -= 1


def in_thread(act: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            act()
        finally:
            database.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def until(condition: Callable[[], bool]) -> None:
    for _ in range(int(AT_LAST / 0.05)):
        if condition():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it did not happen")
