"""compose.yaml keeps to the compose specification and to what an operator relies on."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.roles import ROOT, VARIABLE, interpolate, read_compose

OURS = ("migrate", "web", "worker", "bulk", "scheduler")
VARIABLES = {
    "MARIADB_PASSWORD": "owner0secret",
    "MARIADB_WEB_PASSWORD": "web0secret",
    "MARIADB_WORKER_PASSWORD": "worker0secret",
    "REDIS_PASSWORD": "redis0secret",
}
# Which role of ours is told which secret. What is empty for a role, it starts without.
SECRETS = {
    "SECRET_KEY": {"web", "worker", "bulk"},
    "FIELD_ENCRYPTION_KEYS": {"web", "worker", "bulk", "migrate"},
    "EMAIL_URL": {"web", "worker", "bulk"},
    "EVOTOR_OAUTH_CLIENT_SECRET": {"web", "worker", "bulk"},
    "VK_CLIENT_SECRET": {"web", "worker", "bulk"},
    "EVOTOR_WEBHOOK_TOKEN": {"web"},
    "METRICS_TOKEN": {"web"},
}
# Read by commands that an operator gives them, by the tests, or set in the image.
NOT_FOR_ROLES = {"ENV_FILE", "STATIC_ROOT"}


def services() -> dict[str, Any]:
    found = read_compose()["services"]
    assert isinstance(found, dict)
    return found


def interpolated(part: Any) -> Any:
    """Return the document with its variables replaced, in every text at every depth."""
    match part:
        case str():
            return interpolate(part, VARIABLES)
        case dict():
            return {key: interpolated(value) for key, value in part.items()}
        case list():
            return [interpolated(value) for value in part]
        case _:
            return part


def test_the_file_is_valid_by_the_compose_specification() -> None:
    # Wheels of the validator exist for Linux on x86-64; elsewhere the other tests must do.
    compose_spec = pytest.importorskip("compose_spec")
    parsed = compose_spec.PyCompose.from_json(json.dumps(interpolated(read_compose())))
    parsed.validate()
    assert set(parsed.service_names()) == {"db", "redis", "proxy", *OURS}


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ({"depends_on": {"web": {"condition": "service_is_nice"}}}, "service_is_nice"),
        ({"restart": "sometimes"}, "sometimes"),
        ({"healthcheck": {"test": ["CMD", "true"], "interval": "often"}}, "often"),
        ({"helthcheck": {}}, "helthcheck"),
    ],
)
def test_the_validator_refuses_what_the_specification_forbids(broken: dict[str, Any], named: str) -> None:
    compose_spec = pytest.importorskip("compose_spec")
    document = interpolated(read_compose())
    document["services"]["extra"] = {"image": "x", **broken}
    with pytest.raises(ValueError, match=named):
        compose_spec.PyCompose.from_json(json.dumps(document))


def test_every_dependency_has_what_its_condition_needs() -> None:
    found = services()
    for service in found.values():
        for name, dependency in service.get("depends_on", {}).items():
            assert name in found
            if dependency["condition"] == "service_healthy":
                assert found[name]["healthcheck"]["test"]
            if dependency["condition"] == "service_completed_successfully":
                assert found[name]["restart"] == "no"


def test_every_service_that_stays_has_a_health_check_and_comes_back() -> None:
    for name, service in services().items():
        if name != "migrate":
            assert service["healthcheck"]["test"][0] == "CMD", name
            assert service["restart"] == "unless-stopped", name


def test_every_named_volume_is_declared_and_used() -> None:
    mounts = [mount for service in services().values() for mount in service.get("volumes", [])]
    used = {mount.split(":")[0] for mount in mounts if not mount.startswith("./")}
    assert used == set(read_compose()["volumes"])


def test_our_roles_share_one_image_and_run_without_privileges() -> None:
    found = [services()[name] for name in OURS]
    assert len({service["image"] for service in found}) == 1
    assert all(service["cap_drop"] == ["ALL"] and service["read_only"] for service in found)


def test_no_secret_stands_in_the_file() -> None:
    secret = re.compile(r"PASSWORD|SECRET|TOKEN|KEY")
    for service in services().values():
        for name, value in service.get("environment", {}).items():
            if secret.search(name) and name != "MARIADB_RANDOM_ROOT_PASSWORD":
                assert not value or VARIABLE.fullmatch(value), name


def told(name: str) -> dict[str, str | None]:
    """Return what a service is told, of which None stands for the value of `.env`."""
    found = services()[name].get("environment", {})
    assert isinstance(found, dict)
    return found


def test_each_role_is_told_only_the_secrets_that_it_needs() -> None:
    for secret, needing in SECRETS.items():
        has = {name for name in services() if told(name).get(secret, "") != ""}
        assert has == needing, secret
    assert not [name for name, service in services().items() if "env_file" in service]


def test_each_role_has_a_user_of_the_database_and_no_other_roles_password() -> None:
    users = {name: str(told(name)["DATABASE_URL"]) for name in OURS}
    expected = {"migrate": "evosync", "web": "evosync_web"}
    for name, url in users.items():
        assert url.startswith(f"mysql://{expected.get(name, 'evosync_worker')}:$"), name
        variables = {
            found["name"] for value in told(name).values() for found in VARIABLE.finditer(value or "")
        }
        assert len({name for name in variables if name.startswith("MARIADB")}) == 1, name


def test_every_setting_reaches_the_roles() -> None:
    settings = (ROOT / "evosync/settings.py").read_text()
    read = set(re.findall(r"env(?:\.\w+)?\(\s*\"(\w+)\"", settings)) - NOT_FOR_ROLES
    assert len(read) > 35
    assert read - set(told("web")) == set()
    for name in ("worker", "bulk"):
        assert read - set(told(name)) == {
            "EVOTOR_WEBHOOK_TOKEN",
            "MAX_WEBHOOK_SECRET",
            "METRICS_TOKEN",
            "TELEGRAM_WEBHOOK_SECRET",
        }


def test_every_image_of_others_has_an_exact_version() -> None:
    images = {name: service["image"] for name, service in services().items() if name not in OURS}
    assert set(images) == {"db", "redis", "proxy"}
    assert all(re.search(r":\d+\.\d+\.\d+(-|$)", image) for image in images.values())
    base = re.search(r"^ARG BASE=(\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert base
    assert re.search(r":3\.\d+\.\d+-slim-\w+$", base[1])


def test_every_service_has_a_limit_of_memory_and_runs_without_privileges() -> None:
    for name, service in services().items():
        assert re.fullmatch(r"\d+[mg]", interpolate(str(service["mem_limit"]), {})), name
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name


def test_the_databases_are_on_a_network_that_leads_nowhere_else() -> None:
    assert read_compose()["networks"]["back"] == {"internal": True}
    assert {name for name, service in services().items() if service["networks"] == ["back"]} == {
        "db",
        "redis",
    }
    assert services()["proxy"]["networks"] == ["front"]


# Shows its arguments, the file that they name, and its input.
SHOWING = """#!/bin/sh
echo "$@"
for word; do case "$word" in --init-file=*) cat "${word#*=}";; esac; done
[ "$1" != - ] || cat
"""


def run_command(service: str, program: str, folder: Path) -> tuple[str, str]:
    """Run a service's command with a program that only shows; return its arguments and what it was given."""
    (folder / program).write_text(SHOWING)
    (folder / program).chmod(0o700)
    places = {
        "$$": "$",
        "/etc/evosync": str(ROOT / "database"),
        "> /tmp": f"> {folder}",
        "=/tmp": f"={folder}",
    }
    words = [interpolate(word, VARIABLES) for word in services()[service]["command"]]
    for inside, here in places.items():
        words = [word.replace(inside, here) for word in words]
    environment = {name: interpolate(str(value), VARIABLES) for name, value in told(service).items()}
    done = subprocess.run(
        [*services()[service]["entrypoint"], *words],
        env=environment | {"PATH": f"{folder}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    arguments, _, given = done.stdout.partition("\n")
    return arguments, given


def test_redis_hears_its_password_by_its_input(tmp_path: Path) -> None:
    arguments, heard = run_command("redis", "redis-server", tmp_path)
    assert arguments.startswith("- --appendonly yes --maxmemory 192mb")
    assert heard == "requirepass redis0secret\n"
    assert "redis0secret" not in arguments


def test_mariadb_makes_the_users_at_its_start(tmp_path: Path) -> None:
    arguments, statements = run_command("db", "docker-entrypoint.sh", tmp_path)
    assert arguments.split()[:2] == ["mariadbd", f"--init-file={tmp_path}/users.sql"]
    assert "--transaction-isolation=READ-COMMITTED" in arguments
    assert "secret" not in arguments
    assert statements.count("CREATE USER") == 3
    assert (tmp_path / "users.sql").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("password", ["", "it's", "a b", "x;DROP"])
def test_a_password_that_sql_could_misread_stops_the_database(password: str) -> None:
    done = subprocess.run(
        ["/bin/sh", ROOT / "database/users.sh"],
        env=VARIABLES | {"MARIADB_WEB_PASSWORD": password},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "evosync_web" in done.stderr


def test_only_the_proxy_is_public_and_the_web_role_is_on_loopback() -> None:
    published = {name: service["ports"] for name, service in services().items() if "ports" in service}
    assert set(published) == {"web", "proxy"}
    assert all(port.startswith("127.0.0.1:") for port in published["web"])


def test_no_folder_in_memory_grows_without_a_bound() -> None:
    mounts = [mount for service in services().values() for mount in service.get("tmpfs", [])]
    assert len(mounts) >= 6
    assert all(re.search(r"size=\d+m", mount) for mount in mounts)


def test_grace_is_longer_than_each_roles_own_patience() -> None:
    for name in OURS:
        assert int(services()[name]["stop_grace_period"].removesuffix("s")) > 30


def test_every_variable_is_explained_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text()
    in_compose = {found["name"] for found in VARIABLE.finditer((ROOT / "compose.yaml").read_text())}
    settings = (ROOT / "evosync/settings.py").read_text()
    in_settings = set(re.findall(r"env\.\w+\(\s*\"(\w+)\"", settings))
    missing = {
        name for name in in_compose | in_settings if not re.search(rf"^#?{name}=", example, re.MULTILINE)
    }
    assert not missing
    assert len(in_settings) > 20


def test_the_example_names_no_variable_that_nobody_reads() -> None:
    named = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    sources = "".join(
        path.read_text()
        for folder in ("accounts", "catalog", "connections", "evosync", "syncing")
        for path in Path(ROOT / folder).rglob("*.py")
    )
    sources += (ROOT / "compose.yaml").read_text()
    assert {name for name in named if name not in sources} == set()


def test_first_uploads_may_take_all_threads_of_their_role_and_runs_half_of_theirs() -> None:
    at_once = {}
    for name in ("worker", "bulk"):
        threads = next(word for word in services()[name]["command"] if word.startswith("--threads="))
        taken = int(services()[name]["environment"]["dramatiq_queue_prefetch"])
        at_once[name] = taken / int(threads.removeprefix("--threads="))
    assert at_once == {"worker": 0.5, "bulk": 1}


def test_the_image_gets_no_data_no_keys_and_no_sandbox() -> None:
    lines = (ROOT / ".dockerignore").read_text().split()
    assert lines.index("*") < lines.index("!accounts")
    allowed = {line[1:] for line in lines if line.startswith("!")}
    assert allowed.isdisjoint({"var", ".env", ".git", ".venv", "tests", "sandbox"})
    for name in allowed:
        assert (ROOT / name).exists(), name
