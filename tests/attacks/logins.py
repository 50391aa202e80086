"""Passwords that are guessed, and questions about who is a customer."""

import re
from collections.abc import Iterable

from tests.attacks.outcome import Outcome
from tests.attacks.town import PASSWORD, Town, person
from tests.attacks.visitors import Answer, Visitor

# The victim's address in other spellings, of which none opens more tries for nothing.
SPELLINGS = [
    "victim@example.com",
    "VICTIM@EXAMPLE.COM",
    " victim@example.com ",
    "victim@example.com.",
    "vi\u200bctim@example.com",
    "victim@ex\u00e4mple.com",
    "\uff56ictim@example.com",
    "victim+x@example.com",
]
GUESSES = 12


def run(town: Town) -> Iterable[Outcome]:
    """Guess from many addresses, then ask at sign-up and at the reset of passwords."""
    yield guessed_passwords(town)
    yield asked_for_customers(town)


def guessed_passwords(town: Town) -> Outcome:
    """Try wrong passwords in every spelling; the owner must still get in, from elsewhere."""
    outcome = Outcome("guessed passwords")

    def guess(case: tuple[str, int]) -> tuple[str, Visitor, Answer]:
        spelling, number = case
        visitor = Visitor(town.net)
        answer = visitor.log_in(spelling, f"{PASSWORD}{number}")
        return spelling, visitor, answer

    todo = [(spelling, number) for spelling in SPELLINGS for number in range(GUESSES)]
    for spelling, visitor, answer in town.net.together(guess, todo):
        outcome.expect(0 < answer.status < 500 and not visitor.has_session, f"{spelling!r}: {answer.status}")
    return outcome


# What differs between two answers for other reasons than who was asked for.
VARIES = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"|nonce="[^"]*"')


def asked_for_customers(town: Town) -> Outcome:
    """Compare what a known and an unknown address are told."""
    from django.db import connection

    outcome = Outcome("who is a customer")
    fields = {"first_name": "A", "last_name": "B", "password1": "a-long-passphrase-7391"}
    pages = {
        "/accounts/signup/": ("email", fields),
        "/accounts/password/reset/": ("email", {}),
        "/accounts/login/": ("login", {"password": "wrong-passphrase-7391"}),
    }
    for page, (field, others) in pages.items():
        for number in range(4):
            told = []
            # Asked for once each: a second email within minutes is sent to nobody, and nobody is told of one.
            name = f"{page.strip('/').rpartition('/')[2]}{number}@example.com"
            known = person(f"known-{name}").email
            connection.close()
            for address in (known, f"other-{name}"):
                visitor = Visitor(town.net)
                visitor.open(page)
                answer = visitor.press(page, {field: address, **others})
                after = visitor.open(answer.location).text if answer.location.startswith("/") else answer.text
                told.append((answer.status, answer.location, VARIES.sub("", after.replace(address, "?"))))
            # After some tries both are told to wait, and not always at once.
            both_wait = 429 in {told[0][0], told[1][0]}
            outcome.expect(told[0] == told[1] or both_wait, f"{page}: {_difference(*told)}")
    return outcome


def _difference(known: tuple[int, str, str], unknown: tuple[int, str, str]) -> str:
    if known[:2] != unknown[:2]:
        return f"{known[:2]} and {unknown[:2]}"
    lines = zip(known[2].splitlines(), unknown[2].splitlines(), strict=False)
    return next((f"{one!r} and {other!r}" for one, other in lines if one != other), "one page is longer")
