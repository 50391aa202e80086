"""A mailbox: takes every email over SMTP on loopback and shows them on a web page.

The sender need not know of it: Django's own SMTP backend is pointed at `smtp_port`. The page
is at `url`, newest email first; `mails` is what has come.
"""

import email
import email.policy
import html
import re
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final, Self

from sandbox.wire import Request, Response, Server

MOST_MAILS: Final = 200
MOST_BYTES: Final = 2 * 1024 * 1024
ADDRESS = re.compile(r"https?://\S+")
PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Mailbox of the sandbox</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<style>body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 1.5rem auto; padding: 0 1rem }}
article {{ border: 1px solid #bbb; border-radius: .6rem; padding: 1rem; margin: 1rem 0 }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: .5rem 0 0 }}</style></head>
<body><h1>Mailbox of the sandbox</h1><p>Every email that EvoSync sends here lands on this page. {count}</p>
{mails}</body></html>
"""


@dataclass(frozen=True, slots=True)
class Mail:
    """One email as its reader sees it."""

    to: str
    subject: str
    text: str


class Mailbox:
    """The mailbox: an SMTP port and a page while the block lasts. `on_mail` is called with each email."""

    def __init__(self, *, port: int = 0, on_mail: Callable[[Mail], None] | None = None) -> None:
        self.mails: list[Mail] = []
        self._on_mail = on_mail
        self._web = Server(self, port)
        self._smtp = _SmtpServer(self)

    @property
    def url(self) -> str:
        """The page's address."""
        return f"{self._web.url}/"

    @property
    def smtp_port(self) -> int:
        """The port on 127.0.0.1 that takes emails."""
        return int(self._smtp.server_address[1])

    def __enter__(self) -> Self:
        self._web.start()
        threading.Thread(target=self._smtp.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._smtp.shutdown()
        self._smtp.server_close()
        self._web.stop()

    def take(self, raw: bytes) -> None:
        """Keep an email as it came over the wire."""
        message = email.message_from_bytes(raw, EmailMessage, policy=email.policy.default)
        body = message.get_body(("plain", "html"))
        text = body.get_content() if body else ""
        mail = Mail(str(message["To"]), str(message["Subject"]).strip(), "\n".join(text.splitlines()).strip())
        self.mails = [*self.mails, mail][-MOST_MAILS:]
        if self._on_mail:
            self._on_mail(mail)

    def handle(self, request: Request) -> Response:
        """Answer with the page."""
        if request.verb not in {"GET", "HEAD"} or request.path != "/":
            return Response.of_html("<h1>404</h1>", 404)
        shown = "".join(_article(mail) for mail in reversed(self.mails))
        count = f"{len(self.mails)} so far." if self.mails else "None so far."
        return Response.of_html(PAGE.format(count=count, mails=shown))


def _article(mail: Mail) -> str:
    text = ADDRESS.sub(r'<a href="\g<0>">\g<0></a>', html.escape(mail.text))
    head = f"<strong>{html.escape(mail.subject)}</strong><br>to {html.escape(mail.to)}"
    return f"<article>{head}<pre>{text}</pre></article>"


class _SmtpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        super().__init__(("127.0.0.1", 0), _SmtpTalk)


class _SmtpTalk(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as a sender without encryption and password needs."""

    server: _SmtpServer

    def handle(self) -> None:
        self._say("220 sandbox mailbox")
        while line := self.rfile.readline(4096):
            verb = line[:4].upper()
            if verb == b"DATA":
                self._say("354 end with a line that holds a dot alone")
                raw = self._message()
                if raw is None:
                    return
                self.server.mailbox.take(raw)
                self._say("250 kept")
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            elif verb in {b"EHLO", b"HELO", b"MAIL", b"RCPT", b"RSET", b"NOOP"}:
                self._say("250 ok")
            else:
                self._say("502 unknown command")

    def _message(self) -> bytes | None:
        """Read the email to its closing dot; None where the sender went away or sends too much."""
        lines: list[bytes] = []
        size = 0
        while line := self.rfile.readline(64 * 1024):
            if line in {b".\r\n", b".\n"}:
                return b"".join(lines)
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            size += len(line)
            if size > MOST_BYTES:
                self._say("552 too large")
                return None
        return None

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())
