"""Lets merchants live one after the other, and reports."""

import sys
import time

from bench.soak.clock import Clock, simulated
from bench.soak.figures import Figures
from bench.soak.shopkeeper import Shopkeeper

DAYS = 2_000
DAYS_OF_A_MERCHANT = 20


def simulate(days: int = DAYS, first: int = 0) -> list[str]:
    """Simulate so many merchant-days, with merchants from number `first` on; return what is broken."""
    clock, figures = Clock(), Figures()
    started = time.process_time()
    with simulated(clock):
        for number in range(first, first - (-days // DAYS_OF_A_MERCHANT)):
            shopkeeper = Shopkeeper(number, clock, figures)
            try:
                for _ in range(min(DAYS_OF_A_MERCHANT, days - figures.days)):
                    shopkeeper.day()
                shopkeeper.settle()
            finally:
                shopkeeper.close()
    accuracy = 100.0 * (1 - len(figures.wrong) / max(1, figures.compared))
    sys.stdout.write(
        f"soak: {figures.days} merchant-days, {figures.runs} runs "
        f"({', '.join(f'{status} {number}' for status, number in figures.statuses.most_common())}), "
        f"{figures.faults.total()} faults of {len(figures.faults)} kinds, {figures.writes} writes looked at, "
        f"{time.process_time() - started:.0f} s of processor\n"
        f"soak: accuracy {accuracy:.2f} % of {figures.compared} products, {len(figures.twice)} seen twice, "
        f"{len(figures.forbidden)} forbidden ever visible, {len(figures.stuck)} stuck, "
        f"{figures.left_hidden} left hidden\n"
    )
    return [*figures.wrong, *figures.twice, *figures.forbidden, *figures.stuck]
