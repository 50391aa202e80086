"""What both stand-ins keep: the messages that arrived, who has blocked the bot, and the planned faults."""

import re
import threading
from dataclasses import dataclass, field
from html import unescape

from sandbox.faults import COMMON, Fault, FaultPlan
from sandbox.wire import App, Server, Serving

# The marks of HTML that both messengers read.
MARK = re.compile(r"</?(?:b|strong|i|em|u|ins|s|del|code|pre|a)(?: href=\"[^\"<>]*\")?>")


@dataclass(frozen=True, slots=True)
class SentMessage:
    """One message in a chat, as its reader sees it, with the buttons below it."""

    chat: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Chats:
    """A bot's chats: known ones take messages, those in `blocked` do not any more."""

    known: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    messages: list[SentMessage] = field(default_factory=list)
    webhook: str = ""
    secret: str = ""
    faults: FaultPlan = field(default_factory=lambda: FaultPlan(COMMON))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fault(self, kind: str, **values: object) -> Fault:
        """Plan a fault."""
        return self.faults.add(Fault(kind, **values))  # type: ignore[arg-type]


def plain_text(html: str) -> str | None:
    """Return what a reader sees, or None where the marks of HTML are not right."""
    opened: list[str] = []
    for found in MARK.findall(html):
        name = found.strip("</>").split()[0]
        if not found.startswith("</"):
            opened.append(name)
        elif not opened or opened.pop() != name:
            return None
    rest = MARK.sub("", html)
    if (
        opened
        or "<" in rest
        or ">" in rest
        or re.search(r"&(?!(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)", rest)
    ):
        return None
    return unescape(rest)


class Bot(Serving):
    """A stand-in on a port of its own: `with TelegramBot() as bot:` serves it until the block ends."""

    def __init__(self, app: App, chats: Chats, token: str) -> None:
        self.chats, self.token = chats, token
        self._server = Server(app)

    @property
    def messages(self) -> list[SentMessage]:
        """The messages that arrived, from the oldest."""
        return self.chats.messages
