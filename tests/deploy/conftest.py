"""Fresh MariaDB and Redis with an up-to-date schema, made by the `migrate` role itself."""

import secrets
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.conftest import give_up
from tests.deploy.roles import ROOT, Role
from tests.servers import MariaDb, NotInstalled, Redis, find_program, free_port

METRICS_TOKEN = secrets.token_urlsafe(32)
# The first is that of the tests' own user, who migrates.
PASSWORDS = {
    "MARIADB_PASSWORD": "evosync",
    "MARIADB_WEB_PASSWORD": secrets.token_hex(16),
    "MARIADB_WORKER_PASSWORD": secrets.token_hex(16),
}


@dataclass(frozen=True)
class Servers:
    """A module's own servers, which its tests may kill and start again."""

    mariadb: MariaDb
    redis: Redis


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """Start MariaDB and Redis for this module."""
    try:
        for program in ("mariadbd", "redis-server"):
            find_program(program)
    except NotInstalled as missing:
        give_up(str(missing))
    with MariaDb(database_users()) as mariadb, Redis(durable=True) as redis:
        yield Servers(mariadb, redis)


def database_users() -> str:
    """Return what compose.yaml lets MariaDB carry out at every start."""
    script = subprocess.run(
        ["/bin/sh", ROOT / "database/users.sh"], env=PASSWORDS, capture_output=True, text=True, check=True
    )
    return script.stdout


@pytest.fixture(scope="module")
def variables(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment of a production installation on this module's servers."""
    folder = tmp_path_factory.mktemp("deploy")
    return {
        "DATABASE_URL": servers.mariadb.url,
        "REDIS_URL": servers.redis.url,
        **PASSWORDS,
        "REDIS_PASSWORD": servers.redis.password,
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "ALLOWED_HOSTS": "shop.example",
        "SITE_URL": "https://shop.example",
        "EMAIL_URL": "dummymail://",
        "METRICS_TOKEN": METRICS_TOKEN,
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "PORT": str(free_port()),
        "WORKER_PROCESSES": "1",
        "WEB_WORKERS": "1",
    }


@pytest.fixture(scope="module")
def migrated(variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give the same environment once the schema and the static files are there."""
    role = Role("migrate", variables, tmp_path_factory.mktemp("migrate") / "log")
    assert role.run() == 0, role.log_end()
    # The image has its static files from the build.
    role.command = ["python", "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    role.command.append("--settings=tests.deploy.static_settings")
    assert role.run() == 0, role.log_end()
    return variables


@pytest.fixture
def role(migrated: dict[str, str], tmp_path: Path) -> Callable[[str], Role]:
    """Return a maker of roles by their names in compose.yaml."""

    def make(name: str) -> Role:
        return Role(name, migrated, tmp_path / f"{name}.log")

    return make
