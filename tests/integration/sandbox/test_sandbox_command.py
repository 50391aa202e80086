"""`manage.py sandbox` as an operator runs it, in a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from django.conf import settings
from django.core.management import CommandError, call_command

HEADER = "code,name,price,cost_price,quantity,group\n"
MANAGE = Path(settings.BASE_DIR) / "manage.py"


@contextmanager
def serving(*options: str) -> Iterator[tuple[dict[str, str], subprocess.Popen[str]]]:
    """Run the command until the block ends; give the environment lines that it printed."""
    environment = os.environ | {"DATABASE_URL": "mysql://nobody@127.0.0.1:9/none", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, str(MANAGE), "sandbox", *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines: dict[str, str] = {}
    for line in process.stdout:
        name, _, value = line.strip().partition("=")
        lines[name] = value
        if name == "VK_GROUP_ID":
            break
    try:
        yield lines, process
    finally:
        process.kill()
        process.communicate()


def test_it_serves_a_catalogue_without_a_database_until_interrupted(tmp_path: Path) -> None:
    file = tmp_path / "shop.csv"
    file.write_text(HEADER + "16,Чай,130.727272727,95,3,Чаи\n")
    with serving("--catalogue", str(file)) as (lines, process):
        headers = {"Authorization": f"Bearer {lines['EVOTOR_TOKEN']}"}
        base = lines["EVOTOR_API_URL"]
        store = requests.get(f"{base}/stores", headers=headers, timeout=10).json()["items"][0]
        rows = requests.get(f"{base}/stores/{store['id']}/products", headers=headers, timeout=10).json()
        assert [(row["name"], row["price"]) for row in rows["items"]] == [("Чай", 130.727272727)]
        data = {"v": "5.199", "access_token": lines["VK_TOKEN"], "group_id": lines["VK_GROUP_ID"]}
        groups = requests.post(f"{lines['VK_API_URL']}/method/groups.getById", data=data, timeout=10).json()
        assert groups["response"]["groups"][0]["admin_level"] == 3
        assert lines["VK_ID_URL"].startswith("http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
        assert (process.returncode, rest, errors) == (0, "The sandbox has stopped.\n", "")


def test_without_a_file_it_serves_the_invented_shop() -> None:
    with serving() as (lines, _):
        headers = {"Authorization": f"Bearer {lines['EVOTOR_TOKEN']}"}
        stores = requests.get(f"{lines['EVOTOR_API_URL']}/stores", headers=headers, timeout=10).json()
        assert len(stores["items"]) == 2


def test_a_wrong_file_ends_with_a_clear_error(tmp_path: Path) -> None:
    file = tmp_path / "shop.csv"
    file.write_text(HEADER + "16,Чай,дорого,95,3,Чаи\n")
    with pytest.raises(CommandError, match=r"shop\.csv, line 2, column price: 'дорого' is not a number"):
        call_command("sandbox", catalogue=file)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("sandbox", catalogue=tmp_path / "none.csv")


def test_a_taken_port_ends_with_a_clear_error() -> None:
    with serving() as (lines, _):
        port = int(lines["VK_API_URL"].rpartition(":")[2])
        with pytest.raises(CommandError, match="Choose another port"):
            call_command("sandbox", vk_port=port)
    with pytest.raises(CommandError, match="Choose another port"):
        call_command("sandbox", evotor_port=99_999)
