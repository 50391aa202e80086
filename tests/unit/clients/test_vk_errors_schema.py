"""Every error that VK's schema lists for our methods: our row reacts to it and says what VK means by it."""

import ast
import functools
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connections.clients.error_catalog import CODES, lookup
from connections.clients.error_catalog.rows import Reaction
from sandbox.vk.errors import TEXTS

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = Path(os.environ.get("EVOSYNC_SHARED") or ROOT.parent / "shared") / "contracts/vk-api-schema"
CALLS = ROOT / "connections/clients/vk/calls.py"
METHOD = re.compile(r"(market|groups|users|photos)\.\w+")
WORD = re.compile(r"[a-z]{4,}")
# Errors of one call although VK calls them global: they are about what was sent.
ABOUT_ONE_CALL = {100, 300}
# What VK says too tersely, or in a programmer's words, and we say otherwise; our text must hold these.
OURS: dict[int, str] = {
    2: "switched EvoSync's registration off",
    5: "let EvoSync in",
    6: "too fast",
    7: "may not manage",
    8: "did not understand",
    9: "too many similar calls",
    10: "internal error",
    11: "mode",
    12: "batch",
    13: "batch",
    14: "a person is behind",
    15: "does not allow",
    16: "encrypted",
    17: "confirm",
    18: "deleted or blocked",
    20: "kind of registration",
    21: "other kinds of registration",
    23: "switched the method off",
    27: "community",
    28: "belongs to an app",
    29: "limit",
    33: "does not have",
    34: "version",
    35: "updated",
    37: "blocked",
    38: "EvoSync's registration",
    39: "connected account",
    40: "connected community",
    41: "registered",
    42: "address",
    43: "switched this section off",
    100: "did not accept a value",
    101: "registration",
    200: "photos",
    203: "manage the community",
    205: "community's goods",
    260: "hides the list",
    1114: "anonymous token is out of date",
    1116: "anonymous token is wrong",
    1117: "run out",
    1118: "another address",
    1400: "no longer bring",
    1402: "no longer there",
    1403: "no longer there",
    1404: "already",
    1405: "as many goods",
    1406: "as many goods",
    1407: "as many albums",
    1408: "link",
    1409: "extended shop",
    1438: "turned off",
    1525: "turned off",
    1526: "Services are turned off",
    1431: "on already",
    1432: "off already",
    1457: "could not be set",
    1458: "could not be unset",
    1518: "not removed",
    3300: "a person is behind",
    3303: "one-time code",
    3305: "confirm",
    3609: "renewed",
    3610: "switched off",
    3611: "switched the service off",
    9999: "kind of request",
    11500: "check",
}


def _schema() -> dict[int, dict[str, Any]]:
    errors = json.loads((SCHEMA / "errors.json").read_text())["errors"]
    return {error["code"]: error | {"name": name} for name, error in errors.items()}


@functools.cache
def our_methods() -> set[str]:
    """Return the names of the methods that the client calls."""
    nodes = ast.walk(ast.parse(CALLS.read_text()))
    return {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and METHOD.fullmatch(node.value)
    } | {"execute"}


def listed() -> Iterator[int]:
    """Yield the codes that our methods may answer with: their own, and those of every method."""
    schema = _schema()
    by_name = {error["name"]: code for code, error in schema.items()}
    yield from (code for code, error in schema.items() if error.get("global"))
    for folder in ("market", "groups", "users", "photos", "execute"):
        for method in json.loads((SCHEMA / folder / "methods.json").read_text())["methods"]:
            if method["name"] in our_methods():
                yield from (by_name[error["$ref"].rpartition("/")[2]] for error in method.get("errors", ()))


def stems(text: str) -> set[str]:
    """Return the beginnings of the longer words of a sentence."""
    return {word[:5] for word in WORD.findall(text.lower())}


# Global errors of parts of VK that no method of ours touches.
ELSEWHERE = {
    "api_error_votes_permission",
    "api_error_ads_permission",
    "api_error_ads_specific",
    "api_error_access_audio",
    "api_error_param_timestamp",
}


@pytest.fixture
def schema() -> dict[int, dict[str, Any]]:
    if not SCHEMA.is_dir():
        pytest.skip(f"{SCHEMA} is not there; set EVOSYNC_SHARED to the folder of shared facts")
    return _schema()


def codes(schema: dict[int, dict[str, Any]]) -> list[int]:
    return sorted({code for code in listed() if schema[code]["name"] not in ELSEWHERE})


def test_every_error_of_our_methods_has_a_row(schema: dict[int, dict[str, Any]]) -> None:
    assert len(codes(schema)) > 70
    assert [code for code in codes(schema) if f"vk.{code}" not in CODES] == []


def test_an_error_of_every_method_is_never_held_against_one_item(schema: dict[int, dict[str, Any]]) -> None:
    found = {code for code in codes(schema) if schema[code].get("global")}
    of_items = {code for code in found if lookup(f"vk.{code}").reaction is Reaction.ITEM}
    assert of_items <= ABOUT_ONE_CALL


def test_an_error_of_the_market_takes_no_connection_offline(schema: dict[int, dict[str, Any]]) -> None:
    for code in (code for code in schema if 1400 <= code < 1600):
        assert lookup(f"vk.{code}").reaction in (Reaction.ITEM, Reaction.MERCHANT), code


def test_our_sentences_say_what_the_schema_means(schema: dict[int, dict[str, Any]]) -> None:
    market = [code for code in schema if 1400 <= code < 1600]
    wrong = []
    for code in sorted({*codes(schema), *market}):
        text, means = lookup(f"vk.{code}").text, schema[code]["description"]
        agrees = OURS[code].lower() in text.lower() if code in OURS else stems(text) & stems(means)
        if not agrees:
            wrong.append(f"{code}: {means!r} is {text!r}")
    assert "\n".join(wrong) == ""


def test_no_row_stands_for_a_number_that_the_schema_does_not_know(schema: dict[int, dict[str, Any]]) -> None:
    numbers = {int(code.removeprefix("vk.")) for code in CODES if re.fullmatch(r"vk\.\d+", code)}
    assert numbers - set(schema) == set()


def test_the_sandbox_says_what_the_schema_says(schema: dict[int, dict[str, Any]]) -> None:
    assert {code: schema[code]["description"] for code in TEXTS} == dict(TEXTS)
    assert set(codes(schema)) <= set(TEXTS)
