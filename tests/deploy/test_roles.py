"""Each role starts by its exact command from compose.yaml, answers its health check and ends in time."""

import importlib
import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dramatiq
import pytest
from django.apps import apps
from django.utils.module_loading import module_has_submodule

from tests.deploy.installation import METRICS_TOKEN
from tests.deploy.roles import STOP_SECONDS, Role, read_compose
from tests.migrated import Dump

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("deploy")]


def get(web: Role, path: str, **headers: str) -> tuple[int, str]:
    """Return status and body of one request to the web role."""
    address = f"http://127.0.0.1:{web.environment['PORT']}{path}"
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def wait_for(condition: Callable[[], bool], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


@pytest.fixture(scope="module")
def web(migrated: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Role]:
    """Start the web role."""
    with Role("web", migrated, tmp_path_factory.mktemp("web") / "log") as web:
        web.wait_until_healthy()
        yield web


def test_migrating_twice_changes_nothing(migrated: dict[str, str], tmp_path: Path) -> None:
    again = Role("migrate", migrated, tmp_path / "log")
    assert again.run() == 0
    assert "No migrations to apply" in again.log_end()


def test_kept_tables_are_those_that_migrations_make(migrated: dict[str, str]) -> None:
    dump = Dump(migrated["DATABASE_URL"])
    assert dump.text() == dump.path.read_bytes()


def test_log_lines_of_web_are_json_without_the_query(web: Role) -> None:
    get(web, "/accounts/login/?code=s3cret", Host="shop.example", **{"X-Forwarded-Proto": "https"})

    def asked() -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in web.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line.get("path") == "/accounts/login/"]

    wait_for(lambda: bool(asked()), 30, "nothing is logged")
    assert asked()[0]["status"] == 200
    assert asked()[0]["request"]
    assert "s3cret" not in web.log.read_text()


def test_web_serves_pages_and_static_files_and_ends_on_sigterm(web: Role) -> None:
    """Comes last of those with this role, which it ends."""
    site = {"Host": "shop.example", "X-Forwarded-Proto": "https"}
    status, page = get(web, "/accounts/login/", **site)
    assert status == 200, web.log_end()
    assert "<form" in page
    style = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert style
    assert get(web, style[1], **site)[0] == 200
    assert get(web, "/accounts/login/", **{**site, "Host": "evil.example"})[0] == 400
    assert get(web, "/metrics")[0] == 401
    status, figures = get(web, "/metrics", Authorization=f"Bearer {METRICS_TOKEN}")
    assert status == 200
    assert 'evosync_queue_messages{queue="sync"}' in figures
    code, seconds = web.stop()
    assert code == 0
    assert seconds < STOP_SECONDS


def test_the_scheduler_knows_every_module_with_periodic_actors() -> None:
    command = read_compose()["services"]["scheduler"]["command"]
    for app in apps.get_app_configs():
        if module_has_submodule(app.module, "tasks") and app.name != "django_dramatiq":
            importlib.import_module(f"{app.name}.tasks")
    needed = {
        actor.fn.__module__
        for actor in dramatiq.get_broker().actors.values()
        if actor.options.get("periodic") is not None
    }
    assert needed <= set(command)
