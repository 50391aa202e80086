"""Forged forms: every button of the site, pressed from somebody else's page in a merchant's browser."""

from collections.abc import Iterable

from tests.attacks.addresses import all_addresses
from tests.attacks.outcome import Outcome
from tests.attacks.town import Town, state_of
from tests.attacks.visitors import SITE, Answer, Visitor

EVIL = "https://evil.example"
OURS, THEIRS = {"Origin": SITE, "Referer": f"{SITE}/"}, {"Origin": EVIL, "Referer": f"{EVIL}/"}
KINDS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "no token": ({}, OURS),
    "no token, no origin": ({}, {}),
    "a made-up token": ({"csrfmiddlewaretoken": "a" * 64}, OURS),
    "another visitor's token": ({"csrfmiddlewaretoken": "other"}, OURS),
    "the right token from another site": (
        {"csrfmiddlewaretoken": "own"},
        THEIRS,
    ),
    "the right token from nowhere": ({"csrfmiddlewaretoken": "own"}, {"Origin": "null"}),
    "the right token, a look-alike": (
        {"csrfmiddlewaretoken": "own"},
        {"Origin": f"{SITE}.evil.example", "Referer": f"{SITE}.evil.example/"},
    ),
    "the right token without a referer": ({"csrfmiddlewaretoken": "own"}, {}),
}
# The refusal of a forged form, of another method, of what is not there, and of somebody who asks too often.
REFUSALS = {403, 404, 405, 429}


def run(town: Town) -> Iterable[Outcome]:
    """Press every button in each of the ways; nothing may happen."""
    outcome = Outcome("forged forms")
    merchant, stranger = town.people["merchant"], Visitor(town.net)
    stranger.open("/accounts/login/")
    before = state_of(town.merchant)
    paths = [path for name, path in all_addresses() if not name.startswith("webhooks:")]
    todo = [(kind, path) for kind in KINDS for path in paths]

    def send(case: tuple[str, str]) -> tuple[tuple[str, str], Answer]:
        kind, path = case
        fields, headers = KINDS[kind]
        tokens = {"own": merchant.token, "other": stranger.token}
        filled = {name: tokens.get(value, value) for name, value in fields.items()}
        pressed = {**filled, "enabled": "on", "confirm": "on"}
        return case, merchant.send("POST", path, pressed, headers=headers)

    for (kind, path), answer in town.net.together(send, todo):
        outcome.expect(answer.status in REFUSALS, f"{kind}: POST {path}: {answer.status}")
    outcome.expect(state_of(town.merchant) == before, "the merchant's rows have changed")
    outcome.note = f"{len(paths)} addresses × {len(KINDS)} ways"
    yield outcome
