"""A merchant with a till in memory."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from accounts.models import User
from catalog.ingest.refresh import refresh_catalog
from catalog.ingest.report import RefreshSummary
from tests.unit.catalog.till import STORE, FakeTill

START = datetime(2026, 1, 1, tzinfo=UTC)
Refresh = Callable[..., RefreshSummary]


@pytest.fixture
def owner(db: None) -> User:
    """Return a user without connections: services are handed their client."""
    return User.objects.create_user("owner@example.com", "a long passphrase")


@pytest.fixture
def till() -> FakeTill:
    """Return a till with one empty store."""
    return FakeTill(products={STORE: []})


@pytest.fixture
def refresh(owner: User, till: FakeTill) -> Refresh:
    """Return a function that reads the till, an hour later each time."""
    hours = iter(range(1000))

    def run(**more: object) -> RefreshSummary:
        now = START + timedelta(hours=next(hours))
        return partial(refresh_catalog, owner, client=till, now=now)(**more)  # type: ignore[arg-type]

    return run
