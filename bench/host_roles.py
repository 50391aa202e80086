"""The processes of `bench.hosts`: roles of compose.yaml, each with a name, folders and a clock of its own."""

import os
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from bench.installation import variables_of_roles
from tests.deploy.roles import ROOT, Role
from tests.servers import free_port

# Role, name, and by how many seconds the clock is wrong.
HOSTS = (
    ("web", "web-1", 90),
    ("web", "web-2", -90),
    ("worker", "worker-1", 90),
    ("worker", "worker-2", -90),
    ("bulk", "bulk-1", -90),
    ("bulk", "bulk-2", 90),
)
ANSWER_SECONDS = 60.0
APP_TOKEN = "only-for-the-bench-" + "0123456789" * 2


class Host(Role):
    """A role with a host of its own."""

    def __init__(self, role: str, name: str, wrong: float, variables: dict[str, str], folder: Path) -> None:
        home = folder / name
        (home / "tmp").mkdir(parents=True)
        self.port = str(free_port())
        super().__init__(role, variables | {"PORT": self.port}, folder / f"{name}.log")
        self.host = name
        self.cwd = home
        self.environment |= {
            "BENCH_HOST": name,
            "BENCH_CLOCK": str(wrong),
            "DJANGO_SETTINGS_MODULE": "bench.host",
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(home / "tmp"),
        }
        self.command = [
            str(ROOT / word) if word == "manage.py" else word.replace(":8000", f":{self.port}")
            for word in self.command
        ]


@contextmanager
def installation(box: Any, folder: Path, addresses: dict[str, str]) -> Iterator[dict[str, Host]]:
    """Start the hosts."""
    variables = variables_of_roles(box, folder, addresses)
    variables |= {
        "ALLOWED_HOSTS": "127.0.0.1,shop.example",
        "SITE_URL": "https://shop.example",
        "EVOTOR_WEBHOOK_TOKEN": APP_TOKEN,
        **dict.fromkeys(("WEB_WORKERS", "WORKER_PROCESSES", "BULK_PROCESSES"), "1"),
        "LOG_LEVEL": "WARNING",
    }
    os.environ.update(variables)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    with ExitStack() as stack:
        hosts = {name: Host(role, name, wrong, variables, folder) for role, name, wrong in HOSTS}
        for host in hosts.values():
            stack.enter_context(host)
        wait_for_hosts(hosts)
        yield hosts


def wait_for_hosts(hosts: dict[str, Host]) -> None:
    """Return once all are at work."""
    from evosync.common.telemetry import heartbeat

    def is_up(host: Host) -> bool:
        if host.name == "web":
            with (
                suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{host.port}/healthz", timeout=5),
            ):
                return True
            return False
        return heartbeat.is_alive("bulk" if host.name == "bulk" else "worker", host=host.host)

    until = time.monotonic() + ANSWER_SECONDS
    while waiting := [host for host in hosts.values() if not is_up(host)]:
        if time.monotonic() > until:
            raise RuntimeError(f"{waiting[0].host} does not come up:\n{waiting[0].log_end()}")
        time.sleep(0.2)
