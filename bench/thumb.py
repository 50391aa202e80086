"""Counts what a person does on a page: taps, typed fields and seconds, by leg of the way."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

HEAD = (
    f"| {'Leg':<26} |  Taps | Camera | Typed | Seconds |\n"
    f"|{'-' * 28}|{'-' * 7}|{'-' * 8}|{'-' * 7}|{'-' * 9}|\n"
)
# A telephone's camera asks for two taps of its own: the shutter, and a yes to the picture.
TAPS_OF_CAMERA = 2


@dataclass(slots=True)
class Leg:
    """What one part of the way costs: taps on our pages, and those that the camera asks for itself."""

    name: str
    taps: int = 0
    camera: int = 0
    typed: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        counts = f"{self.taps:>5} | {self.camera:>6} | {self.typed:>5} | {self.seconds:>7.1f}"
        return f"| {self.name:<26} | {counts} |\n"


@dataclass(slots=True)
class Thumb:
    """Taps and types on a page, and counts it for the leg that is being walked."""

    legs: list[Leg] = field(default_factory=list)

    @contextmanager
    def walk(self, name: str) -> Iterator[Leg]:
        """Count what the block does as one leg, and print it."""
        self.legs.append(leg := Leg(name))
        began = time.perf_counter()
        yield leg
        leg.seconds = time.perf_counter() - began
        sys.stdout.write(str(leg))
        sys.stdout.flush()

    def tap(self, target: "Locator") -> None:
        """Press a link, a button or a tick."""
        self.legs[-1].taps += 1
        target.click()

    def type(self, target: "Locator", text: str) -> None:
        """Tap a field and fill it in."""
        self.legs[-1].taps += 1
        self.legs[-1].typed += 1
        target.fill(text)

    def choose(self, target: "Locator", file: Path) -> None:
        """Tap a field for a file; on a phone the list of files opens."""
        self.legs[-1].taps += 1
        target.set_input_files(file)

    def shoot(self, page: "Page", button: "Locator", file: Path) -> None:
        """Tap the button that opens the camera, and take this photo."""
        with page.expect_file_chooser() as opened:
            self.tap(button)
        self.legs[-1].camera += TAPS_OF_CAMERA
        opened.value.set_files(file)

    def open(self, page: "Page", address: str) -> None:
        """Open a link of an email or a QR code."""
        self.legs[-1].taps += 1
        page.goto(address)

    def send(self, page: "Page", action: str) -> None:
        """Press the button of the form that posts to this address."""
        self.tap(page.locator(f"form[action$='{action}'] button[type=submit]").first)

    def follow(self, page: "Page", *paths: str) -> None:
        """Go from page to page by links to these addresses."""
        for path in paths:
            self.tap(page.locator(f"a[href='{path}']:visible").first)
            page.wait_for_url(f"**{path}")
