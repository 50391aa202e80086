"""`manage.py demo_price 777`: changes a price in the running demo's till and waits until VK shows it."""

import json
import math
import time
import urllib.error
import urllib.request
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from sandbox.demo.lock import Running, demo_folder, find_running

PATIENCE_SECONDS = 120.0


class Command(BaseCommand):
    help = "Change a price in the till of the demo that runs in another terminal, and watch VK."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("price", type=float, help="the new price in roubles, for example 777")

    def handle(self, *args: Any, **options: Any) -> None:
        price = round(options["price"], 2)
        if not math.isfinite(price) or price <= 0:
            raise CommandError("The price must be above zero, for example 777.")
        demo = find_running(demo_folder())
        if demo is None:
            raise CommandError("No demo runs in this folder. Start it in another terminal: make demo")
        if not demo.product_id:
            raise CommandError("The demo is still at work. Wait until it says that it is ready.")
        try:
            self._change(demo, price)
        except (urllib.error.URLError, OSError) as error:
            raise CommandError(f"The demo does not answer: {error}. Is it ending?") from None

    def _change(self, demo: Running, price: float) -> None:
        before = price_in_vk(demo)
        self.stdout.write(f"Till: {demo.title}: now {price:.2f} (VK shows {before:.2f})")
        self.stdout.flush()
        started = time.monotonic()
        ask(f"{demo.evotor}/_sandbox/edit", {"product_id": demo.product_id, "changes": {"price": price}})
        while (shown := price_in_vk(demo)) != price:
            if time.monotonic() - started > PATIENCE_SECONDS:
                raise CommandError(f"VK still shows {shown:.2f}. Look at the history: {demo.site}history/")
            time.sleep(0.2)
        self.stdout.write(f"VK:   {demo.title}: {shown:.2f} after {time.monotonic() - started:.1f} s")


def price_in_vk(demo: Running) -> float:
    """Return the price of the demo's product in the stand-in of VK, in roubles; NaN where it is not there."""
    items = ask(f"{demo.vk}/_sandbox/items")
    kopecks = next((one["price_kopecks"] for one in items if one["title"] == demo.title), math.nan)
    return float(kopecks) / 100


def ask(address: str, body: dict[str, Any] | None = None) -> Any:
    """Ask a stand-in's control endpoint; with a body, by POST."""
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(address, data=data, timeout=30) as answer:  # noqa: S310 - the demo's loopback
        return json.load(answer)
