"""Looks over the shoulder of a browser page: width, console, requests, accessibility."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import ConsoleMessage, Page, Request

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
GRAVE = {"serious", "critical"}


class Watch:
    """Collects what a page must not do; `look` also inspects the page that is open now."""

    def __init__(self, page: Page, own: str) -> None:
        self.page = page
        self.faults: list[str] = []
        self.looked_at: list[str] = []
        self._own = own
        self._axe = Axe()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("request", self._follow)

    def look(self) -> None:
        """Check the open page's width, and with axe in both colour schemes."""
        self.page.wait_for_load_state("networkidle")
        path = self.page.url.removeprefix(self._own).partition("?")[0]
        self.looked_at.append(path)
        wide, room = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        if wide > room:
            self.faults.append(f"{path}: {wide} px wide, {room} px room")
        self._check_colours(path, "dark")
        self._check_colours(path, "light")

    def _check_colours(self, path: str, scheme: Any) -> None:
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        self.page.wait_for_function(
            "scheme => document.documentElement.dataset.bsTheme === scheme", arg=scheme
        )
        answer = self._axe.run(self.page).response
        self.faults += [
            f"{path} ({scheme}): {issue['id']}: {issue['help']}: "
            + "; ".join(f"{node['html']} {node['failureSummary']}" for node in issue["nodes"][:3])
            for issue in answer["violations"]
            if issue["impact"] in GRAVE
        ]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"{self.page.url}: console: {message.text}")

    def _follow(self, request: Request) -> None:
        if not request.url.startswith((f"{self._own}/", "data:")):
            self.faults.append(f"{self.page.url}: asks {request.url}")
