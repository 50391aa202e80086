"""Every tick and radio of our forms looks alike, alone or one of several."""

import re

import pytest
from django.test import Client
from django.urls import reverse

TICK = re.compile(r"<input[^>]*type=\"(?:checkbox|radio)\"[^>]*>|<input[^>]*type='(?:checkbox|radio)'[^>]*>")


@pytest.mark.once
@pytest.mark.parametrize(
    "name", ["syncing:rules", "syncing:notifications", "catalog:list", "accounts:profile", "accounts:delete"]
)
def test_a_tick_has_the_look_of_the_others(name: str, owner: Client) -> None:
    ticks = TICK.findall(owner.get(reverse(name)).content.decode())
    assert ticks
    assert [tick for tick in ticks if "form-check-input" not in tick] == []
