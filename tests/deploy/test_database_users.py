"""Each role's user of MariaDB may do what the role does, and nothing else."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import MySQLdb  # type: ignore[import-untyped]
import pytest

from tests.deploy.roles import environment_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("deploy")]

USERS = {
    "web": "evosync_web",
    "worker": "evosync_worker",
    "bulk": "evosync_worker",
    "scheduler": "evosync_worker",
}
# Of 1044, 1142, 1143, 1227, 1370 and 1045 each says that a right is missing.
DENIED = {1044, 1045, 1142, 1143, 1227, 1370}
FORBIDDEN = [
    "CREATE TABLE stolen (id INT)",
    "DROP TABLE accounts_user",
    "ALTER TABLE accounts_user ADD COLUMN door INT",
    "TRUNCATE TABLE accounts_user",
    "CREATE INDEX door ON accounts_user (language)",
    "CREATE TRIGGER door BEFORE INSERT ON accounts_user FOR EACH ROW SET NEW.is_staff = 1",
    "CREATE PROCEDURE door() SELECT 1",
    "CREATE USER door@'%' IDENTIFIED BY 'door'",
    "GRANT ALL ON evosync.* TO evosync_web@'%'",
    "SET PASSWORD FOR root@localhost = PASSWORD('x')",
    "SELECT * FROM mysql.global_priv",
    "SELECT LOAD_FILE('/etc/passwd') INTO @door; ",
    "SELECT email FROM accounts_user INTO OUTFILE '/tmp/door'",
    "SET GLOBAL general_log = 1",
    "CREATE DATABASE door",
    "SHUTDOWN",
]


def connect(url: str) -> Any:
    at = urlsplit(url)
    return MySQLdb.connect(
        host=at.hostname, port=at.port, user=at.username, password=at.password, database="evosync"
    )


@pytest.fixture(params=sorted(USERS))
def link(request: pytest.FixtureRequest, migrated: dict[str, str]) -> Iterator[Any]:
    """Return a connection as the role's own user."""
    url = environment_of(request.param, migrated)["DATABASE_URL"]
    assert urlsplit(url).username == USERS[request.param]
    link = connect(url)
    yield link
    link.close()


def test_a_role_reads_and_writes_rows(link: Any) -> None:
    cursor = link.cursor()
    cursor.execute("INSERT INTO auth_group (name) VALUES ('door')")
    cursor.execute("UPDATE auth_group SET name = 'gate' WHERE name = 'door'")
    assert cursor.execute("SELECT name FROM auth_group WHERE name = 'gate' FOR UPDATE") == 1
    assert cursor.execute("DELETE FROM auth_group WHERE name = 'gate'") == 1
    link.rollback()


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_a_role_has_no_power_over_tables_users_files_or_the_server(link: Any, statement: str) -> None:
    cursor = link.cursor()
    if "LOAD_FILE" in statement:
        # Without the right to files the function answers with nothing.
        cursor.execute("SELECT LOAD_FILE('/etc/passwd')")
        assert cursor.fetchone() == (None,)
        return
    with pytest.raises(MySQLdb.Error) as denied:
        cursor.execute(statement)
    assert denied.value.args[0] in DENIED


def test_a_role_sees_no_other_database(link: Any) -> None:
    cursor = link.cursor()
    cursor.execute("SHOW DATABASES")
    assert {name for (name,) in cursor.fetchall()} == {"evosync", "information_schema"}


@pytest.mark.parametrize("statement", ["CREATE USER door@'%'", "SELECT * FROM mysql.global_priv", "SHUTDOWN"])
def test_the_user_who_migrates_has_power_over_tables_alone(migrated: dict[str, str], statement: str) -> None:
    link = connect(environment_of("migrate", migrated)["DATABASE_URL"])
    cursor = link.cursor()
    cursor.execute("CREATE TABLE door (id INT)")
    cursor.execute("DROP TABLE door")
    with pytest.raises(MySQLdb.Error) as denied:
        cursor.execute(statement)
    assert denied.value.args[0] in DENIED
    link.close()
