"""Logging in while VK's moderators still look at the app, and the button that fixes a dead login."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from connections.health_checks import due_checks
from connections.models import EvotorConnection, HealthCheckLog, OperatorAlert, VkConnection
from connections.signals import service_connected
from connections.tasks import check_connection
from connections.vk.connect import connect_vk
from connections.vk.login import choose_community
from sandbox import Sandbox
from sandbox.vk.vk_id_records import VkApp
from syncing.models import SyncJob
from tests.queues import waiting, work_off
from tests.web.shop import Shop
from tests.web.test_vk_id import box, browser, come_back, consent, merchant, said, start

__all__ = ["box", "browser", "merchant"]

pytestmark = [pytest.mark.django_db, pytest.mark.same_statements]

WAITING = "vk_id.no_market_right"
RIGHTS_CHANGED = "vk.15_1133"
ALL = frozenset({"market", "groups"})


@pytest.fixture
def look(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Callable[[User], None]:
    """Return a function that lets the worker look at a merchant's connection, and sends what follows."""
    waiting()

    def do(user: User) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            check_connection.fn("vk", user.pk)
        with django_capture_on_commit_callbacks(execute=True):
            work_off()

    return do


def row() -> VkConnection:
    return VkConnection.objects.get(user__email="anna@example.com")


def log_in(client: Client, app: VkApp, rights: frozenset[str]) -> str:
    app.allowed = rights
    return said(come_back(client, consent(start(client))))


def page_of(client: Client, name: str = "connections:index") -> str:
    return client.get(reverse(name), headers={"accept-language": "en"}).content.decode()


@pytest.mark.once
def test_a_login_before_vk_has_agreed_is_kept_and_waits(browser: Client, box: Sandbox) -> None:
    log_in(browser, box.vk_app, frozenset({"groups"}))
    assert (row().last_error, row().is_online, row().waits_for_right) == (WAITING, False, True)
    for name in ("connections:index", "connections:onboarding", "syncing:dashboard"):
        page = page_of(browser, name)
        assert "its moderators are still looking" in page or name == "connections:onboarding", name
    assert "Ask VK now" in page_of(browser)
    assert "es-mark-bad" not in page_of(browser)


@pytest.mark.once
def test_the_community_may_be_chosen_while_waiting(browser: Client, box: Sandbox, merchant: User) -> None:
    log_in(browser, box.vk_app, frozenset({"groups"}))
    answer = browser.post(reverse("connections:vk_community"), {"group-community": "tea_shop"})
    assert answer.status_code == 302
    assert (row().group_id, row().last_error, row().is_online) == (box.group_id, WAITING, False)


@pytest.mark.once
def test_a_community_that_does_not_fit_is_refused_while_waiting_too(browser: Client, box: Sandbox) -> None:
    log_in(browser, box.vk_app, frozenset({"groups"}))
    box.vk.add_community("Не наша", "not_ours", {})
    answer = browser.post(reverse("connections:vk_community"), {"group-community": "not_ours"})
    assert answer.status_code == 422
    assert row().group_id is None


def test_what_waits_is_looked_at_once_a_day(browser: Client, box: Sandbox, merchant: User) -> None:
    log_in(browser, box.vk_app, frozenset({"groups"}))
    now = timezone.now()
    assert due_checks(now + timedelta(hours=2)) == []
    assert due_checks(now + timedelta(hours=24)) == [("vk", merchant.pk)]


def test_a_look_that_finds_no_right_says_nothing(
    browser: Client,
    box: Sandbox,
    merchant: User,
    look: Callable[[User], None],
    mailoutbox: list[EmailMessage],
) -> None:
    log_in(browser, box.vk_app, frozenset({"groups"}))
    choose_community(merchant, group=box.group_id, now=timezone.now())
    for _day in range(3):
        look(merchant)
    assert row().waits_for_right
    assert mailoutbox == []
    assert not HealthCheckLog.objects.filter(event__in=("online", "offline")).exists()


@pytest.mark.once
@pytest.mark.parametrize("chosen", [True, False])
@pytest.mark.parametrize("shows", ["scope", "answer"])
def test_when_vk_agrees_the_merchant_is_told_once_and_work_goes_on_by_itself(
    browser: Client,
    box: Sandbox,
    merchant: User,
    look: Callable[[User], None],
    mailoutbox: list[EmailMessage],
    *,
    chosen: bool,
    shows: str,
) -> None:
    """VK may say it with the renewed token, or only let the token do it."""
    log_in(browser, box.vk_app, frozenset({"groups"}))
    if chosen:
        choose_community(merchant, group=box.group_id, now=timezone.now())
    connected: list[str] = []

    def note(sender: object, *, service: str, **more: Any) -> None:
        connected.append(service)

    service_connected.connect(note)
    box.vk_id.widen_grants(ALL, named=shows == "scope")
    for _round in range(3):
        look(merchant)
    service_connected.disconnect(note)
    if not chosen and shows == "answer":
        # Without a community there is nothing to try the right on.
        assert (row().waits_for_right, mailoutbox) == (True, [])
        return
    assert row().is_online
    assert [mail.to for mail in mailoutbox] == [[merchant.email]]
    if chosen:
        assert connected[0] == "vk"
        assert "EvoSync работает сам" in mailoutbox[0].body
    else:
        assert "Сообщество VK ещё не выбрано" in mailoutbox[0].body


def test_when_another_login_shows_the_right_the_button_is_offered_and_told_once(
    browser: Client,
    box: Sandbox,
    merchant: User,
    look: Callable[[User], None],
    mailoutbox: list[EmailMessage],
) -> None:
    log_in(browser, box.vk_app, frozenset({"groups"}))
    choose_community(merchant, group=box.group_id, now=timezone.now())
    look(merchant)
    operator = User.objects.create_user("operator@example.com", "a long passphrase")
    other = Client()
    other.force_login(operator)
    log_in(other, box.vk_app, ALL)
    assert ("vk", merchant.pk) in due_checks(timezone.now()), "the next round looks, not tomorrow's"
    for _round in range(3):
        look(merchant)
    assert row().last_error == RIGHTS_CHANGED
    assert [mail.to for mail in mailoutbox] == [[merchant.email]]
    assert "Войти в VK заново" in mailoutbox[0].body
    assert "Log in to VK again</button>" in page_of(browser)
    come_back(browser, consent(start(browser)))
    assert row().is_online
    assert row().group_id == box.group_id


@pytest.mark.once
def test_a_merchant_who_leaves_products_out_is_told_to_log_in_again(browser: Client, box: Sandbox) -> None:
    other = Client()
    other.force_login(User.objects.create_user("operator@example.com", "a long passphrase"))
    log_in(other, box.vk_app, ALL)
    log_in(browser, box.vk_app, frozenset({"groups"}))
    assert row().last_error == RIGHTS_CHANGED
    assert "Log in to VK again</button>" in page_of(browser)


@pytest.mark.once
def test_a_working_connection_is_never_given_up_for_a_login_without_the_right(
    browser: Client, box: Sandbox, merchant: User
) -> None:
    connect_vk(merchant, token=box.vk_token, group=box.group_id, now=timezone.now())
    text = log_in(browser, box.vk_app, frozenset({"groups"}))
    assert text
    assert (row().access_token, row().is_online, row().connection_type) == (box.vk_token, True, "pasted")


@pytest.mark.once
def test_a_login_that_dies_while_it_waits_is_told(
    browser: Client,
    box: Sandbox,
    merchant: User,
    look: Callable[[User], None],
    mailoutbox: list[EmailMessage],
) -> None:
    log_in(browser, box.vk_app, frozenset({"groups"}))
    box.vk.fault("error", method="oauth2/auth", text="invalid_grant", times=0)
    for _round in range(2):
        look(merchant)
    assert row().last_error == "vk_id.invalid_grant"
    assert len(mailoutbox) == 1
    assert "Log in to VK again</button>" in page_of(browser)


@pytest.mark.once
def test_vk_being_away_while_it_waits_changes_nothing(
    browser: Client,
    box: Sandbox,
    merchant: User,
    look: Callable[[User], None],
    mailoutbox: list[EmailMessage],
) -> None:
    log_in(browser, box.vk_app, frozenset({"groups"}))
    box.vk.fault("http", method="oauth2/auth", status=502, times=0)
    look(merchant)
    assert row().waits_for_right
    assert mailoutbox == []


@pytest.mark.once
def test_the_button_that_asks_now_shows_the_page_as_it_is_then(browser: Client, box: Sandbox) -> None:
    log_in(browser, box.vk_app, frozenset({"groups"}))
    button = reverse("connections:vk_check")
    answer = browser.post(button, headers={"HX-Request": "true"})
    assert answer["HX-Refresh"] == "true"
    box.vk_id.widen_grants(ALL, named=True)
    browser.post(button, headers={"HX-Request": "true"})
    assert "its moderators" not in page_of(browser)


# The button beside the error


def lose_right(box: Sandbox, merchant: User) -> None:
    """Let VK answer 15/1133 to whatever needs the right."""
    connect_vk(merchant, token=box.vk_token, group=box.group_id, now=timezone.now())
    box.vk.fault("error", method="market.get", code=15, subcode=1133, times=0)


@pytest.mark.once
def test_a_lost_right_stays_lost_until_a_login_although_the_community_answers(
    browser: Client,
    box: Sandbox,
    merchant: User,
    look: Callable[[User], None],
    mailoutbox: list[EmailMessage],
) -> None:
    lose_right(box, merchant)
    VkConnection.objects.update(is_online=False, last_error=RIGHTS_CHANGED)
    for _round in range(3):
        look(merchant)
    assert (row().is_online, row().last_error) == (False, RIGHTS_CHANGED)
    assert mailoutbox == []


@pytest.mark.once
@pytest.mark.parametrize("code", [RIGHTS_CHANGED, "vk.5", "vk_id.invalid_grant", "vk.3305"])
def test_the_login_button_stands_beside_the_error_wherever_it_is_shown(
    owner: Client, shop: Shop, settings: Settings, code: str
) -> None:
    settings.VK_CLIENT_ID = "51000001"
    shop.switch_on()
    job = shop.job(SyncJob.Status.FAILED, error_code=code)
    VkConnection.objects.update(is_online=False, last_error=code)
    button = re.compile(rf'action="{reverse("vk_id:start")}".*?>Log in to VK again</button>', re.DOTALL)
    for url in (
        reverse("connections:index"),
        reverse("syncing:dashboard"),
        reverse("syncing:job", args=[job.pk]),
    ):
        assert button.search(owner.get(url).content.decode()), url
    VkConnection.objects.update(is_online=True, last_error="")
    for url in (
        reverse("connections:index"),
        reverse("syncing:dashboard"),
        reverse("syncing:job", args=[job.pk]),
    ):
        assert not button.search(owner.get(url).content.decode()), f"{url}: it works again"


@pytest.mark.once
@pytest.mark.parametrize("code", ["vk.1438", "vk.205", "vk.2", WAITING])
def test_no_login_is_offered_where_it_would_not_help(
    owner: Client, shop: Shop, settings: Settings, code: str
) -> None:
    settings.VK_CLIENT_ID = "51000001"
    VkConnection.objects.update(is_online=False, last_error=code)
    assert "Log in to VK again</button>" not in page_of(owner)


def test_a_login_through_the_merchants_own_app_goes_through_it_again(owner: Client, shop: Shop) -> None:
    VkConnection.objects.update(
        is_online=False, last_error=RIGHTS_CHANGED, connection_type="vk_id", app_id="52000002"
    )
    assert 'name="app_id" value="52000002"' in page_of(owner)


def test_what_only_the_operator_can_fix_is_said_on_the_first_page(owner: Client, shop: Shop) -> None:
    OperatorAlert.objects.create(code="vk.tls_untrusted", host="partners.api.vk.ru")
    assert "operator is informed" not in page_of(owner, "syncing:dashboard"), "no run waits"
    shop.switch_on()
    assert "operator is informed" in page_of(owner, "syncing:dashboard")
    job = shop.job(SyncJob.Status.PENDING)
    assert "operator is informed" in owner.get(reverse("syncing:job", args=[job.pk])).content.decode()
    OperatorAlert.objects.update(resolved_at=timezone.now())
    assert "operator is informed" not in page_of(owner, "syncing:dashboard")


# The words that a merchant never reads

PROGRAMMERS_WORDS = re.compile(
    r"\b(tokens?|applications?|apps?|API)\b|токен|приложени|\bAPI\b", re.IGNORECASE
)
STATES = [
    "",
    "vk.5",
    RIGHTS_CHANGED,
    "vk.15",
    "vk.17",
    "vk.1117",
    "vk.3609",
    "vk.2",
    "vk.38",
    "vk.1438",
    WAITING,
]


def visible(page: str) -> str:
    """Return what a browser shows of a page: no markup, no attributes but those that are read out."""
    main = page[page.index("<main") : page.index("</main>")]
    spoken = " ".join(re.findall(r'(?:title|alt|aria-label|placeholder|value)="([^"]*)"', main))
    return re.sub(
        r"<[^>]+>", " ", re.sub(r"<(script|style|template).*?</\1>", " ", main, flags=re.DOTALL)
    ) + re.sub(r"[\w=+/-]{40,}", " ", spoken)


def words_in(text: str) -> list[str]:
    """Return each programmer's word with what stands around it."""
    return [text[max(0, found.start() - 40) : found.end() + 20] for found in PROGRAMMERS_WORDS.finditer(text)]


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("evotor", ["code", "login"])
def test_a_merchant_of_an_approved_app_never_reads_a_programmers_word(
    owner: Client, shop: Shop, settings: Settings, language: str, evotor: str
) -> None:
    settings.VK_CLIENT_ID = "51000001"
    settings.EVOTOR_WEBHOOK_TOKEN = ["t2"] if evotor == "code" else []
    settings.EVOTOR_OAUTH_CLIENT_ID = "evosync" if evotor == "login" else ""
    VkConnection.objects.update(connection_type="vk_id", refresh_token="r", scope="market groups")
    EvotorConnection.objects.update(connection_type="oauth" if evotor == "login" else "webhook")
    HealthCheckLog.objects.bulk_create(
        HealthCheckLog(user=shop.user, service="vk", event=event, detail=detail)
        for event, detail in (("token_refreshed", ""), ("token_refresh_failed", "vk_id.invalid_grant"))
    )
    headers = {"accept-language": language}
    found = {}

    def read(state: str) -> None:
        for name in ("connections:index", "connections:onboarding", "syncing:dashboard", "syncing:sync"):
            text = visible(owner.get(reverse(name), headers=headers).content.decode())
            found[f"{name} {state}"] = words_in(text)

    for code in STATES:
        VkConnection.objects.update(is_online=not code, last_error=code)
        job = shop.job(SyncJob.Status.FAILED, error_code=code) if code else None
        read(code or "online")
        if job:
            page = owner.get(reverse("syncing:job", args=[job.pk]), headers=headers).content.decode()
            found[f"run {code}"] = words_in(visible(page))
    VkConnection.objects.update(group_id=None, is_online=False, last_error="")
    read("no community")
    VkConnection.objects.all().delete()
    read("not connected")
    assert {where: words for where, words in found.items() if words} == {}
    assert reverse("connections:other_ways") in owner.get(reverse("connections:index")).content.decode()


@pytest.mark.once
@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_other_ways_have_a_way_on_for_somebody_without_a_token(
    owner: Client, shop: Shop, settings: Settings, language: str
) -> None:
    settings.VK_CLIENT_ID = "51000001"
    page = owner.get(
        reverse("connections:other_ways"), headers={"accept-language": language}
    ).content.decode()
    assert 'id="vk-form"' in page
    assert 'href="https://id.vk.com/about/business/go"' in page
    assert reverse("feed:index") in page
    assert ("April 2026" if language == "en" else "апреле 2026") in page
