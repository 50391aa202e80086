"""A merchant whose accounts are rehearsed with; waiting moves the stand-in's clock and takes no time."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from catalog.photos.placeholders import placeholder
from sandbox import Sandbox
from syncing.core.preflight.findings import Finding, Findings
from syncing.jobs.preflight import run_preflight
from syncing.services.preflight.rehearsal import Options
from tests.integration.shared_start import SharedStart
from tests.integration.syncing.running import open_shop

GOODS = 3


@pytest.fixture(scope="session")
def drawn() -> bytes:
    """Return a picture as an item gets it."""
    return placeholder("EvoSync", "")


@SharedStart
def three_mugs(box: Sandbox, _user: User | None) -> User:
    """Open the shop of three mugs, with three items made by hand in VK."""
    user = open_shop(box, items=GOODS)
    for number in range(GOODS):
        box.vk.create_item(f"Сделано руками {number}")
    return user


@pytest.fixture
def user(db: None, sandbox: Sandbox, no_waiting: None, drawn: bytes, monkeypatch: Any) -> User:
    """Return the merchant of three mugs in one group, and of three items made by hand in VK."""
    monkeypatch.setattr("syncing.services.preflight.rehearsal.placeholder", lambda name, group: drawn)
    return three_mugs(sandbox)


class Rehearsals:
    """Rehearses as a merchant; what is waited for passes on the stand-in's clock."""

    def __init__(self, user: User, box: Sandbox) -> None:
        self._user, self._waited = user, 0.0
        box.vk.clock = lambda: time.time() + self._waited

    def findings(self, *, writes: bool = True, **more: Any) -> Findings:
        """Rehearse and return everything that was found."""
        return run_preflight(self._user, options=Options(writes=writes, sleep=self._sleep, **more))

    def answers(self, *, writes: bool = True, **more: Any) -> dict[str, Finding]:
        """Rehearse and return each fact's answer by its name."""
        return {finding.fact.name: finding for finding in self.findings(writes=writes, **more).all()}

    def _sleep(self, seconds: float) -> None:
        self._waited += seconds


@pytest.fixture
def rehearse(user: User, sandbox: Sandbox) -> Rehearsals:
    """Return what rehearses as the merchant."""
    return Rehearsals(user, sandbox)


Harm = Callable[[Sandbox, Any, pytest.MonkeyPatch], None]
