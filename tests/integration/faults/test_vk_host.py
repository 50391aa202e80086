"""VK's host and its certificate: the fallback doubles nothing, and distrust is the operator's trouble."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone

from accounts.models import User
from connections.client_factory import vk_upload_urls
from connections.clients.error_catalog import VkError
from connections.clients.errors import OperatorActionRequired
from connections.health_checks import check_health
from connections.models import EvotorConnection, OperatorAlert, VkConnection
from connections.tasks import check_all_connections, send_operator_alert
from connections.vk.host_memory import SharedHostMemory
from evosync.ops import metrics
from evosync.ops.admin_dashboard import build_dashboard
from sandbox import Sandbox
from sandbox.wire import Server
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import run_slice
from syncing.models import Listing, Notification, SyncJob
from tests.certificates import Authority
from tests.integration.faults.shop import ITEMS, assert_complete, run, store_of
from tests.queues import waiting

pytestmark = pytest.mark.django_db

WRITES = {"market.add", "market.edit", "market.delete"}
Status = SyncJob.Status


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def over_tls(box: Sandbox, user: User, authority: Authority, settings: Any) -> Iterator[Server]:
    """Put VK's API behind a certificate of the test's authority; pictures go to VK's other host."""
    server = box.another_vk_host(authority.server_context())
    server.start()
    settings.VK_API_URL = server.url
    box.vk.forget_calls()
    yield server
    if not server.stopping.is_set():
        server.stop()


@pytest.fixture
def second_host(box: Sandbox) -> Iterator[Server]:
    """Serve VK from one more host, which also takes the pictures."""
    server = box.another_vk_host()
    server.start()
    box.vk.address = server.url
    yield server
    server.stop()


def written(box: Sandbox) -> Counter[str]:
    return Counter(call.method for call in box.vk.calls if call.method in WRITES)


def begin(user: User) -> SyncJob:
    job = request_sync(user, trigger=SyncJob.Trigger.SCHEDULE)
    assert job is not None
    return go_on(user)


def go_on(user: User) -> SyncJob:
    job = claim(user, now=timezone.now(), early=True)
    assert job is not None
    return run_slice(job)


@pytest.mark.once
def test_with_the_bundle_a_whole_run_goes_over_tls(
    box: Sandbox, user: User, over_tls: Server, authority: Authority, settings: Any
) -> None:
    settings.VK_CA_BUNDLE = authority.bundle()
    assert run(user).status == Status.SUCCESS
    assert_complete(box)
    assert written(box) == {"market.add": ITEMS}
    assert not OperatorAlert.objects.exists()


@pytest.mark.once
def test_the_bundle_is_not_used_for_the_host_that_takes_the_pictures(
    box: Sandbox, user: User, over_tls: Server, authority: Authority, settings: Any
) -> None:
    pictures = box.another_vk_host(authority.server_context())
    pictures.start()
    box.vk.address = pictures.url
    settings.VK_CA_BUNDLE = authority.bundle()
    assert begin(user).status == Status.PENDING
    assert (box.vk.uploads, written(box)) == (0, Counter())
    assert OperatorAlert.objects.open().get().code == "vk.tls_untrusted"
    pictures.stop()


@pytest.mark.once
def test_pictures_are_not_sent_to_a_host_that_is_not_vks(
    box: Sandbox, user: User, settings: Any, mailoutbox: list[EmailMessage]
) -> None:
    settings.VK_UPLOAD_HOSTS = ["vk.com"]
    settings.OPERATOR_EMAILS = ["operator@example.com"]
    assert begin(user).status == Status.PENDING
    assert (box.vk.uploads, written(box)) == (0, Counter())
    alert = OperatorAlert.objects.open().get()
    assert (alert.code, alert.host) == (VkError.UPLOAD_HOST, "127.0.0.1")
    send_operator_alert.fn(alert.pk)
    assert "VK_UPLOAD_HOSTS" in mailoutbox[0].body
    settings.VK_UPLOAD_HOSTS = ["127.0.0.1"]
    assert go_on(user).status == Status.SUCCESS
    assert_complete(box)


@pytest.mark.once
@pytest.mark.parametrize(
    ("api", "listed", "url", "known"),
    [
        ("https://partners.api.vk.ru", [], "https://pu.vk.com/upload", True),
        ("https://api.vk.com", [], "https://pu.vk.ru/upload", True),
        ("https://partners.api.vk.ru", [], "https://sandbox.example/upload", False),
        ("https://partners.api.vk.ru", [], "https://127.0.0.1/upload", False),
        ("https://partners.api.vk.ru", [".pictures.example"], "https://eu.pictures.example/upload", True),
        ("https://partners.api.vk.ru", [".pictures.example"], "https://pu.vk.com/upload", False),
        ("http://127.0.0.1:8001", [], "http://127.0.0.1:8001/upload", True),
        ("http://127.0.0.1:8001", [], "https://pu.vk.com/upload", False),
    ],
)
def test_pictures_go_to_vks_hosts_to_those_that_are_listed_or_to_the_stand_in(
    settings: Any,
    api: str,
    listed: list[str],
    url: str,
    known: bool,  # noqa: FBT001 - the table's last column
) -> None:
    settings.VK_API_URL, settings.VK_UPLOAD_HOSTS = api, listed
    try:
        vk_upload_urls().check("vk", VkError.UPLOAD_HOST, url)
    except OperatorActionRequired:
        assert not known
    else:
        assert known


@pytest.fixture
def staff(user: User) -> User:
    return User.objects.create_user("staff@example.com", "a-long-password", is_staff=True)


@pytest.fixture
def waiting_run(
    user: User, over_tls: Server, django_capture_on_commit_callbacks: Callable[..., Any]
) -> SyncJob:
    """Let a run and the health checks look at the untrusted host again and again."""
    with django_capture_on_commit_callbacks(execute=True):
        job = begin(user)
        for _ in range(6):
            job = go_on(user)
            assert check_health(VkConnection.objects.get(user=user), now=timezone.now())
    return job


def test_staff_are_told_once_of_an_untrusted_certificate(
    caplog: pytest.LogCaptureFixture, staff: User, waiting_run: SyncJob, mailoutbox: list[EmailMessage]
) -> None:
    alert = OperatorAlert.objects.open().get()
    assert (alert.code, alert.host) == ("vk.tls_untrusted", "127.0.0.1")
    assert [
        record.levelname for record in caplog.get_records("setup") if "vk.tls_untrusted" in record.message
    ] == ["ERROR"]
    assert [message.args for message in waiting(actor="send_operator_alert")] == [(alert.pk,)]
    send_operator_alert.fn(alert.pk)
    assert [mail.to for mail in mailoutbox] == [[staff.email]]
    assert "127.0.0.1" in mailoutbox[0].body
    assert [one.code for one in build_dashboard(now=timezone.now()).alerts] == ["vk.tls_untrusted"]
    assert b'evosync_operator_alerts{code="vk.tls_untrusted"} 1.0' in metrics.render()


@pytest.mark.once
def test_named_operators_are_told_instead_of_all_staff(
    staff: User, waiting_run: SyncJob, mailoutbox: list[EmailMessage], settings: Any
) -> None:
    settings.OPERATOR_EMAILS = ["ops@example.com"]
    send_operator_alert.fn(OperatorAlert.objects.open().get().pk)
    assert [mail.to for mail in mailoutbox] == [["ops@example.com"]]


def test_a_run_waits_for_the_operator_and_harms_nothing(
    box: Sandbox, user: User, waiting_run: SyncJob
) -> None:
    assert (waiting_run.status, box.vk.requests, written(box)) == (Status.PENDING, 0, Counter())
    assert waiting_run.not_before is not None
    assert waiting_run.not_before - timezone.now() < timedelta(minutes=6)
    assert not waiting_run.items.exclude(error_code="").exists()
    assert not Listing.objects.exclude(last_error="").exists()
    connection = VkConnection.objects.get(user=user)
    assert (connection.is_online, connection.last_error, connection.paused_until) == (True, "", None)
    # No email to the merchant, not even later.
    assert not Notification.objects.exists()
    assert not waiting(actor="send_notice")


def test_a_run_goes_on_by_itself_when_the_certificate_is_trusted(
    box: Sandbox, user: User, waiting_run: SyncJob, authority: Authority, settings: Any
) -> None:
    settings.VK_CA_BUNDLE = authority.bundle()
    assert go_on(user).status == Status.SUCCESS
    assert_complete(box)
    assert written(box) == {"market.add": ITEMS}
    assert not OperatorAlert.objects.open().exists()


def test_the_merchants_page_says_that_nothing_of_theirs_is_wrong(
    user: User, over_tls: Server, client: Client
) -> None:
    begin(user)
    client.force_login(user)
    page = client.get("/connections/", headers={"accept-language": "en"}).content.decode()
    assert "EvoSync cannot reach VK at the moment." in page
    assert "Nothing of yours is wrong" in page


@pytest.mark.once
def test_an_untrusted_certificate_of_evotor_is_the_operators_problem_too(
    box: Sandbox, user: User, authority: Authority, settings: Any
) -> None:
    tls_box = Sandbox(tls=authority.server_context())
    with tls_box:
        settings.EVOTOR_API_URL = tls_box.evotor_url
        assert begin(user).status == Status.PENDING
    assert OperatorAlert.objects.open().get().code == "evotor.tls_untrusted"
    assert EvotorConnection.objects.get(user=user).is_online
    assert written(box) == Counter()


def test_a_bundle_that_is_missing_or_broken_is_the_operators_problem(
    user: User, over_tls: Server, settings: Any, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----\n")
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for path in (tmp_path / "gone.pem", broken, empty):
        settings.VK_CA_BUNDLE = str(path)
        OperatorAlert.objects.all().delete()
        request_sync(user, trigger=SyncJob.Trigger.SCHEDULE)
        assert go_on(user).status == Status.PENDING
        assert OperatorAlert.objects.open().get().code == "vk.tls_untrusted"


def test_an_alert_that_nobody_sees_any_more_is_closed() -> None:
    for hours in (1, 3):
        seen = timezone.now() - timedelta(hours=hours)
        OperatorAlert.objects.create(code="vk.tls_untrusted", host=f"{hours}.example.com", last_seen_at=seen)
    check_all_connections.fn()
    assert [alert.host for alert in OperatorAlert.objects.open()] == ["1.example.com"]


@pytest.mark.once
def test_while_the_first_host_is_dead_the_other_one_is_asked(
    box: Sandbox, user: User, second_host: Server, settings: Any
) -> None:
    settings.VK_API_FALLBACK_URL = second_host.url
    box.vk.forget_calls()
    box.stop_first_vk_host()
    assert run(user).status == Status.SUCCESS
    assert_complete(box)
    assert written(box) == {"market.add": ITEMS}


@pytest.mark.once
def test_a_first_host_that_speaks_no_tls_counts_as_unreachable(
    box: Sandbox, user: User, second_host: Server, settings: Any
) -> None:
    settings.VK_API_URL, settings.VK_API_FALLBACK_URL = (
        box.vk_url.replace("http:", "https:"),
        second_host.url,
    )
    assert run(user).status == Status.SUCCESS
    assert_complete(box)


@pytest.mark.once
def test_a_host_that_dies_in_the_middle_of_a_run_doubles_nothing(
    box: Sandbox, user: User, second_host: Server, settings: Any
) -> None:
    settings.VK_API_FALLBACK_URL = second_host.url
    box.vk.forget_calls()
    # The batch with the twelfth item takes effect, and its answer dies with the host.
    box.vk.fault("action", method="market.add", nth=12, do=box.stop_first_vk_host)
    assert run(user).status == Status.SUCCESS
    assert_complete(box)
    # The host's last script may still have been running when the other was asked: what was then sent
    # again VK refuses by its picture.
    done = Counter(call.method for call in box.vk.calls if call.method in WRITES and call.error is None)
    assert done == {"market.add": ITEMS}
    assert second_host.served > 0


@pytest.mark.once
def test_a_lost_answer_of_the_first_host_is_never_sent_again_to_the_other(
    box: Sandbox, user: User, second_host: Server, settings: Any
) -> None:
    settings.VK_API_FALLBACK_URL = second_host.url
    # Only the pictures go there; they need no fallback.
    box.vk.address = box.vk_url
    box.vk.forget_calls()
    box.vk.fault("reset_after", method="market.add", nth=7, inner=True)
    assert run(user).status == Status.SUCCESS
    assert_complete(box)
    assert written(box) == {"market.add": ITEMS}
    assert second_host.served == 0


def test_an_untrusted_first_host_is_not_replaced_by_the_other(
    user: User, over_tls: Server, second_host: Server, settings: Any
) -> None:
    settings.VK_API_FALLBACK_URL = second_host.url
    assert begin(user).status == Status.PENDING
    assert second_host.served == 0
    assert OperatorAlert.objects.open().count() == 1


@pytest.mark.once
def test_a_dead_host_is_remembered_so_that_only_one_request_waits_for_it(
    box: Sandbox, user: User, second_host: Server, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.VK_API_FALLBACK_URL = second_host.url
    box.stop_first_vk_host()
    assert run(user).status == Status.SUCCESS
    assert [record.levelname for record in caplog.records if "cannot be reached" in record.message] == [
        "WARNING"
    ]


@pytest.mark.once
def test_the_first_host_is_asked_again_by_itself(
    box: Sandbox, user: User, second_host: Server, settings: Any
) -> None:
    settings.VK_API_FALLBACK_URL = second_host.url
    box.vk.address = box.vk_url
    SharedHostMemory().note_unreachable(box.vk_url)
    assert run(user).status == Status.SUCCESS
    on_the_second = second_host.served
    assert on_the_second > 0
    # As when its time is over.
    cache.clear()
    box.evotor.add_product(store_of(box).id, "Ложка столовая", price=5, quantity=1)
    assert run(user).status == Status.SUCCESS
    assert second_host.served == on_the_second


def test_where_both_hosts_are_dead_the_run_waits_as_for_any_network_fault(
    box: Sandbox, user: User, second_host: Server, settings: Any
) -> None:
    settings.VK_API_FALLBACK_URL = box.vk_url.replace("127.0.0.1", "localhost")
    box.stop_first_vk_host()
    assert begin(user).status == Status.PENDING
    assert written(box) == Counter()
    assert not OperatorAlert.objects.exists()
