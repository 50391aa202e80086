"""All roles of compose.yaml at once, on real MariaDB and Redis: a merchant's first day, and what breaks.

`make prod-test` runs this folder.
"""

import json
import re
import secrets
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import MySQLdb  # type: ignore[import-untyped]
import pytest
from django.conf import settings
from django.core.cache.backends.redis import RedisCache

from evosync.common.telemetry.heartbeat import KEEP_SECONDS, MAX_AGE_SECONDS
from sandbox import Sandbox
from sandbox.evotor.webhooks import WebhookCall
from sandbox.mailbox import Mailbox
from syncing.services.categories import KEY
from tests.deploy.conftest import Servers
from tests.deploy.installation import METRICS_TOKEN
from tests.deploy.roles import STOP_SECONDS, Role
from tests.deploy.test_roles import get, wait_for
from tests.deploy.visitor import SITE, Visitor

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("deploy")]

GOODS = 6
ROLES = ("web", "worker", "bulk", "scheduler")
# A full minute until the scheduler's first message, and its way.
MINUTE = 75.0


class Town:
    """The running installation, the outside world, and what an operator can look at."""

    def __init__(self, servers: Servers, variables: dict[str, str], folder: Path) -> None:
        self.servers = servers
        self.box = Sandbox(vk_rate=0)
        self.mailbox = Mailbox()
        self.evotor_says = secrets.token_hex(16)
        self._variables, self._folder = variables, folder
        self.roles: dict[str, Role] = {}

    def __enter__(self) -> Self:
        self.box.__enter__()
        self.mailbox.__enter__()
        variables = self._variables | {
            "EVOTOR_API_URL": self.box.evotor_url,
            "EVOTOR_OAUTH_URL": self.box.evotor_url,
            "VK_API_URL": self.box.vk_url,
            "VK_ID_URL": self.box.vk_id_url,
            "VK_SETTLE_SECONDS": "0",
            "EVOTOR_WEBHOOK_TOKEN": self.evotor_says,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mailbox.smtp_port}",
        }
        for name in ROLES:
            self.roles[name] = Role(name, variables, self._folder / f"{name}.log").start()
        return self

    def __exit__(self, *_error: object) -> None:
        for role in self.roles.values():
            role.kill()
        self.mailbox.__exit__(None, None, None)
        self.box.__exit__(None, None, None)

    @property
    def port(self) -> int:
        return int(self._variables["PORT"])

    def checks(self) -> dict[str, str]:
        """Return what `/readyz` says of each part."""
        found = json.loads(get(self.roles["web"], "/readyz")[1])["checks"]
        assert isinstance(found, dict)
        return found

    def is_ready(self) -> bool:
        return get(self.roles["web"], "/readyz")[0] == 200

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return what the database holds, past all of our code."""
        at = urlsplit(self._variables["DATABASE_URL"])
        link = MySQLdb.connect(
            host=at.hostname, port=at.port, user=at.username, password=at.password, database="evosync"
        )
        try:
            cursor = link.cursor()
            cursor.execute(sql, values)
            return list(cursor.fetchall())
        finally:
            link.close()

    def age_heartbeat(self, role: str, seconds: float) -> None:
        """Move the role's last sign of life into the past, so that no test waits for it."""
        cache = RedisCache(self._variables["REDIS_URL"], settings.REDIS_CACHE)
        key = f"heartbeat:{role}"
        cache.set(key, cache.get(key) - seconds, KEEP_SECONDS)
        cache.close()

    def forget_categories(self) -> None:
        """Let VK's categories be unknown, as before the first run."""
        cache = RedisCache(self._variables["REDIS_URL"], settings.REDIS_CACHE)
        # As a process keeps it that has found no row of them.
        cache.set(KEY, [])
        cache.close()


@pytest.fixture(scope="module")
def town(
    servers: Servers, migrated: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    with Town(servers, migrated, tmp_path_factory.mktemp("town")) as town:
        store = town.box.evotor.add_store("Лавка")
        for number in range(GOODS):
            town.box.evotor.add_product(store.id, f"Кружка синяя {number}", price=100 + number, quantity=5)
        town.roles["web"].wait_until_healthy()
        yield town


@pytest.fixture(scope="module")
def merchant(town: Town) -> Visitor:
    """Return the browser of a merchant who has signed up and confirmed their address."""
    visitor = Visitor(town.port)
    person = {
        "email": "anna@example.com",
        "first_name": "Анна",
        "last_name": "Соседова",
        "password1": "a-long-passphrase-7",
    }
    assert visitor.post("/accounts/signup/", person, on="/accounts/signup/").status == 200
    wait_for(lambda: bool(town.mailbox.mails), MINUTE, "no mail has come")
    link = re.search(rf"{re.escape(SITE)}(/accounts/confirm-email/\S+)", town.mailbox.mails[-1].text)
    assert link, town.mailbox.mails[-1].text
    assert visitor.post(link[1], {}, on=link[1]).path == "/connections/start/"
    return visitor


def bind_till(town: Town, merchant: Visitor) -> None:
    """Install in Evotor's market with a link code: Evotor's server tells us by its webhooks."""
    page = merchant.post("/connections/evotor/code/", {"page": "onboarding"}, on="/connections/start/")
    code = re.search(r'id="link-code-text">([^<]+)<', page.text)
    assert code, page.text
    webhooks = town.box.webhooks("http://unused.example/evotor", app_token=town.evotor_says)
    calls = [
        webhooks.user_verify(linkCode=code[1]),
        webhooks.installation_event("ApplicationInstalled"),
        webhooks.user_token(),
    ]
    server = Visitor(town.port)
    assert [server.deliver(call).status for call in calls] == [200, 200, 200]


def run_by_button(town: Town, merchant: Visitor, fields: dict[str, str]) -> tuple[Any, ...]:
    """Press "Run", wait for the end and return the job's row."""
    page = merchant.post("/sync/run/", fields, on="/sync/")
    found = re.fullmatch(r"/history/(\d+)/", page.path)
    assert found, page.text
    pk = int(found[1])
    ended = "SELECT COUNT(*) FROM syncing_syncjob WHERE id = %s AND finished_at IS NOT NULL"
    wait_for(lambda: bool(town.rows(ended, pk)[0][0]), 2 * MINUTE, town.roles["worker"].log_end())
    told = "SELECT status, triggered_by, items_created, items_updated, error_count FROM syncing_syncjob"
    return town.rows(f"{told} WHERE id = %s", pk)[0]


def test_a_merchants_first_day(town: Town, merchant: Visitor) -> None:
    bind_till(town, merchant)
    in_mirror = "SELECT COUNT(*) FROM catalog_product"
    wait_for(lambda: town.rows(in_mirror)[0][0] == GOODS, MINUTE, town.roles["worker"].log_end())
    vk = {"vk-token": town.box.vk_token, "vk-community": "https://vk.com/tea_shop", "page": "onboarding"}
    assert merchant.post("/connections/vk/connect/", vk, on="/connections/start/").status == 200
    assert run_by_button(town, merchant, {"confirm": "on"}) == ("success", "manual", GOODS, 0, 0)
    items = list(town.box.vk.communities[town.box.group_id].items.values())
    assert len(items) == GOODS

    merchant.post("/sync/switch/", {"enabled": "on"}, on="/sync/")
    store = next(iter(town.box.evotor.stores.values()))
    town.box.evotor.edit_product(store.id, next(iter(store.products)), price=149.5)
    assert run_by_button(town, merchant, {}) == ("success", "manual", 0, 1, 0)
    assert sum(item.price_kopecks == 14_950 for item in items) == 1


def test_one_web_process_tells_prometheus_what_the_workers_did(town: Town, merchant: Visitor) -> None:
    def figures() -> str:
        return get(town.roles["web"], "/metrics", Authorization=f"Bearer {METRICS_TOKEN}")[1]

    counted = 'evosync_messages_total{actor="sweep_stale_jobs",outcome="done"}'
    wait_for(lambda: counted in figures(), MINUTE, "the worker's counts do not arrive")
    assert 'evosync_web_requests_total{status="200",view="account_signup"}' in figures()
    assert "anna@example.com" not in figures()


def test_evotor_reads_our_answer_also_where_it_sends_too_much(town: Town) -> None:
    call = town.box.webhooks("http://unused.example/evotor", app_token=town.evotor_says).user_token()
    answer = Visitor(town.port).deliver(WebhookCall(call.path, b" " * 24_000_000, call.headers))
    assert (answer.status, json.loads(answer.text)["errors"][0]["code"]) == (413, 2001)


def test_a_page_that_is_being_made_survives_a_gentle_restart(town: Town, merchant: Visitor) -> None:
    pages: list[int] = []
    asked = "market.getCategories"
    town.box.vk.fault("delay", method=asked, seconds=3.0)
    before = sum(call.method == asked for call in town.box.vk.calls)
    # The one page that asks VK before it answers, while the categories are not known.
    town.forget_categories()
    asking = threading.Thread(target=lambda: pages.append(merchant.get("/sync/rules/categories/").status))
    asking.start()
    wait_for(
        lambda: sum(call.method == asked for call in town.box.vk.calls) > before,
        MINUTE,
        "the page does not ask VK",
    )
    code, seconds = town.roles["web"].stop()
    asking.join()
    assert (code, pages) == (0, [200])
    assert seconds < STOP_SECONDS
    town.roles["web"].start().wait_until_healthy()
    assert merchant.get("/sync/").path == "/sync/"


def test_readyz_follows_the_death_and_return_of_worker_and_scheduler(town: Town) -> None:
    worker, scheduler = town.roles["worker"], town.roles["scheduler"]
    wait_for(town.is_ready, MINUTE, "never ready")
    assert all(role.is_healthy() for role in town.roles.values())
    worker.kill()
    scheduler.kill()
    # The worker's limit is waited for; of the scheduler's two and a half minutes only the last seconds.
    town.age_heartbeat("scheduler", MAX_AGE_SECONDS["scheduler"] - 10)
    killed = time.monotonic()
    wait_for(
        lambda: town.checks()["worker"].startswith("last seen"), 2 * MINUTE, "a dead worker goes unnoticed"
    )
    assert time.monotonic() - killed <= MAX_AGE_SECONDS["worker"] + 30
    assert town.checks()["scheduler"].startswith("last seen")
    assert not town.is_ready()
    worker.start()
    wait_for(lambda: town.checks()["worker"] == "ok", 2 * MINUTE, worker.log_end())
    assert not town.is_ready()
    scheduler.start()
    wait_for(town.is_ready, MINUTE, scheduler.log_end())


@pytest.mark.parametrize(("part", "server"), [("database", "mariadb"), ("broker", "redis")])
def test_readyz_follows_the_death_and_return_of_each_server(
    town: Town, merchant: Visitor, part: str, server: str
) -> None:
    wait_for(town.is_ready, MINUTE, "never ready")
    machine = getattr(town.servers, server)
    machine.kill()
    wait_for(lambda: town.checks()[part].startswith("fails: "), MINUTE, f"a dead {server} goes unnoticed")
    assert get(town.roles["web"], "/healthz")[0] == 200
    machine.start()
    wait_for(town.is_ready, MINUTE, f"{town.checks()}\n{town.roles['worker'].log_end()}")
    assert all(role.process is not None and role.process.poll() is None for role in town.roles.values())
    # And they do their work again, each on the connections that it had.
    assert run_by_button(town, merchant, {})[0] == "success"


def test_a_killed_web_role_is_back_with_its_sessions(town: Town, merchant: Visitor) -> None:
    web = town.roles["web"]
    web.kill()
    assert not web.is_healthy()
    web.start().wait_until_healthy()
    assert merchant.get("/sync/").path == "/sync/"


def test_every_role_ends_in_time_when_it_is_asked(town: Town) -> None:
    for name, role in town.roles.items():
        code, seconds = role.stop()
        assert seconds < STOP_SECONDS, name
        assert code == 0 or name == "scheduler", role.log_end()


def test_no_secret_of_the_day_stands_in_a_log(town: Town) -> None:
    logs = "".join(role.log.read_text(errors="replace") for role in town.roles.values())
    assert len(logs) > 1000
    for secret in (town.box.vk_token, town.box.evotor_token, town.evotor_says, METRICS_TOKEN):
        assert secret not in logs
