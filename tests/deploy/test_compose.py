"""compose.yaml keeps to the compose specification and to what an operator relies on."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.roles import ROOT, VARIABLE, interpolate, read_compose

OURS = ("migrate", "web", "worker", "bulk", "scheduler")
VARIABLES = {"MARIADB_PASSWORD": "secret"}


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
                assert VARIABLE.fullmatch(value), name


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
    named = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    sources = "".join(
        path.read_text()
        for folder in ("accounts", "catalog", "connections", "evosync", "syncing")
        for path in Path(ROOT / folder).rglob("*.py")
    )
    sources += (ROOT / "compose.yaml").read_text()
    assert {name for name in named if name not in sources} == set()


def test_the_image_gets_no_data_no_keys_and_no_sandbox() -> None:
    lines = (ROOT / ".dockerignore").read_text().split()
    assert lines.index("*") < lines.index("!accounts")
    allowed = {line[1:] for line in lines if line.startswith("!")}
    assert allowed.isdisjoint({"var", ".env", ".git", ".venv", "tests", "sandbox"})
    for name in allowed:
        assert (ROOT / name).exists(), name
