"""The proxy of compose.yaml: what it takes, how long it waits, and what it shows of whom."""

import contextlib
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.urls import reverse

from evosync.common.bodies import FORM_BYTES, bound_of
from tests.conftest import give_up
from tests.deploy.proxy import HOST, Proxy, largest_bodies
from tests.deploy.roles import ROOT, Role, read_compose
from tests.deploy.test_roles import wait_for
from tests.servers import NotInstalled, find_program

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("deploy")]

MEGABYTE = 1024 * 1024
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def web(migrated: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Role]:
    """Start the web role, as small as it may be: one process with four threads."""
    variables = migrated | {"TRUSTED_PROXY_COUNT": "1"}
    with Role("web", variables, tmp_path_factory.mktemp("web") / "log") as web:
        web.wait_until_healthy()
        yield web


@pytest.fixture
def proxy(web: Role) -> Iterator[Proxy]:
    """Start a proxy of this test's own, whose limits nobody has used up."""
    try:
        find_program("nginx")
    except NotInstalled as missing:
        give_up(str(missing))
    with Proxy(int(web.environment["PORT"])) as proxy:
        yield proxy


# What waits for a connection that says no more takes ten seconds and longer.
AT_ONCE = 7.0


def slow(proxy: Proxy, beginning: str, count: int) -> Iterator[socket.socket]:
    """Open connections that say this much and then nothing."""
    for number in range(count):
        raw = socket.create_connection(
            ("127.0.0.1", proxy.port), timeout=30, source_address=(f"127.0.1.{number % 8 + 1}", 0)
        )
        link = proxy.trusting().wrap_socket(raw, server_hostname="127.0.0.1")
        link.sendall(beginning.encode())
        yield link


def seconds_of(ask: Callable[[], int]) -> float:
    started = time.monotonic()
    assert ask() == 200
    return time.monotonic() - started


def test_pages_come_over_tls_with_their_headers(proxy: Proxy) -> None:
    answer = proxy.get("/accounts/login/")
    assert answer.status == 200
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert all("secure" in cookie.lower() for cookie in answer.headers.get_all("Set-Cookie", []))
    assert answer.headers["Server"] == "nginx"


def greeting(proxy: Proxy, version: ssl.TLSVersion) -> str | None:
    """Return the version that was agreed on where the visitor knows only this one."""
    context = proxy.trusting()
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    with (
        socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as raw,
        context.wrap_socket(raw, server_hostname="127.0.0.1") as link,
    ):
        return link.version()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tls_that_is_safe_is_spoken(proxy: Proxy, version: ssl.TLSVersion) -> None:
    assert greeting(proxy, version) == version.name.replace("_", ".")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
def test_tls_that_is_out_of_date_is_refused(proxy: Proxy) -> None:
    with pytest.raises(ssl.SSLError):
        greeting(proxy, ssl.TLSVersion.TLSv1_1)


def test_a_visitor_cannot_say_who_they_are_or_that_tls_was_spoken(proxy: Proxy, web: Role) -> None:
    lies = {"X-Forwarded-Proto": "http", "X-Forwarded-For": "10.0.0.1", "X-Forwarded-Host": "evil.example"}
    assert proxy.send("GET", "/accounts/login/", headers=lies).status == 200
    answer = proxy.send("GET", "/", headers={"X-Forwarded-Proto": "https"}, port=proxy.plain_port)
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/")


def test_a_big_form_gets_our_page_from_the_site_and_a_bigger_one_from_the_proxy(proxy: Proxy) -> None:
    from_site = proxy.send("POST", "/accounts/login/", b"x" * (FORM_BYTES + 1), FORM)
    from_proxy = proxy.send("POST", "/accounts/login/", b"x" * (2 * MEGABYTE), FORM)
    assert (from_site.status, from_proxy.status) == (413, 413)
    assert all("<h1>Слишком много за один раз</h1>" in answer.text for answer in (from_site, from_proxy))


def test_six_hundred_megabytes_are_refused_before_they_are_sent(proxy: Proxy) -> None:
    link = proxy.link()
    link.putrequest("POST", "/accounts/login/", skip_host=True)
    for name, value in (FORM | {"Host": HOST, "Content-Length": "600000000"}).items():
        link.putheader(name, value)
    link.endheaders()
    answer = link.getresponse()
    assert answer.status == 413
    assert not list((proxy.folder / "bodies").rglob("*.*"))
    link.close()


def test_a_body_in_chunks_is_counted_and_reaches_the_site_whole(proxy: Proxy) -> None:
    endless = (b" " * 65536 for _ in range(10_000))
    with contextlib.suppress(BrokenPipeError, ConnectionResetError, ssl.SSLError):
        assert proxy.send("POST", "/accounts/login/", endless, FORM).status == 413
    small = proxy.send("POST", "/evotor/user/token", iter([b"{", b"}"]))
    assert small.status == 401


def test_evotor_may_send_ten_megabytes_and_is_refused_in_its_own_form(proxy: Proxy) -> None:
    assert proxy.send("POST", "/evotor/user/token", b" " * (10 * MEGABYTE)).status == 401
    refused = proxy.send("POST", "/evotor/user/token", b" " * (12 * MEGABYTE))
    assert (refused.status, refused.text) == (413, '{"errors":[{"code":2001}]}')


def test_the_site_hears_a_body_out_before_it_refuses(web: Role) -> None:
    with socket.create_connection(("127.0.0.1", int(web.environment["PORT"])), timeout=10) as link:
        head = f"POST /evotor/user/token HTTP/1.1\r\nHost: {HOST}\r\nX-Forwarded-Proto: https\r\n"
        link.sendall(f"{head}Content-Length: {10 * MEGABYTE}\r\n\r\n".encode() + b" " * MEGABYTE)
        link.settimeout(1)
        with pytest.raises(TimeoutError):
            link.recv(1)
        link.settimeout(30)
        link.sendall(b" " * (9 * MEGABYTE))
        assert link.recv(1024).startswith(b"HTTP/1.1 401 ")


PHOTO_PLACES = r"^/(catalogue/([0-9]+/)?photos(/many)?|shelf/[A-Za-z0-9_-]+/[0-9]+)/$"


def test_each_place_lets_through_what_its_view_takes_and_little_more() -> None:
    places = largest_bodies()
    photos, webhooks = places[f"~ {PHOTO_PLACES}"], places["/evotor/"]
    assert (
        bound_of(reverse("catalog:photos")).most
        < photos
        <= bound_of(reverse("catalog:photos")).most + MEGABYTE
    )
    upload = reverse("catalog:table_upload")
    tables = places[f"= {upload}"]
    assert bound_of(upload).most < tables <= bound_of(upload).most + MEGABYTE
    assert bound_of("/evotor/user/token").most < webhooks <= bound_of("/evotor/user/token").most + MEGABYTE
    assert "client_max_body_size 1m;" in (ROOT / "proxy/nginx.conf").read_text()
    pattern = re.compile(PHOTO_PLACES)
    shelf: tuple[str, list[object]] = ("shelf:product", ["7-a_B", 7])
    for name, args in (
        ("catalog:photos", []),
        ("catalog:photo_import", []),
        ("catalog:add_photo", [7]),
        shelf,
    ):
        assert pattern.fullmatch(reverse(name, args=args))
    assert not pattern.fullmatch(reverse("catalog:remove_photo", args=[7]))


def test_slow_bodies_and_slow_headers_keep_nobody_waiting(proxy: Proxy) -> None:
    body = f"POST /accounts/login/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 400000\r\n\r\nx"
    with contextlib.ExitStack() as stack:
        for link in slow(proxy, body, 24):
            stack.enter_context(link)
        headers = [stack.enter_context(link) for link in slow(proxy, "GET / HTTP/1.1\r\nX: ", 8)]
        for _ in range(5):
            assert seconds_of(lambda: proxy.get("/healthz").status) < AT_ONCE
            assert seconds_of(lambda: proxy.get("/accounts/login/").status) < AT_ONCE
        started = time.monotonic()
        # A letter now and then does not make the headers' ten seconds longer.
        with contextlib.suppress(OSError):
            while time.monotonic() - started < 30:
                headers[0].sendall(b"x")
                time.sleep(0.5)
        assert time.monotonic() - started < 25
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            assert headers[1].recv(1000) == b""


def test_a_reader_that_takes_nothing_holds_no_thread_of_the_site(proxy: Proxy) -> None:
    style = re.search(r'href="(/static/bootstrap[^"]+\.css)"', proxy.get("/accounts/login/").text)
    assert style
    asked = f"GET {style[1]} HTTP/1.1\r\nHost: {HOST}\r\n\r\n"
    with contextlib.ExitStack() as stack:
        for link in slow(proxy, asked, 24):
            stack.enter_context(link)
        assert seconds_of(lambda: proxy.get("/accounts/login/").status) < AT_ONCE


def test_one_visitor_has_so_many_connections_and_another_has_their_own(proxy: Proxy) -> None:
    held = f"POST /accounts/login/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 400000\r\n\r\nx".encode()
    with contextlib.ExitStack() as stack:
        for _ in range(64):
            raw = socket.create_connection(("127.0.0.1", proxy.port), source_address=("127.0.2.1", 0))
            link = stack.enter_context(proxy.trusting().wrap_socket(raw, server_hostname="127.0.0.1"))
            link.sendall(held)
        # The proxy counts a connection when it has read what is asked.
        wait_for(
            lambda: proxy.send("GET", "/healthz", source="127.0.2.1").status == 429, 10, "all are let in"
        )
        refused = proxy.send("GET", "/healthz", source="127.0.2.1")
        assert (refused.status, "Слишком много запросов" in refused.text) == (429, True)
        assert proxy.send("GET", "/healthz", source="127.0.2.2").status == 200


def test_somebody_who_asks_for_the_login_all_the_time_is_told_to_wait(proxy: Proxy) -> None:
    links = [proxy.link(source="127.0.3.1") for _ in range(60)]
    for link in links:
        link.connect()
    # All before the first answer: a slow machine would take as long over them as the proxy allows.
    for link in links:
        link.request("GET", "/accounts/login/", headers={"Host": HOST})
    seen = []
    for link in links:
        seen.append(link.getresponse().status)
        link.close()
    assert set(seen) == {200, 429}
    assert seen.count(200) >= 40
    assert proxy.send("GET", "/accounts/login/", source="127.0.3.2").status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 301),
        ("HEAD", "/accounts/login/?next=/x/", 301),
        ("POST", "/accounts/login/", 426),
        ("POST", "/evotor/user/token", 426),
        ("PUT", "/evotor/inventories/stores/1/products", 426),
        ("GET", "/feed/secret/goods.yml", 426),
        ("GET", "/feed/secret/google.xml", 426),
        ("GET", "/shelf/secret/", 426),
        ("POST", "/shelf/secret/5/", 426),
        ("GET", "/decide/secret/", 426),
        ("GET", "/accounts/password/reset/key/1-secret/", 426),
        ("GET", "/feed/", 301),
    ],
)
def test_without_tls_only_a_reader_of_pages_is_sent_on(
    proxy: Proxy, method: str, path: str, status: int
) -> None:
    answer = proxy.send(method, path, b"{}" if method in {"POST", "PUT"} else None, port=proxy.plain_port)
    assert answer.status == status
    assert answer.headers["Location"] == (f"https://{HOST}{path}" if status == 301 else None)
    if status == 426:
        assert answer.headers["Upgrade"] == "TLS/1.2, HTTP/1.1"


def test_without_tls_a_persons_link_is_answered_by_a_page(proxy: Proxy) -> None:
    answer = proxy.send("GET", "/shelf/secret/", port=proxy.plain_port)
    assert "Сделайте новую ссылку" in answer.body.decode()
    assert answer.headers["Content-Type"] == "text/html"


def test_without_tls_a_big_body_is_no_redirect_either(proxy: Proxy) -> None:
    for path in ("/evotor/user/token", "/accounts/login/"):
        answer = proxy.send("POST", path, b" " * 200_000, port=proxy.plain_port)
        assert answer.status in {413, 426}, path


@pytest.mark.parametrize(
    "path", ["/metrics", "/readyz", "//metrics", "/%6detrics", "/x/../readyz", "/readyz?x=1"]
)
def test_the_operators_addresses_are_not_public(proxy: Proxy, path: str) -> None:
    assert proxy.get(path).status == 404


def test_trace_and_requests_that_two_readers_would_read_differently_are_refused(proxy: Proxy) -> None:
    assert proxy.send("TRACE", "/").status == 405
    smuggled = (
        f"POST /accounts/login/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 4\r\n"
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )
    for link in slow(proxy, smuggled, 1):
        assert link.recv(100).startswith(b"HTTP/1.1 400")
        link.close()


def test_where_the_site_is_down_there_is_a_page_that_says_so(
    proxy: Proxy, migrated: dict[str, str], tmp_path: Path
) -> None:
    with Proxy(9) as alone:
        answer = alone.get("/accounts/login/")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert "EvoSync ненадолго недоступен" in answer.text


def test_what_the_proxy_logs_holds_no_secret_address(proxy: Proxy) -> None:
    with Proxy(9) as alone:
        alone.get("/feed/my-secret-feed/goods.yml?key=my-secret-key")
        alone.send("POST", "/accounts/password/reset/key/my-secret-key/", b"x" * 2 * MEGABYTE)
        wait_for(lambda: len(alone.refused()) == 2, 30, "nothing is logged")
        lines = alone.refused()
        everything = "".join(
            file.read_text(errors="replace") for file in alone.folder.iterdir() if file.is_file()
        )
    assert [line["text"] for line in lines] == ["GET /feed 503", "POST /accounts 413"]
    assert lines[0]["visitor"] == "127.0.0.1"
    assert "my-secret" not in everything


def test_compose_runs_this_configuration_without_privileges() -> None:
    service = read_compose()["services"]["proxy"]
    assert service["command"][:2] == ["-c", "/etc/evosync/nginx.conf"]
    assert "./proxy:/etc/evosync:ro" in service["volumes"]
    assert (service["user"], service["read_only"], service["cap_drop"]) == ("101:101", True, ["ALL"])
    assert all("size=" in mount for mount in service["tmpfs"])
