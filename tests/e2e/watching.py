"""Checks an open browser page: width, touch targets, console, requests, accessibility, weight, jumps."""

import gzip
from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import ConsoleMessage, Page, Request, Response

from tests.e2e.window import arrive, settle

# The pages that lie ready below each window's address bar, and a renderer in reserve: 0.7 seconds a window.
# The rest is Playwright's own list, which another one replaces.
FEATURES_OFF = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "SpareRendererForSitePerProcess",
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page lives for a second: what compiles and collects beside its scripts costs more than it saves.
    "--js-flags=--no-opt,--no-maglev,--single-threaded-gc",
    f"--disable-features={','.join(FEATURES_OFF)}",
)
GRAVE = {"serious", "critical"}
# Names what is too low for a thumb. A link within a sentence is as high as its line, and a link or tick
# that is stretched over its row or label is as high as that.
SMALL_TARGETS = """least => [...document.querySelectorAll(
  "a[href], button, select, textarea, summary, input:not([type=hidden])")].flatMap(element => {
    if (!element.checkVisibility() || element.closest(".es-skip, .visually-hidden")) return [];
    const style = getComputedStyle(element);
    const around = element.parentElement.textContent.trim() !== element.textContent.trim();
    if (element.tagName === "A" && style.display === "inline" && around
        && element.closest("p, li, dd") && !element.closest("nav")) return [];
    const stretched = getComputedStyle(element, "::after").position === "absolute";
    const thing = (stretched && element.closest("li")) || element.closest(".es-check") || element;
    const height = thing.getBoundingClientRect().height;
    return height < least ? [`${element.outerHTML.slice(0, 120)} is ${height} px high`] : [];
  })"""
# The choices that their closed list shows only in part.
CUT_CHOICES = """() => {
  const cut = [], pen = document.createElement("canvas").getContext("2d");
  for (const field of document.querySelectorAll("select")) {
    const style = getComputedStyle(field), words = field.selectedOptions[0]?.text || "";
    if (!field.checkVisibility() || style.appearance === "base-select") continue;
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const inside = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    if (pen.measureText(words).width > inside + 1) cut.push(`the choice “${words}” is cut`);
  }
  return cut;
}"""
# Doubles the text as a reader's own setting does, and names what then sticks out, is cut or overlaps.
LARGE_TEXT = """() => {
  const root = document.documentElement;
  root.style.fontSize = "200%";
  const room = root.clientWidth;
  const out = [...document.querySelectorAll("body *")].filter(element => {
    const box = element.getBoundingClientRect();
    return box.width && box.right > room + 1 && !element.closest(".visually-hidden")
      && ![...element.children].some(child => child.getBoundingClientRect().right > room + 1);
  }).map(element => `${element.outerHTML.slice(0, 120)} ends at ${element.getBoundingClientRect().right} px`);
  const faults = root.scrollWidth > room ? [`${root.scrollWidth} px wide`, ...out.slice(0, 3)] : [];
  for (const entry of document.querySelectorAll(".es-nav li"))
    if (entry.scrollWidth > entry.clientWidth + 1) faults.push(`${entry.textContent.trim()} is cut`);
  faults.push(...(CUT_CHOICES)());
  root.style.fontSize = "";
  return faults;
}""".replace("CUT_CHOICES", CUT_CHOICES)
# Text that is drawn smaller than `least`; pictures of other services' pages are drawn as those are.
SMALL_TEXT = """least => {
  const small = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.textContent.trim(), element = texts.currentNode.parentElement;
    if (!text || !element.checkVisibility()) continue;
    if (element.closest(".visually-hidden, .es-skip, svg, option, noscript, script, style")) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size < least) small.add(`${size} px: ${text.slice(0, 60)}`);
  }
  return [...small];
}"""
# Sentences that take more than `most` lines.
LONG_SENTENCES = """most => {
  const long = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode, element = node.parentElement;
    if (node.textContent.length < 100 || !element.checkVisibility()) continue;
    if (element.closest("option, noscript, script, style, template, textarea")) continue;
    for (const found of node.textContent.matchAll(/[^.!?…]+[.!?…]*/g)) {
      const range = document.createRange();
      range.setStart(node, found.index);
      range.setEnd(node, found.index + found[0].length);
      const lines = new Set([...range.getClientRects()].map(one => Math.round(one.top)));
      // An address is no sentence.
      const said = found[0].trim();
      if (lines.size > most && said.includes(" ")) long.push(`${lines.size} lines: ${said.slice(0, 80)}`);
    }
  }
  return long;
}"""
# Short words that a narrow column breaks in two, where no hyphen may tell so; advice that a field cuts off.
TORN_WORDS = """most => {
  const torn = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) {
    const node = texts.currentNode, element = node.parentElement;
    if (!element.checkVisibility() || getComputedStyle(element).hyphens === "auto") continue;
    if (element.closest("option, noscript, script, style, template, textarea, svg, code")) continue;
    if (element.closest(".visually-hidden")) continue;
    for (const found of node.textContent.matchAll(/[\\p{L}\\p{N}]+/gu)) {
      if (found[0].length > most) continue;
      range.setStart(node, found.index);
      range.setEnd(node, found.index + found[0].length);
      if (new Set([...range.getClientRects()].map(one => Math.round(one.top))).size > 1)
        torn.add(`tears “${found[0]}” in two`);
    }
  }
  const pen = document.createElement("canvas").getContext("2d");
  for (const field of document.querySelectorAll("input[placeholder]")) {
    const style = getComputedStyle(field);
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    if (field.checkVisibility() && pen.measureText(field.placeholder).width > room)
      torn.add(`cuts “${field.placeholder}” off`);
  }
  return [...torn];
}"""
# Names of our own code, such as TOBACCO_MARKED or needs_approval, where a merchant reads.
RAW_NAMES = """() => {
  const text = document.body.cloneNode(true);
  text.querySelectorAll("code, script, style, template, noscript, textarea").forEach(one => one.remove());
  const names = /(?<![\\w@./{-])[A-Za-z]{2,}(_[A-Za-z0-9]+)+(?![\\w@/}-]|\\.\\w)/g;
  return [...new Set(text.textContent.match(names) || [])];
}"""
# How far a page jumps while it loads, by the definition of Cumulative Layout Shift without its windows.
SHIFT = """() => new Promise(tell => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(one => { sum += one.value; }))
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => setTimeout(() => tell(sum), 50));
})"""
CODE = """() =>
  [...document.querySelectorAll("script[src], link[rel=stylesheet]")].map(one => one.src || one.href)"""
SIZED = """() => [...document.querySelectorAll("main img")].filter(one => !one.height && !one.hidden)
  .map(one => one.outerHTML)"""
# What a page still asks for when it is left. Of a request that fails in another way htmx says one thing more.
GIVEN_UP = ("htmx:afterRequest,", "htmx:sendAbort,")
MOST_SHIFT, MOST_BYTES = 0.02, 150 * 1024
LEAST_TARGET = 43.5
LEAST_TEXT = 13.99
MOST_LINES = 4
WHOLE_WORD = 16
NARROW = 320
PHONE = 390
# All that is looked for on a phone, in one question; the doubled text comes last, since it changes the page.
FAULTS_ON_PHONE = f"""() => [
  ...({SMALL_TARGETS})({LEAST_TARGET}),
  ...({SMALL_TEXT})({LEAST_TEXT}),
  ...({LONG_SENTENCES})({MOST_LINES}),
  ...({TORN_WORDS})({WHOLE_WORD}),
  ...({CUT_CHOICES})(),
  ...({LARGE_TEXT})().map(fault => "at 200 % text: " + fault),
]"""
# Half a megabyte, so a page gets it once.
AXE: str = Axe().axe_script
ASK_AXE = "options => axe.run(document, options).then(answer => answer.violations)"


class Watch:
    """Collects what a page must not do; `look` also inspects the page that is open now."""

    def __init__(self, page: Page, own: str) -> None:
        self.page = page
        self.faults: list[str] = []
        self.looked_at: list[str] = []
        self._own = own
        self._packed: dict[str, int] = {}
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("request", self._follow)

    def look(self) -> None:
        """Wait for the open page and `inspect` it."""
        settle(self.page)
        self.inspect()

    def inspect(self) -> None:
        """Check the open page's width; on a phone also its touch targets, and axe in both colour schemes."""
        path = self.page.url.removeprefix(self._own)
        self.looked_at.append(path)
        self.faults += [f"{path}: says {name}" for name in self.page.evaluate(RAW_NAMES)]
        if self.measure() <= PHONE:
            self.faults += [f"{path}: {fault}" for fault in self.page.evaluate(FAULTS_ON_PHONE)]
            self.page.evaluate(AXE)
            # Only the contrast can differ between the two.
            self._check_colours(path, "dark", {"runOnly": {"type": "rule", "values": ["color-contrast"]}})
            self._check_colours(path, "light", {})

    def weigh(self, document: Response | None) -> tuple[float, int]:
        """Return how far the page that was just opened has jumped, and the bytes of its code, packed.

        A page that jumps or weighs too much is a fault, as is a picture without its size. No worker is waited
        for: a run at work keeps its page asking to its end.
        """
        arrive(self.page)
        shift = float(self.page.evaluate(SHIFT))
        body = document.body() if document else b""
        size = len(gzip.compress(body)) + sum(map(self._size_of, self.page.evaluate(CODE)))
        path = self.page.url.removeprefix(self._own)
        if shift >= MOST_SHIFT:
            self.faults.append(f"{path}: jumps by {shift:.3f}")
        if size >= MOST_BYTES:
            self.faults.append(f"{path}: has {size} bytes of code")
        self.faults += [f"{path}: has no size: {picture}" for picture in self.page.evaluate(SIZED)]
        return shift, size

    def _size_of(self, address: str) -> int:
        if address not in self._packed:
            self._packed[address] = len(gzip.compress(self.page.request.get(address).body()))
        return self._packed[address]

    def narrow(self) -> None:
        """Check the open page on the narrowest phone: nothing sticks out, and no text shrinks."""
        self.page.set_viewport_size({"width": NARROW, "height": 700})
        self.measure()
        small = self.page.evaluate(SMALL_TEXT, LEAST_TEXT)
        self.faults += [f"{self.page.url} at {NARROW} px: {fault}" for fault in small]
        self.page.set_viewport_size({"width": PHONE, "height": 844})

    def measure(self) -> int:
        """Note a page that is wider than its window; return the window's width."""
        wide, room = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        if wide > room:
            self.faults.append(f"{self.page.url}: {wide} px wide, {room} px room")
        return int(room)

    def forgive(self, words: str) -> None:
        """Forget faults with these words: the browser's own remark on a page that is an error on purpose."""
        self.faults = [fault for fault in self.faults if words not in fault]

    def _check_colours(self, path: str, scheme: Any, rules: dict[str, Any]) -> None:
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        self.page.wait_for_function(
            "scheme => document.documentElement.dataset.bsTheme === scheme", arg=scheme
        )
        issues = self.page.evaluate(ASK_AXE, {"resultTypes": ["violations"], **rules})
        self.faults += [
            f"{path} ({scheme}): {issue['id']}: {issue['help']}: "
            + "; ".join(f"{node['html']} {node['failureSummary']}" for node in issue["nodes"][:3])
            for issue in issues
            if issue["impact"] in GRAVE
        ]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(GIVEN_UP):
            self.faults.append(f"{self.page.url}: console: {message.text}")

    def _follow(self, request: Request) -> None:
        if not request.url.startswith((f"{self._own}/", "data:")):
            self.faults.append(f"{self.page.url}: asks {request.url}")
