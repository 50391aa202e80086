"""What staff may do: each action calls its service, is written down with a name, and is refused to others."""

import io
import json
import zipfile
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import models
from django.test import Client
from django.urls import reverse

from accounts.admin_tools import MOST_AT_ONCE
from accounts.models import User
from catalog.models import Product
from connections.models import EvotorConnection, VkConnection
from syncing.models import SyncConfig, SyncJob
from tests.queues import waiting
from tests.secrets import found_in
from tests.web.shop import Shop, a_merchant

pytestmark = pytest.mark.django_db
USER_ACTIONS = {
    "run",
    "refresh",
    "check_connections",
    "pause",
    "resume",
    "resend_confirmation",
    "impersonate",
    "bundle",
    "export",
    "end_sessions",
}
HARMLESS = {"refresh", "check_connections", "impersonate", "bundle"}


@pytest.fixture(autouse=True)
def _empty_queues() -> None:
    waiting()


def act(client: Client, action: str, *rows: models.Model) -> Any:
    """Press an action's button for these rows."""
    opts = rows[0]._meta
    data = {"action": action, "_selected_action": [row.pk for row in rows], "index": "0"}
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    return client.post(address, data, follow=action not in {"bundle", "export", "impersonate"})


def said(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def sent(django_capture_on_commit_callbacks: Any, press: Any) -> list[str]:
    """Return the names of the actors that pressing a button sends messages to."""
    with django_capture_on_commit_callbacks(execute=True):
        press()
    return sorted(message.actor_name for message in waiting())


def test_a_run_is_asked_for_and_written_down(
    as_superuser: Client, superuser: User, shop: Shop, django_capture_on_commit_callbacks: Any
) -> None:
    names = sent(django_capture_on_commit_callbacks, lambda: act(as_superuser, "run", shop.user))
    job = SyncJob.objects.get()
    assert names
    assert (job.user, job.triggered_by) == (shop.user, SyncJob.Trigger.ADMIN)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (superuser, str(shop.user.pk))
    # In the language of the person who pressed the button.
    assert str(job.pk) in entry.change_message


@pytest.mark.once
def test_a_run_that_cannot_start_says_why(as_superuser: Client) -> None:
    user = a_merchant("new@example.com")
    answer = act(as_superuser, "run", user)
    assert "new@example.com: " in said(answer)
    assert len(said(answer)) > len("new@example.com: ")
    assert not SyncJob.objects.exists()
    assert LogEntry.objects.count() == 1


def test_support_may_refresh_and_check(
    as_support: Client, supporter: User, shop: Shop, django_capture_on_commit_callbacks: Any
) -> None:
    capture = django_capture_on_commit_callbacks
    assert sent(capture, lambda: act(as_support, "refresh", shop.user)) == ["refresh_catalog_for_user"]
    assert sent(capture, lambda: act(as_support, "check_connections", shop.user)) == ["check_connection"] * 2
    for connection in (EvotorConnection.objects.get(), VkConnection.objects.get()):
        assert sent(capture, lambda row=connection: act(as_support, "check_now", row)) == ["check_connection"]
    assert LogEntry.objects.filter(user=supporter).count() == 4


@pytest.mark.once
def test_an_unclaimed_till_account_is_not_checked(as_support: Client) -> None:
    row = EvotorConnection.objects.create(evotor_user_id="01-2", access_token="x")
    answer = act(as_support, "check_now", row)
    assert waiting() == []
    assert len(answer.context["messages"]) == 1


@pytest.mark.once
def test_support_is_offered_only_what_does_no_harm(as_support: Client, shop: Shop) -> None:
    page = as_support.get(reverse("admin:accounts_user_changelist"))
    offered = {name for name, _text in page.context["action_form"].fields["action"].choices if name}
    assert offered == HARMLESS
    job = shop.job(SyncJob.Status.NEEDS_APPROVAL, plan_hash="abc")
    refused = [act(as_support, name, shop.user) for name in USER_ACTIONS - HARMLESS]
    refused += [act(as_support, name, job) for name in ("approve", "reject", "stop")]
    refused += [act(as_support, name, shop.config) for name in ("pause", "resume")]
    job.refresh_from_db()
    shop.config.refresh_from_db()
    assert job.status == SyncJob.Status.NEEDS_APPROVAL
    assert shop.config.is_enabled
    assert SyncJob.objects.count() == 1
    assert not LogEntry.objects.exists()
    assert mail.outbox == []
    assert len(refused) == len(USER_ACTIONS - HARMLESS) + 5


@pytest.mark.parametrize("by_user", [True, False])
def test_the_sync_is_paused_and_resumed(as_superuser: Client, shop: Shop, by_user: bool) -> None:  # noqa: FBT001
    row: User | SyncConfig = shop.user if by_user else shop.config
    act(as_superuser, "pause", row)
    shop.config.refresh_from_db()
    assert not shop.config.is_enabled
    act(as_superuser, "resume", row)
    assert SyncConfig.objects.get().is_enabled
    assert LogEntry.objects.count() == 2


@pytest.mark.once
@pytest.mark.parametrize("action", ["run", "resume"])
def test_nobody_confirms_the_first_run_for_the_merchant(
    as_superuser: Client, shop: Shop, action: str
) -> None:
    SyncConfig.objects.update(is_enabled=False, confirmed_at=None)
    answer = act(as_superuser, action, shop.user)
    shop.config.refresh_from_db()
    assert not shop.config.is_enabled
    assert shop.config.confirmed_at is None
    assert not SyncJob.objects.exists()
    assert len(answer.context["messages"]) == 1


def test_a_stopped_plan_is_approved_with_who_and_when(
    as_superuser: Client, superuser: User, shop: Shop
) -> None:
    stopped = shop.job(SyncJob.Status.NEEDS_APPROVAL, plan_hash="abc")
    act(as_superuser, "approve", stopped)
    new = SyncJob.objects.exclude(pk=stopped.pk).get()
    assert (new.approved_plan, new.approved_by) == ("abc", superuser)
    assert new.approved_at is not None
    again = act(as_superuser, "approve", stopped)
    assert SyncJob.objects.count() == 2
    assert len(again.context["messages"]) == 1


def test_a_stopped_plan_is_rejected_with_who_and_when(
    as_superuser: Client, superuser: User, shop: Shop
) -> None:
    stopped, done = shop.job(SyncJob.Status.NEEDS_APPROVAL, plan_hash="abc"), shop.job()
    act(as_superuser, "reject", stopped, done)
    stopped.refresh_from_db()
    done.refresh_from_db()
    assert (stopped.status, stopped.approved_by) == (SyncJob.Status.CANCELLED, superuser)
    assert stopped.approved_at is not None
    assert done.status == SyncJob.Status.SUCCESS


@pytest.mark.once
def test_a_run_is_stopped(as_superuser: Client, shop: Shop) -> None:
    job = shop.job(SyncJob.Status.PENDING)
    act(as_superuser, "stop", job)
    job.refresh_from_db()
    assert job.status == SyncJob.Status.CANCELLED
    answer = act(as_superuser, "stop", job)
    assert len(answer.context["messages"]) == 1


def test_the_confirmation_email_goes_out_again_until_the_address_is_verified(
    as_superuser: Client, shop: Shop
) -> None:
    address = EmailAddress.objects.create(user=shop.user, email=shop.user.email, primary=True)
    act(as_superuser, "resend_confirmation", shop.user)
    act(as_superuser, "resend_confirmation", address)
    assert [message.to for message in mail.outbox] == [[shop.user.email]] * 2
    EmailAddress.objects.update(verified=True)
    act(as_superuser, "resend_confirmation", shop.user)
    act(as_superuser, "resend_confirmation", address)
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("action", ["bundle", "export"])
def test_an_archive_holds_what_is_known_and_no_secret(
    action: str, as_superuser: Client, superuser: User, shop: Shop, secrets: list[str]
) -> None:
    before = LogEntry.objects.count()
    answer = act(as_superuser, action, shop.user)
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert found_in("".join(texts.values()), secrets) == []
    assert all(json.loads(text) is not None for text in texts.values())
    assert shop.user.email in "".join(texts.values())
    assert LogEntry.objects.count() == before + 1
    assert LogEntry.objects.latest("pk").user == superuser


@pytest.mark.once
def test_an_archive_is_of_one_merchant(as_superuser: Client, shop: Shop) -> None:
    other = a_merchant("other@example.com")
    answer = act(as_superuser, "export", shop.user, other)
    assert answer.status_code == 302
    assert not LogEntry.objects.exists()


def test_too_many_rows_at_once_are_refused(as_superuser: Client, shop: Shop) -> None:
    users = [a_merchant(f"m{number}@example.com") for number in range(MOST_AT_ONCE)]
    answer = act(as_superuser, "refresh", shop.user, *users)
    assert waiting() == []
    assert not LogEntry.objects.exists()
    assert len(answer.context["messages"]) == 1


@pytest.mark.once
def test_a_rows_page_has_its_actions_as_buttons(as_superuser: Client, shop: Shop) -> None:
    page = as_superuser.get(reverse("admin:accounts_user_change", args=[shop.user.pk]))
    for name in USER_ACTIONS:
        assert f'name="action" value="{name}"' in page.content.decode()
    product = as_superuser.get(reverse("admin:catalog_product_change", args=[shop.bread.pk]))
    assert 'name="action"' not in product.content.decode()
    assert isinstance(product.context["original"], Product)


def test_rules_are_changed_and_rights_given_by_superusers_only(
    as_superuser: Client, supporter: User, shop: Shop
) -> None:
    from django.contrib.auth.models import Permission

    supporter.user_permissions.add(Permission.objects.get(codename="change_user"))
    client = Client()
    client.force_login(supporter)
    fields = {
        "first_name": "Анна",
        "language": "ru",
        "is_active": "on",
        "is_staff": "on",
        "is_superuser": "on",
    }
    address = reverse("admin:accounts_user_change", args=[shop.user.pk])
    totals = {
        f"{prefix}-{name}": number
        for prefix in ("evotor_connection", "vk_connection", "sync_config")
        for name, number in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))
    }
    assert client.post(address, fields | totals).status_code == 302
    shop.user.refresh_from_db()
    assert shop.user.first_name == "Анна"
    assert not shop.user.is_staff
    assert not shop.user.is_superuser
    assert as_superuser.post(address, fields | totals).status_code == 302
    changed = User.objects.get(pk=shop.user.pk)
    assert changed.is_staff
    assert changed.has_usable_password()
