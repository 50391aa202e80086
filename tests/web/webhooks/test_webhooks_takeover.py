"""Attempts to take a till that is somebody else's, and the record of them."""

import random
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from connections.evotor.account_linking import issue_link_code
from connections.models import EvotorConnection, EvotorSubscription, LinkCode, LinkingRecord, WebhookEvent
from sandbox import Sandbox
from sandbox.evotor.webhooks import WebhookCall, Webhooks, bearer
from tests.queues import work_off
from tests.web.webhooks.tools import code_for, connected, deliver, error_of

pytestmark = pytest.mark.django_db
MINE, THEIRS = "01-000000000000001", "01-000000000000666"


@pytest.fixture
def thief(db: None) -> User:
    return User.objects.create_user("thief@example.com", "a long passphrase")


@pytest.mark.once
def test_a_guessed_user_id_links_nothing_by_any_page_of_the_site(
    client: Client, evotor: Webhooks, thief: User, box: Sandbox
) -> None:
    """An iframe's parameters (user id, token, uid) can be forged or stolen: no page takes them."""
    deliver(client, evotor.user_token())
    work_off()
    browser = Client()
    browser.force_login(thief)
    stolen = {
        "user_id": box.evotor.user_id,
        "userId": box.evotor.user_id,
        "token": box.evotor_token,
        "uid": "1",
    }
    for url in ("/", "/connections/", "/connections/start/", "/sync/", "/catalogue/"):
        browser.get(url, stolen)
    browser.post("/connections/evotor/connect/", {"evotor-token": box.evotor.user_id} | stolen)
    deliver(client, evotor.user_verify(password=box.evotor.user_id))
    assert EvotorConnection.objects.get().user is None


@pytest.mark.once
def test_a_code_in_the_query_links_nothing(client: Client, evotor: Webhooks, merchant: User) -> None:
    code = code_for(merchant)
    call = evotor.user_verify(password="wrong")
    call = WebhookCall(f"{call.path}?password={code}&linkCode={code}&user_id={MINE}", call.body, call.headers)
    assert error_of(deliver(client, call)) == (401, 1006)
    assert not EvotorConnection.objects.with_owner().exists()


def test_a_merchants_own_token_opens_no_account_webhook(
    client: Client, evotor: Webhooks, merchant: User, thief: User
) -> None:
    token = connected(client, evotor, merchant)
    for call in (
        evotor.user_create(THEIRS),
        evotor.user_verify(THEIRS, password=code_for(thief)),
        evotor.user_token(MINE, token="another"),
    ):
        assert error_of(deliver(client, call.with_authorization(bearer(token)))) == (401, 1001)
    assert LinkCode.objects.open(timezone.now()).count() == 1


def test_every_attempt_is_in_the_record_with_who_and_why(
    client: Client, evotor: Webhooks, merchant: User, thief: User
) -> None:
    connected(client, evotor, merchant)
    LinkingRecord.objects.all().delete()
    account = EvotorConnection.objects.get().evotor_user_id
    deliver(client, evotor.user_verify(password=code_for(thief)))
    deliver(client, evotor.user_verify(THEIRS, password="AAAAAAAAAA"))
    late = issue_link_code(thief, now=timezone.now() - timedelta(minutes=31))
    deliver(client, evotor.user_verify(THEIRS, password=late))
    rows = LinkingRecord.objects.order_by("pk").values_list("event", "user", "evotor_user_id", "detail")
    refused = [row[1:] for row in rows if row[0] == "refused"]
    assert refused == [
        (thief.pk, account, "bound_elsewhere"),
        (None, THEIRS, "bad_code"),
        (thief.pk, THEIRS, "bad_code"),
    ]


@pytest.mark.once
def test_an_expired_or_used_code_of_the_owner_does_not_tell_that_the_till_is_linked(
    client: Client, evotor: Webhooks, merchant: User, thief: User
) -> None:
    """409 would say to a guesser that the account is with us; only a code that works may learn that."""
    connected(client, evotor, merchant)
    late = issue_link_code(thief, now=timezone.now() - timedelta(minutes=31))
    assert error_of(deliver(client, evotor.user_verify(password=late))) == (401, 1006)


@pytest.mark.once
@pytest.mark.parametrize("slash", [False, True])
def test_a_push_is_taken_with_and_without_a_slash_and_in_both_media_types(
    client: Client, evotor: Webhooks, merchant: User, box: Sandbox, *, slash: bool
) -> None:
    token = connected(client, evotor, merchant)
    store = next(iter(box.evotor.stores))
    call = evotor.products(store, [], user_token=token)
    for kind in ("application/json", "application/vnd.evotor.v2+json;charset=UTF-8"):
        sent = WebhookCall(call.path, call.body, call.headers | {"Content-Type": kind})
        assert deliver(client, sent.with_slash() if slash else sent).status_code == 200
    wrong = call.with_authorization("Bearer wrong")
    assert error_of(deliver(client, wrong.with_slash() if slash else wrong)) == (401, 1002)


@pytest.mark.once
@pytest.mark.parametrize(
    "user", ['"userId": "{id}"', '"userUuid": "{id}"', '"userId": null, "userUuid": "{id}"']
)
@pytest.mark.parametrize("rest", ["", ', "planId": null', ', "planId": ""'])
def test_absent_null_and_empty_are_the_same_in_every_field(
    client: Client, evotor: Webhooks, user: str, rest: str
) -> None:
    call = evotor.subscription_event("SubscriptionRenewed")
    body = (
        '{"subscriptionId": "s", "sequenceNumber": 2, "type": "SubscriptionRenewed", '
        + user.replace("{id}", MINE)
        + rest
        + "}"
    )
    assert deliver(client, WebhookCall(call.path, body.encode(), call.headers)).status_code == 200
    work_off()
    row = EvotorSubscription.objects.get()
    assert (row.evotor_user_id, row.facts) == (MINE, {"type": [2, "SubscriptionRenewed"]})


def test_a_whole_installation_shuffled_repeated_and_days_late_ends_alike(
    client: Client,
    evotor: Webhooks,
    merchant: User,
    box: Sandbox,
    *,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """The link itself comes in its 30 minutes; all else ten times over, in any order, days later."""
    story = [
        evotor.subscription_event("SubscriptionCreated", planId="base"),
        evotor.installation_event("ApplicationInstalled"),
        evotor.user_token(),
        evotor.subscription_event("SubscriptionActivated"),
    ]
    connected(client, evotor, merchant)
    ends = set()
    for seed in range(3):
        random.Random(seed).shuffle(calls := story * 10)
        with django_capture_on_commit_callbacks(execute=True):
            for call in calls:
                assert deliver(client, call).status_code == 200
            work_off()
        work_off()
        # Evotor repeats for three days; by then a copy may be all that it has.
        WebhookEvent.objects.update(received_at=timezone.now() - timedelta(days=3))
        row = EvotorConnection.objects.get()
        ends.add(
            (row.user_id, row.access_token, row.is_online, row.uninstalled_at, WebhookEvent.objects.count())
        )
    assert ends == {(merchant.pk, box.evotor_token, True, None, 5)}
