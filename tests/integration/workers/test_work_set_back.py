"""A clock that ran ahead and was set right: what pages wait for is computed, and photos are imported."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from catalog.choices import ImportState
from catalog.models import PhotoImport
from catalog.models.photo_imports import LEASE
from catalog.photos.imports import work
from catalog.photos.imports.receiving import prune
from syncing.choices import ComputationKind
from syncing.jobs import computations
from syncing.models import Computation
from syncing.services.inputs import inputs_of

pytestmark = pytest.mark.django_db

NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)
AHEAD = [timedelta(hours=1), timedelta(days=1)]
KIND = ComputationKind.PREVIEW


def question(**values: Any) -> Computation:
    user = User.objects.create_user("shop@example.com")
    return Computation.objects.create(user=user, kind=KIND, **values)


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_a_question_whose_message_was_lost_ahead_is_asked_again(ahead: timedelta) -> None:
    row = question(asked_at=NOW + ahead, woken_at=NOW + ahead)
    assert computations.requeue_lost(NOW) == [(row.user_id, KIND)]
    assert computations.requeue_lost(NOW + timedelta(seconds=60)) == []


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_a_question_that_was_to_begin_ahead_begins(ahead: timedelta) -> None:
    row = question(asked_at=NOW, not_before=NOW + ahead)
    assert computations.claim(row.user_id, KIND, now=NOW) is not None


def test_a_question_that_is_to_begin_in_a_minute_waits() -> None:
    row = question(asked_at=NOW, not_before=NOW + computations.RETRY_AFTER)
    assert computations.claim(row.user_id, KIND, now=NOW) is None
    assert computations.claim(row.user_id, KIND, now=NOW + computations.RETRY_AFTER) is not None


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_a_dead_worker_s_question_is_taken_over(ahead: timedelta) -> None:
    row = question(asked_at=NOW, woken_at=NOW, lease="host:1:x", heartbeat_at=NOW + ahead)
    assert computations.requeue_lost(NOW) == [(row.user_id, KIND)]
    assert computations.claim(row.user_id, KIND, now=NOW) is not None


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_a_preview_of_tomorrow_is_not_taken_for_fresh(ahead: timedelta) -> None:
    row = question(computed_at=NOW + ahead)
    row.inputs = inputs_of(row.user, KIND)
    assert not computations.is_up_to_date(row, row.user, now=NOW)
    row.computed_at = NOW
    assert computations.is_up_to_date(row, row.user, now=NOW)


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_an_import_that_was_busy_in_the_future_goes_on_and_is_not_deleted(ahead: timedelta) -> None:
    user = User.objects.create_user("shop@example.com")
    values = {"state": ImportState.SAVING, "changed_at": NOW + ahead, "busy_until": NOW + ahead + LEASE}
    PhotoImport.objects.create(user=user, **values)
    assert prune(NOW) == 0
    assert work.lost(NOW) == [user.pk]
    assert work._claim(user.pk, NOW) is not None
    assert work._claim(user.pk, NOW) is None
