"""A look of support at a merchant's pages: with consent, for a while, recorded, and only to be read."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.impersonation import SESSION_KEY
from accounts.models import SUPPORT_CONSENT, SupportVisit, User
from accounts.support_access import VISIT, allow_support, start_visit
from syncing.models import SyncJob
from tests.secrets import found_in
from tests.web.addresses import BUTTONS, merchant_addresses
from tests.web.admin.test_actions import act
from tests.web.shop import Shop, a_merchant
from tests.web.test_every_address import url_of

pytestmark = pytest.mark.django_db
VIEWABLE_BY_SUPPORT = frozenset(
    {
        "syncing:dashboard",
        "syncing:sync",
        "syncing:filters",
        "syncing:rules",
        "syncing:rules_card",
        "syncing:categories",
        "syncing:goods_rules",
        "syncing:held_prices",
        "syncing:category",
        "syncing:category_search",
        "syncing:history",
        "syncing:undone",
        "syncing:job",
        "syncing:job_progress",
        "syncing:readiness",
        "catalog:check",
        "catalog:counts",
        "catalog:list",
        "catalog:product",
        "catalog:product_history",
        "catalog:why",
        "catalog:photos",
        "catalog:photo",
        "catalog:photo_import",
        "catalog:photo_import_preview",
        "catalog:thumbnail",
        "connections:index",
        "connections:onboarding",
        "connections:other_ways",
    }
)
# They stand in pages that have the banner.
PARTS = {
    "catalog:counts",
    "catalog:why",
    "syncing:category_search",
    "syncing:job_progress",
    "syncing:readiness",
}
HTMX = {"HX-Request": "true"}
FILES = {"catalog:photo", "catalog:photo_import_preview", "catalog:thumbnail", "syncing:rules_card"}
# The feed's file and pictures stand at secret addresses, for importers that have no session.
ELSEWHERE = {
    "syncing:decide",
    "syncing:decide_prices",
    "accounts:end_visit",
    "accounts:language",
    "feed:file",
    "feed:picture",
    "feed:reader_file",
    "manifest",
    "offline",
    "service_worker",
    "shelf:product",
    "shelf:queue",
    "shelf:thumbnail",
}
REFUSED = sorted(set(merchant_addresses()) - VIEWABLE_BY_SUPPORT - ELSEWHERE)


def _allow(shop: Shop) -> None:
    client = Client()
    client.force_login(shop.user)
    assert client.post(reverse("accounts:support"), {"allow": "1"}).status_code == 302
    shop.user.refresh_from_db()


@pytest.fixture
def already_looking(as_support: Client, supporter: User, shop: Shop) -> Client:
    """Return support's browser in a look at the shop that began without a page."""
    now = timezone.now()
    allow_support(shop.user, now=now)
    session = as_support.session
    session[SESSION_KEY] = start_visit(supporter, merchant=shop.user, now=now).pk
    session.save()
    return as_support


@pytest.fixture
def looking(as_support: Client, shop: Shop) -> Client:
    """Return support's browser in a look at the shop that it began by its button."""
    _allow(shop)
    assert act(as_support, "impersonate", shop.user)["Location"] == reverse("syncing:dashboard")
    return as_support


@pytest.mark.once
def test_without_consent_nobody_impersonates(as_support: Client, as_superuser: Client, shop: Shop) -> None:
    for client in (as_support, as_superuser):
        assert act(client, "impersonate", shop.user)["Location"] != reverse("syncing:dashboard")
        assert client.get(reverse("catalog:product", args=[shop.bread.pk])).status_code == 404
    assert not SupportVisit.objects.exists()
    assert LogEntry.objects.count() == 2, "also what was refused is written down"


def test_the_consent_lasts_a_day_and_an_impersonation_half_an_hour(
    looking: Client, supporter: User, shop: Shop
) -> None:
    now = timezone.now()
    assert shop.user.support_until is not None
    assert now < shop.user.support_until <= now + SUPPORT_CONSENT
    visit = SupportVisit.objects.get()
    assert (visit.staff, visit.merchant, visit.staff_email) == (supporter, shop.user, supporter.email)
    assert now < visit.ends_at <= now + VISIT
    assert LogEntry.objects.filter(user=supporter, object_id=str(shop.user.pk)).count() == 1


def test_each_page_is_the_merchants_with_a_banner_and_without_secrets(
    looking: Client, shop: Shop, secrets: list[str], supporter: User
) -> None:
    for name in sorted(VIEWABLE_BY_SUPPORT):
        if name in FILES:
            continue
        page = looking.get(url_of(name, shop), headers=HTMX if name in PARTS else None)
        text = page.content.decode()
        assert page.status_code == 200, name
        assert found_in(text, secrets) == [], name
        if name not in PARTS:
            assert reverse("accounts:end_visit") in text, name
            assert supporter.email in text, name
            assert shop.user.email in text, name
    assert shop.bread.name in looking.get(reverse("catalog:list")).content.decode()


@pytest.mark.same_statements
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", REFUSED)
def test_no_other_address_works_while_impersonating(
    name: str, method: str, already_looking: Client, shop: Shop
) -> None:
    answer = already_looking.generic(method.upper(), url_of(name, shop))
    assert answer.status_code == 403
    assert SyncJob.objects.filter(stop_requested=True).count() == 0


@pytest.mark.once
def test_nothing_can_be_sent_while_impersonating(looking: Client, shop: Shop) -> None:
    for name in VIEWABLE_BY_SUPPORT - BUTTONS:
        assert looking.post(url_of(name, shop)).status_code == 403, name
    assert act(looking, "refresh", shop.user).status_code == 403


@pytest.mark.once
def test_the_button_ends_the_impersonation(looking: Client, shop: Shop) -> None:
    assert looking.post(reverse("accounts:end_visit")).status_code == 302
    assert SupportVisit.objects.get().ended_at is not None
    assert looking.get(reverse("catalog:product", args=[shop.bread.pk])).status_code == 404


def _end_of_time(shop: Shop, supporter: User) -> None:
    SupportVisit.objects.update(ends_at=timezone.now() - timedelta(seconds=1))


def _consent_of_a_wrong_clock(shop: Shop, supporter: User) -> None:
    shop.user.support_until = timezone.now() + SUPPORT_CONSENT + timedelta(hours=1)
    shop.user.save()


def _end_of_consent(shop: Shop, supporter: User) -> None:
    client = Client()
    client.force_login(shop.user)
    client.post(reverse("accounts:support"), {"allow": "0"})


def _end_of_rights(shop: Shop, supporter: User) -> None:
    supporter.groups.clear()


def _end_of_account(shop: Shop, supporter: User) -> None:
    shop.user.delete()


@pytest.mark.parametrize(
    "end", [_end_of_time, _end_of_consent, _consent_of_a_wrong_clock, _end_of_rights, _end_of_account]
)
def test_impersonation_ends_by_itself(end: Any, looking: Client, shop: Shop, supporter: User) -> None:
    address = reverse("catalog:product", args=[shop.bread.pk])
    assert looking.get(address).status_code == 200
    end(shop, supporter)
    assert looking.get(address)["Location"] == reverse("admin:index")
    assert looking.get(address).status_code == 404
    assert SupportVisit.objects.get().ended_at is not None


def test_staff_cannot_be_impersonated(as_superuser: Client, supporter: User) -> None:
    supporter.support_until = timezone.now() + SUPPORT_CONSENT
    supporter.save()
    act(as_superuser, "impersonate", supporter)
    assert not SupportVisit.objects.exists()


@pytest.mark.once
def test_a_stolen_visit_id_is_of_no_use_to_others(looking: Client, shop: Shop) -> None:
    client = Client()
    client.force_login(a_merchant("thief@example.com"))
    session = client.session
    session["support_visit"] = SupportVisit.objects.get().pk
    session.save()
    address = reverse("catalog:product", args=[shop.bread.pk])
    assert client.get(address).status_code == 302
    assert client.get(address).status_code == 404


def test_the_merchant_sees_who_impersonated_them(looking: Client, shop: Shop, supporter: User) -> None:
    client = Client()
    client.force_login(shop.user)
    assert supporter.email in client.get(reverse("accounts:profile")).content.decode()
