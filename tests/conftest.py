"""What every test has: a clean state, real servers on demand, and tools that fail loudly in CI.

A test that needs a program which is not installed is skipped with the reason on a developer's
machine; with CI=true it fails, because a test that silently stops running is worth nothing.
"""

import contextlib
import functools
import gc
import os
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import dramatiq
import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.utils import translation
from dramatiq.brokers.stub import StubBroker
from hypothesis import settings as hypothesis_settings

from catalog.photos.placeholders import placeholder
from connections.clients.evotor.client import EvotorClient
from connections.clients.vk.client import VkClient
from syncing.jobs import shutdown
from tests import django_client, migrated
from tests.databases import restore_after_tests
from tests.servers import CHROMIUM, MariaDb, NotInstalled, Redis, find_program

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}

hypothesis_settings.register_profile("dev", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if IN_CI else "dev"))

BACKENDS: dict[str, tuple[Callable[[], bool], str]] = {
    "mariadb": (
        lambda: settings.DATABASES["default"]["ENGINE"].endswith("mysql"),
        "needs MariaDB: run `make test` or `.ci/services pytest …`",
    ),
    "redis": (
        lambda: bool(settings.REDIS_URL),
        "needs Redis: run `make test` or `.ci/services pytest …`",
    ),
}
# What is prepared before every test, and which tests it is for.
PREPARED_FOR: dict[str, Callable[[pytest.Function], object]] = {
    "_django_set_urlconf": lambda test: test.get_closest_marker("urls"),
    "_django_isolate_apps": lambda test: test.get_closest_marker("django_isolate_apps"),
    "_template_string_if_invalid_marker": lambda test: test.get_closest_marker("ignore_template_errors"),
    "_django_setup_unittest": lambda test: test.cls,
    "_live_server_helper": lambda test: "live_server" in test.fixturenames,
    "_django_clear_site_cache": lambda test: apps.is_installed("django.contrib.sites"),
    "_fail_for_invalid_template_variable": lambda test: test.config.getvalue("itv"),
}
# What only others of these ask for, unless a test itself does; a fixture still gets them where it asks.
ASKED_FOR = ("request", "monkeypatch", "django_db_blocker")


def give_up(reason: str) -> None:
    """Skip the running test with this reason; in CI, fail it."""
    if IN_CI:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let a marked test run only on the backend that it names.

    What is nested to the end of Python's stack is read after garbage has been collected: a collection down
    there would fail in every finalizer, and pytest takes that for a fault of the test.
    """
    if "nested" in item.name:
        gc.collect()
    for marker, (present, reason) in BACKENDS.items():
        if item.get_closest_marker(marker) and not present():
            give_up(reason)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let the collector of garbage pass over what stays to the end: modules and 13,000 tests.

    Each full walk over them took 0.7 seconds of processor time, and garbage took a sixth of the tests' time.
    """
    gc.disable()
    try:
        # Where the tests are not compiled yet, one process does it and the others read what it wrote.
        with contextlib.nullcontext() if _are_tests_compiled() else migrated.alone():
            return (yield)
    finally:
        gc.freeze()
        # Seven times rarer than Python's own, which suits smaller programs.
        gc.set_threshold(5_000, 10, 5)
        gc.enable()


def _are_tests_compiled() -> bool:
    """Return True if each file of tests has a compiled one, or none would be written."""
    compiled = f"{sys.implementation.cache_tag}-pytest-*.pyc"
    return sys.dont_write_bytecode or all(
        any(file.parent.glob(f"__pycache__/{file.stem}.{compiled}"))
        for file in Path(__file__).parent.rglob("test_*.py")
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what does nothing for a test, and on MariaDB what asks it nothing new."""
    for item in items:
        if isinstance(item, pytest.Function):
            _leave_out_idle_fixtures(item)
    _leave_out_same_statements(config, items)


def _leave_out_idle_fixtures(test: pytest.Function) -> None:
    """Prepare nothing that is for other tests: this took a fifth of the time of 17,000 short tests."""
    for name, is_for in PREPARED_FOR.items():
        if name in test.fixturenames and not is_for(test):
            test.fixturenames.remove(name)
    for name in ASKED_FOR:
        if name in test.fixturenames and name not in test._fixtureinfo.initialnames:
            test.fixturenames.remove(name)


def _leave_out_same_statements(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out on MariaDB further cases of a test marked `same_statements`.

    SQLite has run them all. A case that is chosen by its id, and not by its file, runs everywhere.
    """
    if not BACKENDS["mariadb"][0]() or any("[" in argument for argument in config.args):
        return
    seen: set[str] = set()
    repeated = []
    for item in items:
        function = item.nodeid.partition("[")[0]
        if item.get_closest_marker("same_statements") and function in seen:
            repeated.append(item)
        seen.add(function)
    if repeated:
        config.hook.pytest_deselected(items=repeated)
        left_out = set(repeated)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(autouse=True)
def _clean_state() -> Iterator[None]:
    """Let no test leave another its language, locks, rate limits, heartbeats, messages, or a worker's end."""
    translation.deactivate()
    shutdown.reset()
    yield
    cache.clear()
    # With Redis that has emptied the queues too.
    if isinstance(broker := dramatiq.get_broker(), StubBroker):
        broker.flush_all()


@pytest.fixture(autouse=True, scope="session")
def _our_test_client(django_test_environment: None) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        django_client.adjust(patch)
        yield


@pytest.fixture(scope="session")
def _start_of_database() -> migrated.Start:
    start = migrated.Start()
    start.before()
    return start


@pytest.fixture(scope="session")
def django_db_setup(
    _start_of_database: migrated.Start, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """Make the database once, and bring it back to this state after every test that commits."""
    with pytest.MonkeyPatch.context() as patch:
        with django_db_blocker.unblock():
            _start_of_database.after()
            restore_after_tests(patch)
        yield


@functools.cache
def _one_picture() -> bytes:
    return placeholder("Кружка", "Посуда")


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no time pass in pauses, and draw one picture for all goods."""
    for client in (VkClient, EvotorClient):
        monkeypatch.setitem(client.__init__.__kwdefaults__ or {}, "sleep", lambda seconds: None)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setattr("syncing.services.planning.placeholder", lambda *_: _one_picture())


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Return the path of Chromium's build without windows, which takes half the time, else of Chromium."""
    try:
        return find_program("chromium-headless-shell", *CHROMIUM)
    except NotInstalled:
        return _find_chromium()


@pytest.fixture(scope="session")
def windowed_chromium_path() -> str:
    """Return the path of the Chromium that people use."""
    return _find_chromium()


def _find_chromium() -> str:
    try:
        return find_program(*CHROMIUM)
    except NotInstalled as missing:
        give_up(str(missing))
        raise


@pytest.fixture
def mariadb_server() -> Iterator[MariaDb]:
    """Give a fresh MariaDB of this test's own, which it may kill and restart."""
    try:
        server = MariaDb()
        find_program("mariadbd", "mysqld")
    except NotInstalled as missing:
        give_up(str(missing))
        raise
    with server:
        yield server


@pytest.fixture
def redis_server() -> Iterator[Redis]:
    """Give a fresh Redis of this test's own that keeps its data over a kill."""
    try:
        find_program("redis-server")
    except NotInstalled as missing:
        give_up(str(missing))
        raise
    with Redis(durable=True) as server:
        yield server


@pytest.fixture
def shared_folder() -> Path:
    """Return the folder of API facts and the real catalogue that stands beside a working copy."""
    folder = Path(os.environ.get("EVOSYNC_SHARED") or Path(settings.BASE_DIR).parent / "shared")
    if not folder.is_dir():
        # Not part of the repository: a clone on its own is complete without it, also in CI.
        pytest.skip(f"{folder} is not there; set EVOSYNC_SHARED to the folder of shared facts")
    return folder
