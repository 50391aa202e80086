"""Strange webhooks: bodies that no program should send, and callers who are not Evotor."""

from collections.abc import Iterable

from tests.attacks.outcome import Outcome
from tests.attacks.town import APP_TOKEN, Town, state_of
from tests.attacks.visitors import Answer

CALLERS = [
    "",
    "Bearer",
    "Bearer ",
    "Bearer wrong",
    f"Bearer {APP_TOKEN[:-1]}",
    f"Bearer {APP_TOKEN}x",
    f"Bearer {APP_TOKEN.upper()}x",
    f"Basic {APP_TOKEN}",
    f"Token {APP_TOKEN}",
    "Bearer null",
    "Bearer undefined",
    "Bearer 0",
    "Bearer ' OR 1=1 --",
    "Bearer \u00e9",
    f"Bearer {'A' * 5000}",
]


def run(town: Town) -> Iterable[Outcome]:
    """Deliver each body to each address with the right token, and a good body with each wrong one."""
    from connections.models import WebhookEvent
    from tests.web.webhooks.test_webhooks_bad_bodies import BODIES, PATHS, STORE, body_with

    before, events = state_of(town.victim), WebhookEvent.objects.count()
    common = {"Content-Type": "application/json", "X-Evotor-User-Id": "01-1", "X-Evotor-Store-Uuid": STORE}

    def send(case: tuple[str, str, bytes, str]) -> tuple[tuple[str, str, bytes, str], Answer]:
        _name, path, body, caller = case
        headers = common | ({"Authorization": caller.encode().decode("latin-1")} if caller else {})
        return case, town.net.send("POST", path, body, headers)

    strange = Outcome("strange webhooks")
    todo = [(name, path, body, f"Bearer {APP_TOKEN}") for path in PATHS for name, body in BODIES.items()]
    for (name, path, _body, _caller), answer in town.net.together(send, todo):
        strange.expect(400 <= answer.status < 500, f"{name} to {path}: {answer.status}")
    strange.note = f"{len(BODIES)} bodies × {len(PATHS)} addresses"
    yield strange

    foreign = Outcome("webhooks of a stranger")
    good = body_with("1").encode()
    todo = [(caller, path, good, caller) for path in PATHS for caller in CALLERS]
    for (_name, path, _body, caller), answer in town.net.together(send, todo):
        foreign.expect(answer.status in {400, 401}, f"{caller[:30]!r} to {path}: {answer.status}")
    for path in PATHS:
        for headers in ({"Origin": "https://evil.example"}, {"X-HTTP-Method-Override": "PUT"}):
            answer = town.net.send("POST", path, good, common | headers)
            foreign.expect(answer.status == 401, f"{headers} to {path}: {answer.status}")
    foreign.expect(WebhookEvent.objects.count() == events, "an event was kept")
    foreign.expect(state_of(town.victim) == before, "the victim's rows have changed")
    yield foreign
