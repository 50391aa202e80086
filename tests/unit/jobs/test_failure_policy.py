"""What follows an error of a whole connection, for a worker's run and for a command's."""

from datetime import timedelta

import pytest

from connections.clients.errors import (
    ActionRequired,
    AuthRevoked,
    ClientError,
    InvalidRequest,
    ItemRefused,
    RateLimited,
    Suspended,
    Transient,
)
from syncing.jobs.failure_policy import RETRY_AFTER, SLOW_DOWN, Reaction, is_hopeless, react

END = Reaction()
HOUR = timedelta(hours=1)


def suspended() -> Suspended:
    return Suspended("vk", "vk.9", pause_seconds=3600)


@pytest.mark.parametrize(
    ("error", "reaction"),
    [
        (Transient("vk", "vk.10"), Reaction(RETRY_AFTER)),
        (RateLimited("vk", "vk.6"), Reaction(SLOW_DOWN)),
        (suspended(), Reaction(HOUR, pauses_connection_for=HOUR)),
        (AuthRevoked("vk", "vk.5"), Reaction(takes_connection_offline=True)),
        (ActionRequired("vk", "vk.1438"), END),
        (InvalidRequest("vk", "vk.3"), END),
        (ItemRefused("vk", "vk.100"), END),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_worker_waits_for_what_may_pass_and_ends_for_the_rest(
    error: ClientError, reaction: Reaction
) -> None:
    assert react(error, may_retry=True, by_command=False) == reaction


@pytest.mark.parametrize("error", [Transient("vk", "vk.10"), RateLimited("vk", "vk.6"), suspended()])
def test_a_command_never_waits_but_a_pause_holds_for_all(error: ClientError) -> None:
    reaction = react(error, may_retry=True, by_command=True)
    assert reaction.retry_after is None
    assert (reaction.pauses_connection_for is not None) == isinstance(error, Suspended)


def test_after_tries_in_vain_a_job_ends_except_where_calls_only_came_too_fast() -> None:
    assert react(Transient("vk", "vk.10"), may_retry=False, by_command=False) == END
    assert react(suspended(), may_retry=False, by_command=False) == Reaction(pauses_connection_for=HOUR)
    assert react(RateLimited("vk", "vk.6"), may_retry=False, by_command=False) == Reaction(SLOW_DOWN)


def test_progress_makes_any_number_of_tries_worth_another() -> None:
    tries = range(1, 10)
    assert [number for number in tries if is_hopeless(attempts=number, progressed=False)] == [
        4,
        5,
        6,
        7,
        8,
        9,
    ]
    assert not any(is_hopeless(attempts=number, progressed=True) for number in tries)
