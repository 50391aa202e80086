"""A production installation on this machine's MariaDB and Redis: its passwords, environment and schema."""

import secrets
import subprocess
from pathlib import Path

from cryptography.fernet import Fernet

from tests.deploy.roles import ROOT, Role
from tests.servers import MariaDb, Redis, free_port

METRICS_TOKEN = secrets.token_urlsafe(32)
# The first is that of the tests' own user, who migrates.
PASSWORDS = {
    "MARIADB_PASSWORD": "evosync",
    "MARIADB_WEB_PASSWORD": secrets.token_hex(16),
    "MARIADB_WORKER_PASSWORD": secrets.token_hex(16),
}


def database_users() -> str:
    """Return what compose.yaml lets MariaDB carry out at every start."""
    script = subprocess.run(
        ["/bin/sh", ROOT / "database/users.sh"], env=PASSWORDS, capture_output=True, text=True, check=True
    )
    return script.stdout


def variables_for(mariadb: MariaDb, redis: Redis, folder: Path) -> dict[str, str]:
    """Return the environment of a production installation on these servers."""
    return {
        "DATABASE_URL": mariadb.url,
        "REDIS_URL": redis.url,
        **PASSWORDS,
        "REDIS_PASSWORD": redis.password,
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


def migrate(variables: dict[str, str], log: Path) -> None:
    """Make the schema."""
    role = Role("migrate", variables, log)
    assert role.run() == 0, role.log_end()


def collect_static(variables: dict[str, str], log: Path) -> None:
    """Make the static files, which the image has from its build."""
    role = Role("migrate", variables, log)
    role.command = ["python", "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    role.command.append("--settings=tests.deploy.static_settings")
    assert role.run() == 0, role.log_end()
