"""Where a page stands: the main menu, or the profile's button, marks one place for each of them."""

from types import SimpleNamespace

import pytest
from django.template import engines
from django.test import RequestFactory

from tests.web.addresses import pages

FRAME = engines["django"].from_string(
    '{% load ui %}{% include "components/navigation.html" %}'
    '<a {% current_if "accounts:" "account_" "mfa_" "usersessions_" %}></a>'
)


@pytest.mark.once
@pytest.mark.parametrize("name", sorted(pages()))
def test_a_page_stands_at_one_place_of_the_menu(name: str) -> None:
    request = RequestFactory().get("/")
    request.resolver_match = SimpleNamespace(view_name=name)  # type: ignore[assignment]
    assert FRAME.render({"request": request}, request).count('aria-current="page"') == 1
