"""Guessed codes and secret addresses."""

import json
import secrets
from collections.abc import Iterable

from tests.attacks.outcome import Outcome
from tests.attacks.town import APP_TOKEN, Town
from tests.attacks.visitors import Answer

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
# Longer than every secret in an address, and shorter, and not of its letters.
SHAPES = (43, 22, 64, 1, 200)


def run(town: Town) -> Iterable[Outcome]:
    """Guess link codes from many till accounts, then addresses that are secrets."""
    yield guessed_link_codes(town)
    yield guessed_addresses(town)


def guessed_link_codes(town: Town, guesses: int = 1500) -> Outcome:
    """Guess as Evotor's forms would, a new till account each time."""
    from connections.models import EvotorConnection

    outcome = Outcome("guessed link codes")
    linked = EvotorConnection.objects.with_owner().count()

    def guess(number: int) -> Answer:
        code = "".join(secrets.choice(LETTERS) for _ in range(10))
        body = json.dumps({"userId": f"01-{number:015}", "linkCode": code}).encode()
        headers = {"Authorization": f"Bearer {APP_TOKEN}", "Content-Type": "application/json"}
        return town.net.send("POST", "/evotor/user/verify", body, headers)

    for number, answer in enumerate(town.net.together(guess, range(guesses))):
        outcome.expect(answer.status in {401, 429}, f"guess {number}: {answer.status} {answer.text[:60]}")
    outcome.expect(EvotorConnection.objects.with_owner().count() == linked, "a till was linked")
    return outcome


def guessed_addresses(town: Town) -> Outcome:
    """Guess a feed, its pictures, a confirmation, a reset, the metrics."""
    outcome = Outcome("guessed secret addresses")
    places = (
        "/feed/{}/goods.yml",
        "/feed/picture/4242/{}/1.jpg",
        "/accounts/confirm-email/{}/",
        "/accounts/password/reset/key/3a-{}/",
        "/vk-id/callback/?code={0}&state={0}",
        "/evotor-oauth/callback/?code={0}&state={0}",
    )
    paths = [
        place.format(secrets.token_urlsafe(size)[:size])
        for place in places
        for size in SHAPES
        for _ in range(12)
    ]
    stranger = town.people["stranger"]

    def guess(path: str) -> tuple[str, Answer]:
        return path, stranger.send("GET", path)

    for path, answer in town.net.together(guess, paths):
        told = town.told_in(answer.text)
        outcome.expect(
            0 < answer.status < 500 and not told and "<yml_catalog" not in answer.text,
            f"{path}: {answer.status} {told[:2]}",
        )
        outcome.expect(not any("sessionid" in line for line in answer.cookies), f"{path} gave a session")
    for path in ("/metrics", "/readyz", "//metrics", "/%6detrics", "/metrics/", "/x/../metrics"):
        for bearer in ("", "wrong"):
            answer = town.net.send("GET", path, None, {"Authorization": f"Bearer {bearer}"})
            outcome.expect(answer.status in {400, 404}, f"{path}: {answer.status}")
    return outcome
