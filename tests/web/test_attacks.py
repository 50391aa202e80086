"""The attack scripts attack what is there: every address, and nothing that they could not judge."""

import importlib
from pathlib import Path

import pytest
from django.urls import get_resolver, resolve

from tests.attacks import names
from tests.attacks.__main__ import ATTACKS
from tests.attacks.addresses import OF_THE_SENDER, all_addresses
from tests.attacks.outcome import Outcome
from tests.attacks.visitors import new_address
from tests.web.addresses import named

FOLDER = Path(names.__file__).parent
TOOLS = {"__init__", "__main__", "outcome", "town", "visitors"}


@pytest.mark.once
def test_every_named_address_is_attacked_by_an_address_that_leads_there() -> None:
    addresses = dict(all_addresses())
    assert set(addresses) == {name for name, _entry in named(get_resolver())}
    assert len(addresses) > 250
    assert set(addresses) >= OF_THE_SENDER
    for name, path in addresses.items():
        assert resolve(path).url_name == name.rpartition(":")[2], path


@pytest.mark.once
def test_every_module_is_run_by_make_attack() -> None:
    assert set(ATTACKS) == {file.stem for file in FOLDER.glob("*.py")} - TOOLS
    assert all(callable(importlib.import_module(f"tests.attacks.{name}").run) for name in ATTACKS)


@pytest.mark.once
def test_what_gets_through_is_counted_and_told() -> None:
    outcome = Outcome("doors")
    outcome.expect(True, "the first door")
    outcome.expect(False, "the second door")
    assert (outcome.sent, outcome.through) == (2, ["the second door"])


@pytest.mark.once
@pytest.mark.parametrize(
    ("page", "caught"),
    [
        ("<p><script>alert(7391)</script></p>", True),
        ("<p>&lt;script&gt;alert(7391)&lt;/script&gt;</p>", False),
        ('<a href="javascript:alert(7391)">', True),
        ('<input value="" onmouseover="alert(7391)">', True),
        ('<input value="&quot; onmouseover=&quot;alert(7391)">', False),
        ("<p>14782</p>", True),
        ("<p>{{ 7391*2 }}</p>", False),
    ],
)
def test_a_name_that_a_browser_would_run_is_told_from_one_that_is_text(page: str, caught: bool) -> None:  # noqa: FBT001
    assert bool(names.RUN.search(page) or names.ATTRIBUTE.search(page)) is caught


@pytest.mark.once
def test_no_two_requests_come_from_an_address_that_was_used_up() -> None:
    found = [new_address() for _ in range(1000)]
    assert len(set(found)) == 1000
    assert all(address.startswith("127.") for address in found)
