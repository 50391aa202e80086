"""Races that only a database with real row locks can run."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from connections.evotor.account_linking import (
    BadCode,
    LinkedElsewhere,
    claim_with_code,
    issue_link_code,
    locked_account,
    user_token_of,
)
from connections.evotor.connect import connect_evotor
from connections.evotor.webhooks.handlers import apply_subscription
from connections.models import EvotorConnection, EvotorSubscription, VkConnection
from connections.vk.connect import save_community
from sandbox import Sandbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.mariadb]

ROUNDS = 10
# So many first deliveries in one moment; of three, two wait for the third.
TOGETHER = 4


def all_at_once(act: Callable[[int], object]) -> None:
    """Call it for each number in the same moment, each with its own connection; raise what one raises."""
    barrier = Barrier(TOGETHER)

    def go(number: int) -> None:
        barrier.wait(timeout=60)
        try:
            act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as pool:
        list(pool.map(go, range(1, TOGETHER + 1)))


def claim_at_once(claims: list[tuple[str, str]], now: datetime) -> list[bool]:
    """Make all claims (code, account) in the same moment; say which of them won."""
    barrier = Barrier(len(claims))

    def claim(pair: tuple[str, str]) -> bool:
        barrier.wait(timeout=60)
        try:
            claim_with_code([pair[0]], evotor_user_id=pair[1], now=now)
        except (BadCode, LinkedElsewhere):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(claims)) as pool:
        return list(pool.map(claim, claims))


def test_one_code_for_two_accounts_links_exactly_one() -> None:
    for number in range(ROUNDS):
        user = User.objects.create_user(f"one{number}@example.com", "a long passphrase")
        now = timezone.now()
        code = issue_link_code(user, now=now)
        won = claim_at_once([(code, f"01-{number:014}1"), (code, f"01-{number:014}2")], now)
        assert sorted(won) == [False, True]
        assert EvotorConnection.objects.for_user(user).count() == 1


def test_two_merchants_who_want_one_account_get_it_exactly_once() -> None:
    for number in range(ROUNDS):
        users = [
            User.objects.create_user(f"{name}{number}@example.com", "a long passphrase") for name in "ab"
        ]
        now = timezone.now()
        account = f"01-{number:015}"
        won = claim_at_once([(issue_link_code(user, now=now), account) for user in users], now)
        assert sorted(won) == [False, True]
        assert EvotorConnection.objects.of_account(account).get().user == users[won.index(True)]


def test_first_events_of_a_subscription_that_come_together_do_not_deadlock() -> None:
    for number in range(3 * ROUNDS):
        key = f"subscription-{number}"

        def tell(sequence: int, key: str = key) -> None:
            event = {"subscriptionId": key, "sequenceNumber": sequence, "planId": f"plan {sequence}"}
            apply_subscription("01-1", event)

        all_at_once(tell)
        (row,) = EvotorSubscription.objects.filter(subscription_id=key)
        assert row.facts == {"planId": [TOGETHER, f"plan {TOGETHER}"]}


def test_first_calls_for_a_till_account_that_come_together_do_not_deadlock() -> None:
    for number in range(3 * ROUNDS):
        account = f"01-new-{number}"
        tokens: set[str] = set()

        def ask(_number: int, account: str = account, tokens: set[str] = tokens) -> None:
            with locked_account(account) as row:
                tokens.add(user_token_of(row))

        all_at_once(ask)
        assert len(tokens) == 1
        assert EvotorConnection.objects.of_account(account).count() == 1


def test_a_community_that_is_connected_in_several_tabs_is_connected_once() -> None:
    for number in range(ROUNDS):
        user = User.objects.create_user(f"one{number}@example.com", "a long passphrase")
        values: dict[str, object] = {"access_token": "t", "group_id": 5}

        def save(_number: int, user: User = user, values: dict[str, object] = values) -> None:
            save_community(user, values, timezone.now())

        all_at_once(save)
        assert VkConnection.objects.for_user(user).get().group_id == 5


def test_a_till_that_is_connected_in_several_tabs_is_connected_once(sandbox: Sandbox) -> None:
    sandbox.evotor.add_store("Лавка")
    for number in range(3):
        user = User.objects.create_user(f"one{number}@example.com", "a long passphrase")

        def connect(_number: int, user: User = user) -> None:
            connect_evotor(user, token=sandbox.evotor_token, now=timezone.now())

        all_at_once(connect)
        assert EvotorConnection.objects.for_user(user).exists()
        EvotorConnection.objects.all().delete()
