"""Buttons of pages that are pressed in the same moment, each in a tab of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection
from django.test import Client

from tests.web.shop import Shop

Press = Callable[[], Any]


def tab(shop: Shop) -> Client:
    """Return another tab of the shop's owner, who reads English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(shop.user)
    return client


def at_once(presses: Sequence[Press]) -> list[str]:
    """Press all in the same moment; return the pages that the merchant sees."""
    barrier = Barrier(len(presses))

    def press(act: Press) -> str:
        barrier.wait(timeout=60)
        try:
            return str(act().content.decode())
        finally:
            connection.close()

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(press, presses))
