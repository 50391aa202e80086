"""Two languages, each whole: no Russian letter where English is read, no English word where Russian is.

The merchant's own data is in neither: here the names of the goods are digits.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from catalog.models import Product, ProductGroup, Store
from connections.choices import NotificationKind
from connections.clients.service import Service
from connections.notifications import send_notification
from syncing.choices import ClosureResult, FeedReader
from syncing.jobs.account_closure import send_closure_email_to
from syncing.models import Notification, NotificationSettings, SyncJob
from syncing.services.deliveries import hand_over_digests, send_test
from syncing.services.delivery_sender import send_due
from syncing.services.safety_messages import QUESTIONS
from tests.web.addresses import pages
from tests.web.shop import Shop, a_merchant
from tests.web.test_every_address import url_of

CYRILLIC = re.compile(r"[А-яЁё]+")
# A word of Latin letters that is no part of an address, a token or a {placeholder}.
LATIN = re.compile(r"(?<![\w@./:{-])[A-Za-z][A-Za-z'’]+(?![\w@/}-]|\.\w)")
# Names and signs that a Russian shopkeeper reads in Latin letters.
NAMES = {
    *(
        "EvoSync",
        "VK",
        "ID",
        "API",
        "YML",
        "CSV",
        "XLSX",
        "Excel",
        "JPEG",
        "PNG",
        "WebP",
        "HEIC",
        "AVIF",
        "ZIP",
        "Chrome",
        "Android",
        "iPhone",
        "Safari",
        "Wi-Fi",
        "Linux",
        "http",
        "https",
    ),
    # A reader of feeds.
    *("Soc", "Commerce", "Soc-Commerce"),
    # The apps with codes; VK's kind of app and its name of the right to goods.
    *("Aegis", "FreeOTP", "Google", "Authenticator", "Web", "market", "Admin"),
}
# What is read to the eye or the ear, besides the text between tags.
SPOKEN = {"title", "placeholder", "alt", "aria-label", "data-copied", "data-confirm"}
LANGUAGE_SWITCH = {"EN", "EN – English", "English", "RU", "RU – по-русски", "По-русски", "Русский"}
STRANGER = (
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_email_verification_sent",
    "account_inactive",
)
OWN = (
    "account_email",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "usersessions_list",
    "mfa_index",
)


class Words(HTMLParser):
    """Collects what a page shows or says; the language switch names the other language on purpose."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what attributes say; note where code begins."""
        self._silent += tag in {"script", "style", "code", "kbd"}
        self.found += [value for name, value in attrs if name in SPOKEN and value]
        values = dict(attrs)
        if tag == "input" and values.get("type") in {"submit", "button"}:
            self.found.append(values.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        """Note where code ends."""
        self._silent -= tag in {"script", "style", "code", "kbd"}

    def handle_data(self, data: str) -> None:
        """Take text."""
        if not self._silent and data.strip():
            self.found.append(data.strip())


def foreign(text: str, language: str) -> set[str]:
    """Return the words that a reader of this language cannot read."""
    if language == "en":
        return set(CYRILLIC.findall(text))
    return set(LATIN.findall(text)) - NAMES


def foreign_in_page(page: str, language: str) -> set[str]:
    """Return the words of a page that are in the other language."""
    said = [text for text in Words(page).found if text not in LANGUAGE_SWITCH]
    return foreign("\n".join(said), language)


@pytest.fixture
def shop(db: None) -> Shop:
    """Return a shop that has been through good and bad runs, and whose data are digits."""
    shop = Shop(a_merchant("owner@example.com"))
    Store.objects.update(name="10917")
    ProductGroup.objects.update(name="20917")
    Product.objects.update(name="30917", measure_name="", article_number="", code="", description="")
    shop.listing.sent |= {"title": "30917", "album": "20917"}
    shop.listing.save()
    shop.item(shop.job(), Product.objects.all()[0], action="create")
    failed = shop.job(SyncJob.Status.PARTIAL, error_count=1, skipped_by_reason={"no_price": 2})
    shop.item(failed, Product.objects.all()[1], action="update", result="failed", error_code="vk.1405")
    shop.job(SyncJob.Status.FAILED, error_code="vk.5")
    return shop


@pytest.mark.same_statements
@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_page_is_in_one_language(shop: Shop, language: str) -> None:
    stranger = Client(headers={"accept-language": language})
    addresses = {(name, reverse(name)): stranger for name in (*STRANGER, "syncing:dashboard")}
    merchant = Client(headers={"accept-language": language})
    merchant.force_login(shop.user)
    addresses |= {(name, reverse(name)): merchant for name in OWN}
    addresses |= {(f"{name} of a merchant", url_of(name, shop)): merchant for name in pages()}
    addresses |= {
        (f"run {job.status}", reverse("syncing:job", args=[job.pk])): merchant
        for job in SyncJob.objects.all()
    }
    addresses |= {("errors", f"{reverse('catalog:list')}?show=errors"): merchant}
    addresses |= {(f"feed for {one}", reverse("feed:reader", args=[one])): merchant for one in FeedReader}
    answers = {name: client.get(url) for (name, url), client in addresses.items()}
    shown = {name: answer.content.decode() for name, answer in answers.items() if answer.status_code == 200}
    assert len(shown) > 25
    bad = {name: words for name, page in shown.items() if (words := foreign_in_page(page, language))}
    assert bad == {}


@pytest.mark.once
@pytest.mark.same_statements
@pytest.mark.parametrize("language", ["ru", "en"])
def test_what_a_form_refuses_is_said_in_the_readers_language(shop: Shop, language: str) -> None:
    client = Client(headers={"accept-language": language})
    pages = [
        client.post(reverse("account_login"), {"login": "owner@example.com", "password": "0"}),
        client.post(reverse("account_signup"), {"email": "1", "phone": "1", "password1": "1"}),
        client.post(reverse("account_reset_password"), {"email": "1"}),
    ]
    client.force_login(shop.user)
    pages += [
        client.post(reverse("accounts:profile"), {"phone": "12", "language": "0"}),
        client.post(reverse("syncing:rules"), {"markup_percent": "-900"}),
        client.post(reverse("account_change_password"), {"oldpassword": "1", "password1": "2"}),
    ]
    for page in pages:
        assert page.status_code in {200, 422}
        assert foreign_in_page(page.content.decode(), language) == set()


def monday(now: datetime) -> datetime:
    """Return the noon of the next Monday."""
    noon = timezone.localtime(now).replace(hour=12)
    return noon + timedelta(days=7 - noon.weekday())


def _write_everything(user: User, shop: Shop, language: str) -> Iterator[None]:
    now, client = timezone.now(), Client(headers={"accept-language": language})
    job = SyncJob.objects.filter(status=SyncJob.Status.PARTIAL).get()
    SyncJob.objects.filter(pk=job.pk).update(questions=[[code, 2, 20] for code in QUESTIONS])
    for kind in Notification.Trouble.values:
        for key in (f"{user.pk}:{kind}", None):
            Notification.objects.create(
                user=user, trouble=kind, job=job, open_key=key, opened_at=now, not_before=now,
                closed_at=None if key else now, tell_end=not key, sent_at=None if key else now,
            )  # fmt: skip
            # One after the other, or all would be one email.
            send_due(now)
    yield
    NotificationSettings.objects.create(user=user, digest=True)
    send_test(user, now=now)
    hand_over_digests(monday(now))
    send_due(monday(now))
    yield
    for about in NotificationKind:
        for service in Service:
            send_notification(user, service=service, kind=about, code="vk.5")
    yield
    facts = {"goods": "hide", "done": 4, "refused": 2, "names": ["1", "2"], "more": 1, "code": "vk.15"}
    for result in ClosureResult:
        send_closure_email_to(user.email, language, facts | {"kind": result})
    yield
    typed = {"email": "new@example.com", "first_name": "7", "last_name": "7", "password1": "Kassa-4821-lavka"}
    client.post(reverse("account_signup"), typed)
    client = Client(headers={"accept-language": language})
    client.post(reverse("account_signup"), typed | {"email": user.email})
    yield
    client.post(reverse("account_reset_password"), {"email": user.email})
    yield
    client.post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    yield


@pytest.mark.same_statements
@pytest.mark.parametrize("language", ["ru", "en"])
def test_an_email_is_in_one_language(shop: Shop, language: str) -> None:
    User.objects.update(language=language)
    shop.user.refresh_from_db()
    told = 0
    for _ in _write_everything(shop.user, shop, language):
        assert len(mail.outbox) > told, "no email was written"
        told = len(mail.outbox)
    emails = {str(message.subject): f"{message.subject}\n{message.body}" for message in mail.outbox}
    bad = {subject: words for subject, text in emails.items() if (words := foreign(text, language))}
    assert bad == {}


@pytest.mark.once
def test_scripts_have_no_words_of_their_own() -> None:
    """What a script shows stands in the page, where it is translated."""
    for script in (Path(settings.BASE_DIR) / "static" / "evosync").glob("*.js"):
        code = re.sub(r"//[^\n]*|/\*.*?\*/", "", script.read_text(), flags=re.DOTALL)
        assert not CYRILLIC.search(code), script.name
        assert not re.search(r"(?:textContent|innerText|innerHTML|alert\(|title)\s*=?\s*[\"'`]\w", code), (
            script.name
        )
