"""How long a change or a sale at the till takes to reach VK, in a whole installation, one after another.

`make bench` then sends the deliveries of `bench.webhooks` to the same installation, which takes long to set
up.
"""

import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench import webhooks
from bench.installation import Installation, NotReady, installation, wait_until
from bench.table import Row, at_most, broken, printed, refused
from sandbox.evotor.webhooks import WebhookAnswer, WebhookCall

PUSHES = 5
PRODUCTS = 100
FLURRY = 5
RECEIPTS = 3
MANY_RECEIPTS = 1_000
SENDERS = 8
STOCK = 5_000
MOST_SECONDS = 10.0
# More than the pause that a flurry is waited for.
LONGEST_WAIT = 8.0
LONGEST_FLURRY = 30.0


def main(pushes: int = PUSHES) -> list[str]:
    """Print the median from the push to VK, and its requests; return the broken budgets."""
    return broken(rows_of(pushes))


def rows_of(pushes: int = PUSHES) -> list[Row]:
    """Print the median from the push to VK, and its requests; return the table's rows."""
    try:
        with installation() as found:
            return _measure(found, found.welcome(), pushes)
    except NotReady as error:
        return refused("pushes", [f"could not be measured: {error}"])


def rows_with_webhooks() -> list[Row]:
    """Print what this and then `bench.webhooks` measure in one installation; return the table's rows."""
    try:
        with installation() as found:
            token = found.welcome()
            rows = _measure(found, token, PUSHES)
            return rows + webhooks.measure(found, token, webhooks.A_SECOND, webhooks.SECONDS)
    except NotReady as error:
        return refused("pushes", [f"could not be measured, nor webhooks: {error}"])


def _measure(found: Installation, token: str, pushes: int) -> list[Row]:
    box = found.box
    store = box.evotor.add_store("Лавка")
    group = box.evotor.add_group(store.id, "Посуда").id
    ids = [
        box.evotor.add_product(store.id, f"Кружка {n}", parent_id=group, price=100 + n, quantity=STOCK).id
        for n in range(PRODUCTS)
    ]
    found.manage("configure", "bench@example.com", "price_hold_percent=")
    found.manage("sync", "bench@example.com", "--approve")
    wait_until(lambda: len(_items(box)) == PRODUCTS, "the first sync made too few items")
    calls = found.webhooks()
    seconds: list[float] = []
    requests: list[int] = []
    for number in range(pushes):
        product, price = ids[number], 1_000 + number
        before = box.vk.requests
        box.evotor.edit_product(store.id, product, price=price)
        seconds.append(_push(found, calls.products(store.id, [product], user_token=token), price))
        # The run ends a moment after its last write; what follows belongs to it.
        time.sleep(1)
        requests.append(box.vk.requests - before)
    median = statistics.median(seconds)
    sys.stdout.write(
        f"push to VK, {found.kind}: {pushes} pushes in a shop of {PRODUCTS}: median {median:.1f} s, "
        f"fastest {min(seconds):.1f} s, slowest {max(seconds):.1f} s (5 s of it wait for the flurry to end); "
        f"{statistics.median(requests):.0f} VK requests each\n"
    )
    return [
        _seconds("from a push to VK", median),
        _flurry(found, store.id, ids, token, max(requests)),
        _receipts(found, store.id, ids[0]),
        _many_receipts(found, store.id, ids),
    ]


def _seconds(what: str, median: float) -> Row:
    return printed("pushes", f"{what}, median", f"{median:.1f} s", f"< {MOST_SECONDS:.0f} s")


def _push(found: Any, call: WebhookCall, price: int) -> float:
    """Push a product with a new price; return the seconds until VK shows it."""
    started = time.perf_counter()
    answer = found.webhooks().send(call)
    if answer.status != 200:  # noqa: PLR2004 - Evotor takes nothing else for a success
        raise NotReady(f"a push was answered with {answer.status}")
    wait_until(lambda: price * 100 in _prices(found.box), f"the price {price} did not come to VK")
    return time.perf_counter() - started


def _flurry(found: Any, store_id: str, ids: list[str], token: str, one: int) -> Row:
    """Push several changes within two seconds: one run has to do for all of them."""
    calls, box = found.webhooks(), found.box
    before, started = box.vk.requests, time.perf_counter()
    for number in range(FLURRY):
        box.evotor.edit_product(store_id, ids[-1 - number], price=5_000 + number)
        calls.send(calls.products(store_id, [ids[-1 - number]], user_token=token))
        time.sleep(0.4)
    wanted = {(5_000 + number) * 100 for number in range(FLURRY)}
    wait_until(lambda: wanted <= _prices(box), "a flurry of pushes did not come to VK")
    seconds = time.perf_counter() - started
    time.sleep(1)
    used = box.vk.requests - before
    sys.stdout.write(
        f"  {FLURRY} pushes within 2 s: all in VK {seconds:.1f} s after the first, {used} VK requests\n"
    )
    return at_most("pushes", f"{FLURRY} pushes within 2 s, requests to VK", used, one)


def _receipts(found: Any, store_id: str, product_id: str) -> Row:
    """Sell one piece at a time; measure from each receipt to VK's stock."""
    calls, box, seconds = found.webhooks(), found.box, []
    for number in range(1, RECEIPTS + 1):
        box.evotor.sell(store_id, product_id)
        started = time.perf_counter()
        _accepted(calls.send(calls.document(store_id, {product_id: 1})))
        _wait_for_stock(box, STOCK - number)
        seconds.append(time.perf_counter() - started)
        time.sleep(1)
    median = statistics.median(seconds)
    sys.stdout.write(
        f"  {RECEIPTS} receipts: in VK after {median:.1f} s (median), {max(seconds):.1f} s at most\n"
    )
    return _seconds("from a receipt to VK's stock", median)


def _many_receipts(found: Any, store_id: str, ids: list[str]) -> Row:
    """Send a thousand receipts as fast as the site takes them; count how often the store is read."""
    calls, box = found.webhooks(), found.box
    product_id = ids[1]
    sold = [calls.document(store_id, {product_id: 1}) for _number in range(MANY_RECEIPTS)]
    box.evotor.sell(store_id, product_id, MANY_RECEIPTS)
    path = f"/stores/{store_id}/products"
    before = sum(call.path == path for call in box.evotor.calls)
    started = time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as pool:
        for answer in pool.map(calls.send, sold):
            _accepted(answer)
    sent = time.perf_counter() - started
    _wait_for_stock(box, STOCK - MANY_RECEIPTS)
    seconds = time.perf_counter() - started
    # A run that follows for the last receipts has time to begin.
    time.sleep(LONGEST_WAIT)
    readings = sum(call.path == path for call in box.evotor.calls) - before
    sys.stdout.write(
        f"  {MANY_RECEIPTS} receipts sent in {sent:.1f} s: in VK {seconds:.1f} s after the first, "
        f"{readings} reading{'' if readings == 1 else 's'} of the store\n"
    )
    # Where sending takes longer than a flurry is waited for, there are more.
    most = 1 if sent <= LONGEST_FLURRY else readings
    return at_most("pushes", f"{MANY_RECEIPTS:,} receipts at once, readings of the store", readings, most)


def _accepted(answer: WebhookAnswer) -> None:
    if answer.status != 200:  # noqa: PLR2004 - Evotor takes nothing else for a success
        raise NotReady(f"a receipt was answered with {answer.status}")


def _items(box: Any) -> list[Any]:
    with box.vk.lock:
        found = list(box.vk.communities[box.group_id].items.values())
    return [item for item in found if item.deleted_at is None]


def _wait_for_stock(box: Any, stock: int) -> None:
    wait_until(lambda: stock in _stocks(box), f"the stock {stock} did not come to VK")


def _stocks(box: Any) -> set[int]:
    return {item.stock for item in _items(box)}


def _prices(box: Any) -> set[int]:
    return {item.price_kopecks for item in _items(box)}


if __name__ == "__main__":
    sys.exit("\n".join(main(int(sys.argv[1]) if len(sys.argv) > 1 else PUSHES)) or None)
