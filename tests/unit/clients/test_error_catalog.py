"""Every error code has a name, a sentence and a next step, and docs/outcomes.md lists them all."""

import ast
import re
from pathlib import Path

import pytest

from connections.clients.error_catalog import (
    CODES,
    EvotorError,
    EvotorOAuthError,
    OwnError,
    VkError,
    VkIdError,
    lookup,
)
from connections.clients.error_catalog.rows import Reaction
from connections.clients.vk.errors import DAY, HOUR, PAUSES

HERE = Path(__file__).resolve().parents[3]
PACKAGES = ("accounts", "catalog", "connections", "evosync", "syncing")
DOTTED = re.compile(
    r"(evotor|evotor_oauth|vk|vk_id)\.[a-z0-9_]+|evosync\.internal|no_vk|no_community|no_evotor"
)
# Where a string may begin with one: to take a module apart takes long, and few have any.
WRITTEN = re.compile(rf"""["'}}](?:{DOTTED.pattern})""")
LISTED: frozenset[str] = frozenset(
    code for codes in (VkError, VkIdError, EvotorError, EvotorOAuthError, OwnError) for code in codes
)
# Only the beginnings of codes that end in a status.
BEGINNINGS = {"vk.http_", "evotor.5"}


def literals() -> set[tuple[str, str]]:
    """Return every code that stands in the code as a string, with its module."""
    return {
        (str(path.relative_to(HERE)), node.value)
        for package in PACKAGES
        for path in (HERE / package).rglob("*.py")
        if "migrations" not in path.parts and path.name != "codes.py"
        if WRITTEN.search(text := path.read_text())
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and DOTTED.fullmatch(node.value)
    }


@pytest.mark.parametrize("code", sorted(LISTED))
def test_every_listed_code_has_its_sentence(code: str) -> None:
    row = CODES[code]
    assert row.text.endswith(".")
    assert row.next_step.endswith(".")
    assert lookup(code) is row


def test_every_row_of_the_catalogue_has_a_listed_code() -> None:
    assert set(CODES) == LISTED


def test_no_module_writes_a_code_as_a_string() -> None:
    assert {(path, code) for path, code in literals() if code not in BEGINNINGS} == set()


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
    assert PAUSES == {
        "vk.9": 600,
        "vk.43": 600,
        "vk.14": 45 * 60,
        "vk.3300": 45 * 60,
        "vk.29": 3 * HOUR,
        "vk.103": HOUR,
        "vk.601": DAY,
    }
