"""How quickly Evotor's deliveries are answered by a whole installation, at fifty a second."""

import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

from bench.installation import Installation, NotReady, installation
from bench.table import Row, broken, exactly, printed, refused
from sandbox.evotor.webhooks import WebhookCall

A_SECOND = 50
SECONDS = 20
THREADS = 64
MOST_SECONDS = 1.0
PRODUCTS_IN_A_PUSH = 20


def main(a_second: int = A_SECOND, seconds: int = SECONDS) -> list[str]:
    """Print the answers' median, 95th part in 100 and slowest; return the broken budgets."""
    return broken(rows_of(a_second, seconds))


def rows_of(a_second: int = A_SECOND, seconds: int = SECONDS) -> list[Row]:
    """Print the answers' median, 95th part in 100 and slowest; return the table's rows."""
    try:
        with installation() as found:
            return measure(found, found.welcome(), a_second, seconds)
    except NotReady as error:
        return refused("webhooks", [f"could not be measured: {error}"])


def measure(found: Installation, token: str, a_second: int, seconds: int) -> list[Row]:
    """Deliver to an installation whose merchant has this token; return the table's rows."""
    total = a_second * seconds
    store = found.box.evotor.add_store("Лавка")
    ids = [found.box.evotor.add_product(store.id, f"Кружка {n}", price=100).id for n in range(200)]
    calls = list(islice(_mixture(found, store.id, ids, token), total))
    begin = time.perf_counter() + 0.5
    with ThreadPoolExecutor(THREADS) as pool:
        moments = [begin + number / a_second for number in range(total)]
        results = list(pool.map(lambda call, at: _deliver(found, at, call), calls, moments))
    answers = sorted(1000 * seconds for _status, seconds in results)
    others = Counter(status for status, _seconds in results if status != 200)  # noqa: PLR2004
    sys.stdout.write(
        f"webhooks, {found.kind}: {total} deliveries, {a_second} a second: "
        f"median {statistics.median(answers):.0f} ms, 95 % within {answers[int(0.95 * total)]:.0f} ms, "
        f"slowest {answers[-1]:.0f} ms, {sum(others.values())} not answered with 200\n"
    )
    return [
        exactly("webhooks", f"{a_second} a second, not answered with 200", sum(others.values()), 0),
        printed(
            "webhooks",
            f"{a_second} a second, answers: median, 95 % within, slowest",
            f"{statistics.median(answers):.0f}, {answers[int(0.95 * total)]:.0f}, {answers[-1]:.0f} ms",
            f"≤ {1000 * MOST_SECONDS:.0f} ms",
        ),
    ]


def _deliver(found: Installation, at: float, call: WebhookCall) -> tuple[int, float]:
    """Deliver at the appointed time; a caller that comes late itself counts as waiting."""
    time.sleep(max(0.0, at - time.perf_counter()))
    try:
        status = found.webhooks().send(call).status
    except OSError:
        status = 0
    return status, time.perf_counter() - at


def _mixture(found: Installation, store_id: str, ids: list[str], token: str) -> Iterator[WebhookCall]:
    """Yield what Evotor sends on a busy day: mostly pushes, with events of many strangers between them."""
    calls, chance = found.webhooks(), random.Random(1)
    number = 0
    while True:
        number += 1
        stranger = f"01-{number:015}"
        match number % 10:
            case 1:
                yield calls.subscription_event(
                    "SubscriptionRenewed", stranger, subscription_id=f"subscription-{number}"
                )
            case 2:
                yield calls.installation_event("ApplicationInstalled", stranger)
            case 3:
                yield calls.user_token(stranger, token=f"token-{number:032}")
            case 4:
                yield calls.user_create(stranger)
            case _:
                chosen: list[Any] = chance.sample(ids, PRODUCTS_IN_A_PUSH)
                yield calls.products(store_id, chosen, user_token=token)


if __name__ == "__main__":
    sys.exit("\n".join(main()) or None)
