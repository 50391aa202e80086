"""Fresh MariaDB and Redis with an up-to-date schema, made by the `migrate` role or copied from its work."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import give_up
from tests.deploy.installation import collect_static, database_users, migrate, variables_for
from tests.migrated import make_tables
from tests.servers import MariaDb, NotInstalled, Redis, find_program


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


@pytest.fixture(scope="module")
def variables(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment of a production installation on this module's servers."""
    return variables_for(servers.mariadb, servers.redis, tmp_path_factory.mktemp("deploy"))


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for the static files of all modules."""
    return tmp_path_factory.mktemp("static")


@pytest.fixture(scope="module")
def migrated(
    variables: dict[str, str], static_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Give the same environment once the schema and the static files are there."""
    folder = tmp_path_factory.mktemp("migrate")
    make_tables(variables["DATABASE_URL"], lambda: migrate(variables, folder / "log"))
    variables["STATIC_ROOT"] = str(static_root)
    if not any(static_root.iterdir()):
        collect_static(variables, folder / "static.log")
    return variables
