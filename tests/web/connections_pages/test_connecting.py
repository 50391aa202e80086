"""Connecting, checking and disconnecting both services, against the stand-ins."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.models import User
from connections.clients.error_catalog import CODES
from connections.clients.error_catalog.rows import Reaction
from connections.errors import CannotConnect
from connections.evotor.account_linking import claim_with_code
from connections.evotor.connect import connect_evotor
from connections.models import EvotorConnection, HealthCheckLog, LinkCode, VkConnection
from connections.presenters import next_step_here, refusal_state
from connections.vk.connect import connect_vk
from sandbox import Sandbox
from syncing.models import Listing, SyncConfig, SyncJob

HTMX = {"HX-Request": "true"}


def press(client: Client, name: str, data: dict[str, str] | None = None, **extra: Any) -> Any:
    return client.post(reverse(f"connections:{name}"), data or {}, **extra)


def text_of(answer: Any) -> str:
    content: bytes = answer.content
    return content.decode()


@pytest.fixture
def connected(user: User, box: Sandbox) -> User:
    now = timezone.now()
    connect_evotor(user, token=box.evotor_token, now=now)
    connect_vk(user, token=box.vk_token, group=box.group_id, now=now)
    return user


@pytest.mark.once
def test_a_pasted_evotor_token_connects_the_till(owner: Client, user: User, box: Sandbox) -> None:
    answer = press(owner, "evotor_connect", {"evotor-token": f"  {box.evotor_token}\n"})
    assert answer["Location"] == reverse("connections:index")
    connection = EvotorConnection.objects.get()
    assert (connection.user, connection.access_token, connection.is_online) == (user, box.evotor_token, True)


@pytest.mark.once
@pytest.mark.parametrize("code", ["vk.1438", "vk.205"])
def test_what_vk_wants_in_the_community_is_said_beside_the_connection(
    owner: Client, connected: User, code: str
) -> None:
    goods_can_go = "goods can go there"
    assert goods_can_go in text_of(owner.get(reverse("connections:index")))
    SyncJob.objects.create(user=connected, status="failed", error_code=code, triggered_by="manual")
    page = text_of(owner.get(reverse("connections:index")))
    assert goods_can_go not in page
    assert escape(CODES[code].next_step) in page
    SyncJob.objects.create(user=connected, status="success", triggered_by="manual")
    assert goods_can_go in text_of(owner.get(reverse("connections:index")))


@pytest.mark.once
def test_after_connecting_on_the_first_steps_one_stays_there(owner: Client, box: Sandbox) -> None:
    answer = press(owner, "evotor_connect", {"evotor-token": box.evotor_token, "page": "onboarding"})
    assert answer["Location"] == reverse("connections:onboarding")


@pytest.mark.parametrize("page", ["index", "onboarding"])
@pytest.mark.parametrize("token", ["wrong-secret", "", "токен-secret", "x" * 5000])
def test_a_bad_evotor_token_is_explained_and_not_shown(
    owner: Client, box: Sandbox, page: str, token: str
) -> None:
    answer = press(owner, "evotor_connect", {"evotor-token": token, "page": page})
    assert answer.status_code == 422
    assert answer.context["evotor_form"].errors
    shown = text_of(answer)
    assert "secret" not in shown
    assert "xxxx" not in shown
    assert "es-note-bad" in shown or "es-error" in shown
    assert not EvotorConnection.objects.exists()


@pytest.mark.once
@pytest.mark.usefixtures("no_waiting")
def test_evotor_being_away_is_told_apart_from_a_wrong_token(owner: Client, box: Sandbox) -> None:
    wrong = text_of(press(owner, "evotor_connect", {"evotor-token": "wrong"}))
    box.evotor.fault("http", status=502, times=0)
    away = text_of(press(owner, "evotor_connect", {"evotor-token": box.evotor_token}))
    assert "Evotor does not know this token" in wrong
    assert "does not know this token" not in away
    assert "press the button again" in away
    assert not EvotorConnection.objects.exists()


@pytest.mark.django_db
def test_a_link_code_is_shown_once_and_links_the_till(owner: Client, user: User) -> None:
    answer = press(owner, "evotor_code", headers=HTMX)
    code = answer.context["link_code"]
    assert code in text_of(answer)
    assert "no-store" in answer["Cache-Control"]
    assert code not in text_of(owner.get(reverse("connections:index")))
    assert code not in str(list(LinkCode.objects.values()))
    claim_with_code([code], evotor_user_id="01-000000000000077", now=timezone.now())
    assert EvotorConnection.objects.get().user == user


@pytest.mark.once
@pytest.mark.django_db
def test_a_link_code_is_shown_without_javascript_too(owner: Client) -> None:
    answer = press(owner, "evotor_code", {"page": "onboarding"})
    assert answer.context["link_code"] in text_of(answer)
    assert "<html" in text_of(answer)


@pytest.mark.django_db
def test_too_many_link_codes_say_when_to_come_back(owner: Client) -> None:
    for _code in range(20):
        press(owner, "evotor_code", headers=HTMX)
    answer = press(owner, "evotor_code", headers=HTMX)
    assert "link_code" not in answer.context
    assert "Wait an hour" in text_of(answer)


@pytest.mark.once
@pytest.mark.parametrize("address", ["tea_shop", "https://vk.com/tea_shop", "@tea_shop"])
def test_a_pasted_vk_token_connects_the_community(owner: Client, box: Sandbox, address: str) -> None:
    answer = press(owner, "vk_connect", {"vk-token": box.vk_token, "vk-community": address})
    assert answer["Location"] == reverse("connections:index")
    assert VkConnection.objects.get().group_id == box.group_id
    assert "Чайная лавка" in text_of(owner.get(reverse("connections:index")))


@pytest.mark.once
@pytest.mark.parametrize(
    ("token", "community", "wrong"),
    [("", "tea_shop", "token"), ("t", "", "community"), ("t", "not a link", "community")],
)
def test_a_form_that_is_not_filled_in_names_the_field_and_keeps_the_rest(
    owner: Client, box: Sandbox, token: str, community: str, wrong: str
) -> None:
    answer = press(owner, "vk_connect", {"vk-token": token, "vk-community": community})
    assert answer.status_code == 422
    assert list(answer.context["vk_form"].errors) == [wrong]
    assert f'value="{community}"' in text_of(answer) or not community
    assert box.vk.requests == 0


def community_token(box: Sandbox) -> str:
    return box.vk.add_token(kind="group").value


def service_token(box: Sandbox) -> str:
    return box.vk.add_token(kind="service").value


def run_out_token(box: Sandbox) -> str:
    return box.vk.add_token(lives=-1).value


def revoked_token(box: Sandbox) -> str:
    token = box.vk.add_token().value
    box.vk.merchant.revoke_token(token)
    return token


def token_without_products(box: Sandbox) -> str:
    return box.vk.add_token(scope=("groups",)).value


def token_of_another_place(box: Sandbox) -> str:
    said = "User authorization failed: access_token was given to another ip address."
    box.vk.fault("error", method="users.get", code=5, text=said, times=9)
    return box.vk.add_token().value


WRONG_TOKENS: dict[str, tuple[Callable[[Sandbox], str], str]] = {
    "unknown": (lambda _box: "vk1.a.wrong", "VK does not know this token"),
    "community's": (community_token, "This token is not a person"),
    "service": (service_token, "This token is not a person"),
    "run out": (run_out_token, "This token has run out"),
    "revoked": (revoked_token, "taken back in VK"),
    "another place": (token_of_another_place, "only from the computer that it was made on"),
    "no right": (token_without_products, "has no right to products"),
}


@pytest.mark.once
@pytest.mark.parametrize("page", ["index", "onboarding", "other_ways"])
@pytest.mark.parametrize("kind", WRONG_TOKENS)
def test_a_wrong_vk_token_is_one_sentence_beside_its_field(
    owner: Client, user: User, box: Sandbox, page: str, kind: str
) -> None:
    make, sentence = WRONG_TOKENS[kind]
    connect_evotor(user, token=box.evotor_token, now=timezone.now())
    data = {"vk-token": make(box), "vk-community": str(box.group_id), "page": page}
    answer = press(owner, "vk_connect", data)
    shown = text_of(answer)
    assert answer.status_code == 422
    assert list(answer.context["vk_form"].errors) == ["token"]
    assert shown.count(sentence) == (2 if kind == "no right" else 1), "also the cross among the ticks"
    assert "any more" not in shown
    assert "again on the Connections page" not in shown
    assert sum(not check.ok for check in answer.context["vk_checks"]) == (1 if kind == "no right" else 0)
    field = shown[shown.index('id="id_vk-token"') :]
    assert 0 < field.index(sentence) < field.index('id="id_vk-community"')


@pytest.mark.once
def test_a_refused_community_is_told_beside_its_own_field(owner: Client, box: Sandbox) -> None:
    box.vk.add_community("Не наша", "not_ours", {})
    answer = press(owner, "vk_connect", {"vk-token": box.vk_token, "vk-community": "not_ours"})
    assert list(answer.context["vk_form"].errors) == ["community"]
    assert "is not an editor of" in text_of(answer)


@pytest.mark.once
def test_products_that_are_off_are_a_cross_with_what_to_press(owner: Client, box: Sandbox) -> None:
    box.vk.merchant.switch_market(on=False)
    answer = press(owner, "vk_connect", {"vk-token": box.vk_token, "vk-community": "tea_shop"})
    assert answer.status_code == 422
    shown = text_of(answer)
    assert next(check.code for check in answer.context["vk_checks"] if not check.ok) == "market"
    assert "turn Products on" in shown
    assert 'value="tea_shop"' in shown
    assert box.vk_token not in shown
    assert not VkConnection.objects.exists()


@pytest.mark.once
def test_the_communities_of_a_typed_token_are_listed_without_keeping_it(owner: Client, box: Sandbox) -> None:
    answer = press(owner, "vk_communities", {"vk-token": box.vk_token}, headers=HTMX)
    shown = text_of(answer)
    assert "Чайная лавка" in shown
    assert 'data-fill="id_vk-community"' in shown
    assert 'data-value="vk.com/tea_shop"' in shown
    assert box.vk_token not in shown
    assert not VkConnection.objects.exists()


@pytest.mark.once
def test_a_wrong_token_lists_nothing_and_says_why(owner: Client, box: Sandbox) -> None:
    shown = text_of(press(owner, "vk_communities", {"vk-token": "wrong-secret"}, headers=HTMX))
    assert "es-note-bad" in shown
    assert "wrong-secret" not in shown


@pytest.mark.once
@pytest.mark.parametrize(
    ("service", "name", "given"),
    [
        ("Evotor", "evotor_connect", {"evotor-token": "evotor_token"}),
        ("Evotor", "evotor_check", {}),
        ("VK", "vk_connect", {"vk-token": "vk_token", "vk-community": "group_id"}),
        ("VK", "vk_community", {"group-community": "group_id"}),
        ("VK", "vk_communities", {"vk-token": "vk_token"}),
        ("VK", "vk_communities", {}),
        ("VK", "vk_check", {}),
    ],
)
@pytest.mark.usefixtures("connected")
def test_a_silent_service_is_named_before_the_page_blames_the_internet(
    owner: Client,
    box: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    *,
    service: str,
    name: str,
    given: dict[str, str],
) -> None:
    monkeypatch.setattr("connections.errors.PAGE_SECONDS", 0.5)
    monkeypatch.setattr("connections.clients.patience.SHORTEST_REQUEST", 0.5)
    (box.vk if service == "VK" else box.evotor).fault("delay", seconds=1.5)
    shown = text_of(press(owner, name, {key: str(getattr(box, kept)) for key, kept in given.items()}))
    assert f"{service} did not answer in time." in shown
    asked_again, press_again = "You need not do anything", "Wait a few minutes and press the button again."
    assert (asked_again if name.endswith("_check") else press_again) in shown


def test_another_community_is_chosen_with_the_kept_token(
    owner: Client, connected: User, box: Sandbox
) -> None:
    second = box.vk.add_community("Вторая лавка", "second_shop", {box.vk.user_id: 3})
    assert "Вторая лавка" in text_of(press(owner, "vk_communities", headers=HTMX))
    answer = press(owner, "vk_community", {"group-community": "vk.com/second_shop"})
    assert answer.status_code == 302
    connection = VkConnection.objects.get()
    assert (connection.group_id, connection.access_token) == (second.id, box.vk_token)


@pytest.mark.django_db(transaction=True)
def test_a_community_without_our_goods_is_said_to_wait_for_the_merchant(
    owner: Client, connected: User, box: Sandbox
) -> None:
    SyncConfig.objects.create(user=connected, is_enabled=True, confirmed_at=timezone.now())
    Listing.objects.create(user=connected, vk_group_id=box.group_id, stamp="ES0")
    box.vk.add_community("Вторая лавка", "second_shop", {box.vk.user_id: 3})
    press(owner, "vk_community", {"group-community": "vk.com/second_shop"})
    assert "confirm the first run" in text_of(owner.get(reverse("connections:index")))
    assert not SyncConfig.objects.enabled().exists()
    press(owner, "vk_community", {"group-community": str(box.group_id)})
    assert "confirm the first run" not in text_of(owner.get(reverse("connections:index")))


@pytest.mark.once
def test_a_community_of_others_is_refused_and_the_old_one_stays(
    owner: Client, connected: User, box: Sandbox
) -> None:
    box.vk.add_community("Не наша", "not_ours", {})
    answer = press(owner, "vk_community", {"group-community": "not_ours"})
    assert answer.status_code == 422
    assert 'value="not_ours"' in text_of(answer)
    assert VkConnection.objects.get().group_id == box.group_id


@pytest.mark.once
@pytest.mark.parametrize("headers", [HTMX, {}])
def test_check_now_shows_five_ticks_for_vk(owner: Client, connected: User, headers: dict[str, str]) -> None:
    answer = press(owner, "vk_check", headers=headers)
    assert [check.ok for check in answer.context["vk_checks"]] == [True] * 5
    assert ("<html" in text_of(answer)) is (not headers)


@pytest.mark.once
def test_check_now_finds_a_dead_vk_token_and_writes_history(
    owner: Client, connected: User, box: Sandbox
) -> None:
    box.vk.merchant.revoke_token()
    shown = text_of(press(owner, "vk_check", headers=HTMX))
    assert "es-mark-bad" in shown or "es-note-bad" in shown
    assert not VkConnection.objects.get().is_online
    assert HealthCheckLog.objects.for_user(connected)[0].event == "offline"
    page = text_of(owner.get(reverse("connections:index")))
    assert "offline" in page
    assert "Connect again" in page


@pytest.mark.once
def test_check_now_brings_a_repaired_connection_online(owner: Client, connected: User, box: Sandbox) -> None:
    VkConnection.objects.update(is_online=False, last_error="vk.1438")
    press(owner, "vk_check", headers=HTMX)
    assert VkConnection.objects.get().is_online
    assert HealthCheckLog.objects.for_user(connected)[0].event == "online"


@pytest.mark.once
def test_check_now_of_evotor_says_what_can_be_read(owner: Client, connected: User) -> None:
    answer = press(owner, "evotor_check", headers=HTMX)
    assert answer.context["evotor_checks"]
    assert "<html" not in text_of(answer)


@pytest.mark.parametrize("service", ["evotor", "vk"])
def test_check_now_without_a_connection_breaks_nothing(owner: Client, box: Sandbox, service: str) -> None:
    assert press(owner, f"{service}_check", headers=HTMX).status_code == 200


@pytest.mark.parametrize(
    ("button", "model", "given_up"),
    [("evotor_disconnect", EvotorConnection, "the till"), ("vk_disconnect", VkConnection, "the community")],
)
def test_disconnecting_says_first_what_happens_to_the_goods_and_forgets_the_token(
    owner: Client, connected: User, button: str, model: type[EvotorConnection | VkConnection], given_up: str
) -> None:
    question = f"EvoSync forgets {given_up} and its access to it. Goods in VK stay"
    assert question in text_of(owner.get(reverse("connections:index")))
    answer = press(owner, button, follow=True)
    assert "stay as they are" in text_of(answer)
    assert not model.objects.for_user(connected).exists()
    assert not any(row.access_token for row in model.objects.all())


def steps(client: Client) -> dict[str, str]:
    answer = client.get(reverse("connections:onboarding"))
    return {step.name: step.state for step in answer.context["steps"]}


def test_the_first_steps_are_ticked_one_after_the_other(owner: Client, user: User, box: Sandbox) -> None:
    assert steps(owner) == {"email": "ok", "evotor": "now", "vk": "", "preview": ""}
    press(owner, "evotor_connect", {"evotor-token": box.evotor_token, "page": "onboarding"})
    assert steps(owner) == {"email": "ok", "evotor": "ok", "vk": "now", "preview": ""}
    press(owner, "vk_connect", {"vk-token": box.vk_token, "vk-community": "tea_shop", "page": "onboarding"})
    assert steps(owner) == {"email": "ok", "evotor": "ok", "vk": "ok", "preview": "now"}
    assert reverse("syncing:sync") in text_of(owner.get(reverse("connections:onboarding")))
    SyncConfig.objects.update_or_create(user=user, defaults={"confirmed_at": timezone.now()})
    assert steps(owner)["preview"] == "ok"


@pytest.mark.once
@pytest.mark.parametrize("page", ["index", "onboarding"])
def test_evotors_own_login_is_offered_where_the_operator_has_it(
    owner: Client, settings: Any, page: str
) -> None:
    button = reverse("evotor_oauth:start")
    assert button not in text_of(owner.get(reverse(f"connections:{page}")))
    settings.EVOTOR_OAUTH_CLIENT_ID = "evosync"
    assert button in text_of(owner.get(reverse(f"connections:{page}")))


def test_the_tokens_rights_are_told_in_words(owner: Client, connected: User) -> None:
    VkConnection.objects.update(scope="market photos wall")
    assert "manage goods, add photos, wall" in text_of(owner.get(reverse("connections:index")))


@pytest.mark.once
def test_a_pasted_tokens_rights_are_those_that_the_checks_proved(owner: Client, box: Sandbox) -> None:
    press(owner, "vk_connect", {"vk-token": box.vk_token, "vk-community": "tea_shop"})
    assert "manage goods, see your communities" in text_of(owner.get(reverse("connections:index")))


@pytest.mark.once
def test_a_token_beside_a_wrong_address_is_not_shown_and_asked_for_again(owner: Client, box: Sandbox) -> None:
    answer = press(owner, "vk_connect", {"vk-token": box.vk_token, "vk-community": "not a link"})
    shown = text_of(answer)
    assert box.vk_token not in shown
    assert "not a link" in shown
    assert "paste it once more" in shown


@pytest.mark.once
@pytest.mark.parametrize(
    "code", sorted(code for code, row in CODES.items() if row.reaction is Reaction.OFFLINE)
)
def test_an_error_on_the_page_says_where_on_it_the_merchant_repairs_it(code: str) -> None:
    said = next_step_here(code)
    assert said
    assert "Connections page" not in said
    refused = refusal_state(CannotConnect(code, "Refused.", "Connect it on the Connections page."))
    assert refused.next_step == said
