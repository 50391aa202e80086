"""An address that an answer tells is sent to only where it is one of VK's and on the public net."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from connections.clients.answered_urls import AnsweredUrls, is_public
from connections.clients.errors import OperatorActionRequired
from connections.clients.vk.client import VkClient
from tests.unit.clients.scripted import Reply, serve

VK = AnsweredUrls(["vk.com", "vk.ru", "userapi.com"])
PUBLIC = "87.240.132.72"


def client(urls: AnsweredUrls) -> VkClient:
    return VkClient(base_url="https://api.vk.com", token="token", upload_urls=urls, timeout=(2, 2))


def refusal(urls: AnsweredUrls, url: str) -> OperatorActionRequired:
    with pytest.raises(OperatorActionRequired) as caught:
        client(urls).upload_photos(url, [b"jpeg"])
    assert caught.value.code == "vk.upload_host"
    return caught.value


@pytest.mark.parametrize(
    "url",
    ["https://pu.vk.com/gu-s/photo/v2/upload?token=x", "https://PU.VK.RU./c1/upload.php", "https://vk.com/"],
)
def test_vks_own_hosts_are_known(url: str) -> None:
    VK.check("vk", "vk.upload_host", url)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/upload",
        "https://vk.com.evil.example/",
        "https://notvk.com/",
        "https://vk.com@evil.example/",
        "https://user@pu.vk.com/",
        "http://pu.vk.com/upload",
        "ftp://pu.vk.com/",
        "file:///etc/passwd",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://redis:6379/",
        "//pu.vk.com/",
        "pu.vk.com",
        "",
        "https://[pu.vk.com/",
        "https://pu.vk.com\\@evil.example/",
        "https://evil.example\\.vk.com/",
        "https://evil.example:443\\.vk.com/",
        "https://evil.example%5c.vk.com/",
        "https://evil.example;.vk.com/",
        "https://evil.example\t.vk.com/",
    ],
)
def test_every_other_address_is_refused_before_a_name_is_resolved(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: pytest.fail("a name was resolved"))
    refusal(VK, url)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        (PUBLIC, True),
        ("2a00:bdc0::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - an address to judge
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:87.240.132.72", True),
        ("2002:7f00:1::", False),
        ("2002:5775:1::", True),
        # NAT64: by the address inside; the form for one network's own use is never public.
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::10.0.0.1", False),
        ("64:ff9b::169.254.169.254", False),
        ("64:ff9b::87.240.132.72", True),
        ("64:ff9b:1::10.0.0.1", False),
        ("64:ff9b:1::87.240.132.72", False),
        ("64:ff9b::1:87.240.132.72", False),
        # Outdated forms: IPv4-compatible, IPv4-translated, Teredo.
        ("::10.0.0.1", False),
        ("::87.240.132.72", False),
        ("::ffff:0:10.0.0.1", False),
        ("2001:0:5775:848:0:0:f5ff:fffe", False),
        # ISATAP: a tunnel in a public network that ends in a private one.
        ("2a00:bdc0::5efe:10.0.0.1", False),
        ("2a00:bdc0::200:5efe:10.0.0.1", False),
        ("2a00:bdc0::200:5efe:87.240.132.72", True),
    ],
)
def test_an_address_is_public_or_not_in_each_of_its_spellings(address: str, public: bool) -> None:  # noqa: FBT001
    assert is_public(address) is public


class Inside:
    """A server of the private network, which notes what reaches it."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.visits: list[bytes] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                link, _ = self.listening.accept()
            except OSError:
                return
            with link:
                link.settimeout(30)
                self.visits.append(link.recv(1000))


@pytest.fixture
def inside() -> Iterator[Inside]:
    server = Inside()
    yield server
    server.listening.close()


def resolve(monkeypatch: pytest.MonkeyPatch, port: int, *answers: str) -> None:
    """Let every name resolve to these addresses in turn, the last one for good."""
    left = list(answers)

    def answer(*_args: Any, **_options: Any) -> list[Any]:
        address = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)


def test_a_name_of_vk_that_leads_into_the_private_network_is_not_connected_to(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve(monkeypatch, inside.port, "127.0.0.1")
    assert "private network" in refusal(VK, f"https://pu.vk.com:{inside.port}/upload").text
    assert inside.visits == []


def test_a_name_that_leads_elsewhere_the_second_time_is_told_nothing(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve(monkeypatch, inside.port, PUBLIC, "127.0.0.1")
    error = refusal(VK, f"https://pu.vk.com:{inside.port}/upload")
    assert (error.host, "private network" in error.text) == ("pu.vk.com", True)
    assert set(inside.visits) <= {b""}


def test_a_stand_in_that_is_named_by_its_address_may_be_private() -> None:
    with serve(lambda _request: Reply(b'{"sha": "x"}')) as (url, seen):
        assert client(AnsweredUrls(["127.0.0.1"])).upload_photos(f"{url}/upload", [b"jpeg"]) == '{"sha": "x"}'
    assert len(seen) == 1


def test_a_redirect_of_the_picture_server_is_not_followed(inside: Inside) -> None:
    away = Reply(b"", status=302, headers={"Location": f"http://127.0.0.1:{inside.port}/"})
    with serve(lambda _request: away) as (url, _seen), pytest.raises(Exception, match="upload was not taken"):
        client(AnsweredUrls(["127.0.0.1"])).upload_photos(f"{url}/upload", [b"jpeg"])
    assert inside.visits == []
