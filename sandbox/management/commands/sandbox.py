"""`manage.py sandbox`: serves the stand-ins for Evotor and VK until Ctrl-C."""

import signal
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sandbox import Sandbox
from sandbox.catalogue_csv import CatalogueFileError, load_catalogue
from sandbox.demo.catalogue import fill_with_demo


class Command(BaseCommand):
    """Serves both stand-ins on loopback and prints how to reach them. Needs no database."""

    help = "Serves stand-ins for Evotor and VK until Ctrl-C, and prints their addresses and tokens."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--catalogue",
            type=Path,
            metavar="FILE.csv",
            help="The till's goods: UTF-8 CSV, columns code, name, price, cost_price, quantity, group. "
            "Without it the till has a shop of our own invention.",
        )
        parser.add_argument("--evotor-port", type=int, default=0, metavar="N", help="0 chooses a free port.")
        parser.add_argument("--vk-port", type=int, default=0, metavar="N", help="0 chooses a free port.")
        parser.add_argument(
            "--vk-rate", type=int, default=3, metavar="N", help="VK's limit of requests a second; 0 for none."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the catalogue, serve, wait for Ctrl-C or SIGTERM, stop."""
        try:
            box = Sandbox(
                evotor_port=options["evotor_port"], vk_port=options["vk_port"], vk_rate=options["vk_rate"]
            )
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"A port cannot be opened: {error}. Nothing is served. Choose another port."
            ) from None
        box.vk_id.rules.any_redirect = True
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        with box:
            self._fill(box, options["catalogue"])
            self.stdout.write(self._describe(box))
            self.stdout.flush()
            stop.wait()
        self.stdout.write("The sandbox has stopped.")

    def _fill(self, box: Sandbox, catalogue: Path | None) -> None:
        if catalogue is None:
            fill_with_demo(box.evotor)
            return
        try:
            load_catalogue(box.evotor, catalogue)
        except CatalogueFileError as error:
            raise CommandError(f"{error} Nothing is served. Correct the file and start again.") from None

    def _describe(self, box: Sandbox) -> str:
        products = sum(len(store.products) for store in box.evotor.stores.values())
        stores = len(box.evotor.stores)
        lines = [
            f"Evotor is at {box.evotor_url}, VK and VK ID at {box.vk_url}. Ctrl-C stops both.",
            f"The till has {products} products in {stores} store(s). The VK community is {box.group_id}.",
            "",
            f"EVOTOR_API_URL={box.evotor_url}",
            f"VK_API_URL={box.vk_url}",
            f"VK_ID_URL={box.vk_id_url}",
            f"VK_CLIENT_ID={box.vk_app.client_id}",
            f"VK_CLIENT_SECRET={box.vk_app.client_secret}",
            f"EVOTOR_TOKEN={box.evotor_token}",
            f"VK_TOKEN={box.vk_token}",
            f"VK_GROUP_ID={box.group_id}",
        ]
        return "\n".join(lines)
