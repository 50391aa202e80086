"""Foreign ids, by every role and method, over all addresses of the site."""

import re
from collections.abc import Iterable

from tests.attacks.outcome import Outcome
from tests.attacks.town import FIRST_ID, Town, state_of
from tests.attacks.visitors import FORM, SITE, Answer

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
# What stands for a part of an address that is no number.
TEXTS = {
    "app_label": "catalog",
    "store_id": "20240115-AAAA-40BB-80CC-000000000001",
    "uidb36": "3a",
    "key": "MQ:1abcde:guessed-signature",
    "token": "guessed-token",
    "version": "1",
    "code": "1",
    "url": "door",
    "path": "door",
    "language": "ru",
}
# They end the sender's own session, which is their right.
OF_THE_SENDER = {"account_logout"}


def all_addresses() -> list[tuple[str, str]]:
    """Return every named address with its name, foreign ids filled in."""
    from django.urls import NoReverseMatch, get_resolver, reverse
    from django.urls.converters import IntConverter

    from tests.web.addresses import named

    found: dict[tuple[str, str], None] = {}
    for name, entry in named(get_resolver()):
        route = str(entry.pattern)
        arguments: dict[str, object] = {}
        for argument, converter in getattr(entry.pattern, "converters", {}).items():
            is_number = isinstance(converter, IntConverter)
            arguments[argument] = FIRST_ID if is_number else TEXTS.get(argument, FIRST_ID)
        for argument in re.findall(r"\(\?P<(\w+)>", route):
            arguments[argument] = TEXTS.get(argument, FIRST_ID)
        try:
            found[name, reverse(name, kwargs=arguments)] = None
        except NoReverseMatch:
            raise AssertionError(f"no address for {name}: {arguments}") from None
    return list(found)


def run(town: Town) -> Iterable[Outcome]:
    """Send each method to each address as each role; the victim's things must neither show nor change."""
    outcome = Outcome("foreign ids × roles × methods")
    before = state_of(town.victim)
    addresses = [(name, path) for name, path in all_addresses() if name not in OF_THE_SENDER]
    todo = [
        (role, method, name, path) for role in town.people for method in METHODS for name, path in addresses
    ]

    def send(case: tuple[str, str, str, str]) -> tuple[tuple[str, str, str, str], Answer]:
        role, method, _name, path = case
        visitor = town.people[role]
        changes = method in {"POST", "PUT", "PATCH", "DELETE"}
        # With an honest token where the address names a row, so that the view itself has to refuse.
        token = visitor.token if changes and str(FIRST_ID) in path else ""
        body = f"csrfmiddlewaretoken={token}".encode() if changes else None
        return case, visitor.send(
            method, path, headers={"Content-Type": FORM, "Origin": SITE, "Referer": SITE + path}, body=body
        )

    for (role, method, name, path), answer in town.net.together(send, todo):
        told = town.told_in(answer.text)
        what = f"{role} {method} {path} ({name}): {answer.status} {told[:2]}"
        outcome.expect(0 < answer.status < 500 and not told, what)
    outcome.expect(state_of(town.victim) == before, "the victim's rows have changed")
    outcome.note = f"{len(addresses)} addresses × {len(town.people)} roles × {len(METHODS)} methods"
    yield outcome
