"""The proxy of compose.yaml as a process on this machine: the file's own configuration, other places."""

import http.client
import json
import os
import re
import ssl
import subprocess
from pathlib import Path
from typing import Any

from tests.certificates import Authority
from tests.deploy.roles import ROOT
from tests.servers import Server, find_program, free_port

HOST = "shop.example"


class Proxy(Server):
    """nginx with `proxy/nginx.conf` in front of the web role that listens on `web_port`."""

    def __init__(self, web_port: int) -> None:
        super().__init__()
        self.plain_port, self.health_port = free_port(), free_port()
        self._web_port = web_port
        self._authority = Authority(self.folder)

    @property
    def url(self) -> str:
        """Return the address that visitors have."""
        return f"https://127.0.0.1:{self.port}"

    @property
    def configuration(self) -> str:
        """Return the configuration with this machine's places; fail where one is not found in it."""
        text = (ROOT / "proxy/nginx.conf").read_text()
        places = {
            # First, since the others may lead there.
            "/tmp/": f"{self.folder}/",  # noqa: S108 - the container's own
            "listen 8443 ssl;": f"listen 127.0.0.1:{self.port} ssl;",
            "listen 8080;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 127.0.0.1:8081;": f"listen 127.0.0.1:{self.health_port};",
            "$web web:8000;": f"$web 127.0.0.1:{self._web_port};",
            "/certificates/site.pem": str(self.folder / "server.pem"),
            "/certificates/site.key": str(self.folder / "server.pem"),
            "/certificates/acme": str(self.folder / "acme"),
            "/etc/evosync/pages": str(ROOT / "proxy/pages"),
            "/dev/stdout": str(self.folder / "refused"),
        }
        for inside, here in places.items():
            assert inside in text, f"{inside} is not in proxy/nginx.conf"
            text = text.replace(inside, here)
        # Started by root, nginx would give its processes to a user who may not read the folder.
        return text if os.geteuid() else f"user root;\n{text}"

    def prepare(self) -> None:
        """Write the certificate and the configuration, and let nginx check it."""
        self._authority.server_context()
        (self.folder / "nginx.conf").write_text(self.configuration)
        judged = subprocess.run([*self.command(), "-t"], capture_output=True, text=True, check=False)
        assert judged.returncode == 0, judged.stderr

    def command(self) -> list[str]:
        """Return the command line of compose.yaml, with this machine's program and file."""
        return [find_program("nginx"), "-c", str(self.folder / "nginx.conf"), "-g", "daemon off;"]

    def answers(self) -> bool:
        """Return True if it listens."""
        try:
            return self.get("/no-such-page/", port=self.health_port).status == 404
        except OSError:
            return False

    def trusting(self) -> ssl.SSLContext:
        """Return what a visitor needs to trust this proxy's certificate."""
        return ssl.create_default_context(cadata=self._authority.pem().decode())

    def link(self, *, port: int | None = None, source: str = "127.0.0.1") -> http.client.HTTPConnection:
        """Return a connection: with TLS, or to a plain port that is named."""
        if port is None:
            return http.client.HTTPSConnection(
                "127.0.0.1", self.port, timeout=30, context=self.trusting(), source_address=(source, 0)
            )
        return http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(source, 0))

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
        *,
        port: int | None = None,
        source: str = "127.0.0.1",
    ) -> "Answer":
        """Send one request on a connection of its own."""
        link = self.link(port=port, source=source)
        try:
            link.request(method, path, body, {"Host": HOST, **(headers or {})})
            answer = link.getresponse()
            return Answer(answer.status, answer.msg, answer.read())
        finally:
            link.close()

    def get(self, path: str, *, port: int | None = None, **headers: str) -> "Answer":
        """Read one page."""
        return self.send("GET", path, headers=headers, port=port)

    def refused(self) -> list[dict[str, Any]]:
        """Return what the proxy has logged."""
        file = self.folder / "refused"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


class Answer:
    """What came back."""

    def __init__(self, status: int, headers: http.client.HTTPMessage, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode(errors="replace")


def largest_bodies() -> dict[str, int]:
    """Return what each location of the configuration lets through, in bytes."""
    text = Path(ROOT / "proxy/nginx.conf").read_text()
    unit = {"k": 1024, "m": 1024**2}
    found = re.findall(r"location ([^{]+) \{[^}]*?client_max_body_size (\d+)([km]);", text)
    return {place.strip(): int(number) * unit[letter] for place, number, letter in found}
