"""No error of ours is one "that EvoSync does not know yet": every code in the code has its sentence."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from connections.clients.error_catalog import CODES, lookup
from connections.clients.error_catalog.rows import Reaction
from connections.clients.vk.errors import DAY, HOUR, PAUSES

HERE = Path(__file__).resolve().parents[3]
PACKAGES = ("accounts", "catalog", "connections", "syncing")
DOTTED = re.compile(r"(evosync|evotor|evotor_oauth|vk|vk_id)\.[a-z0-9_]+")
# Only the beginnings of codes that end in a status.
BEGINNINGS = {"vk.http_", "evotor.5"}


def trees() -> Iterator[tuple[Path, ast.AST]]:
    for package in PACKAGES:
        for path in sorted((HERE / package).rglob("*.py")):
            if not {"migrations", "sandbox", "management", "admin"} & set(path.parts):
                yield path, ast.parse(path.read_text())


def literals() -> set[str]:
    """Return every code that stands in the code as a string."""
    return {
        node.value
        for _path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and DOTTED.fullmatch(node.value)
    }


def planning_refusals() -> set[str]:
    """Return the codes of what a run cannot begin without."""
    tree = ast.parse((HERE / "syncing/services/planning.py").read_text())
    return {
        str(node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "CannotSync"
        and isinstance(node.args[0], ast.Constant)
    }


@pytest.mark.parametrize("code", sorted((literals() | planning_refusals()) - BEGINNINGS))
def test_every_code_that_we_write_has_its_sentence(code: str) -> None:
    row = CODES[code]
    assert row.text.endswith(".")
    assert row.next_step.endswith(".")
    assert lookup(code) is row


def test_the_search_finds_codes() -> None:
    assert {"evosync.internal", "vk.1403", "evotor.bad_json"} <= literals()
    assert planning_refusals() == {"no_vk", "no_community", "no_evotor"}


def test_the_table_of_outcomes_is_the_dictionarys() -> None:
    shown: dict[str, set[str]] = {}
    for line in (HERE / "docs/outcomes.md").read_text().splitlines():
        if reaction := re.match(r"\| `(\w+)` \|", line):
            codes = line.rstrip("| ").rpartition("| ")[2]
            shown[reaction[1]] = {
                code if service == "own" else f"{service}.{code}"
                for service, names in re.findall(r"(\w+): ([^;]+)", codes)
                for code in re.findall(r"`(\w+)`", names)
            }
    known: dict[str, set[str]] = {reaction.value: set() for reaction in Reaction}
    for row in CODES.values():
        known[row.reaction.value].add(row.code)
    assert shown == known


def test_the_pauses_of_the_table_are_those_that_are_kept() -> None:
    assert PAUSES == {9: 600, 43: 600, 14: 45 * 60, 29: 3 * HOUR, 103: HOUR, 601: DAY}
