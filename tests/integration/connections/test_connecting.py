"""Connecting and disconnecting, by service and by command: checked at once, or nothing changes."""

import io
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.models import User
from connections.client_factory import evotor_client, vk_client
from connections.errors import CannotConnect
from connections.evotor.account_linking import BadCode, _claim, issue_link_code
from connections.evotor.connect import check_evotor, connect_evotor, disconnect_evotor
from connections.models import (
    EvotorConnection,
    HealthCheckLog,
    LinkCode,
    LinkingRecord,
    VkConnection,
    WebhookEvent,
)
from connections.retention import prune_connection_logs
from connections.vk.community_address import parse_group
from connections.vk.connect import check_vk, connect_vk, disconnect_vk
from connections.vk.login import choose_community
from sandbox import Sandbox
from syncing.web.forms.connections import CommunityForm

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(db: None) -> User:
    return User.objects.create_user("new@example.com", "a long passphrase")


# The till


def test_a_till_is_linked_under_the_id_that_evotor_names(
    newcomer: User, sandbox: Sandbox, now: datetime
) -> None:
    sandbox.evotor.add_store("Tea")
    connection = connect_evotor(newcomer, token=f" {sandbox.evotor_token}\n", now=now)
    assert connection.evotor_user_id == sandbox.evotor.user_id
    assert connection.is_online
    assert EvotorConnection.objects.get(user=newcomer).access_token == sandbox.evotor_token


def test_a_till_without_stores_is_linked_and_named_later(
    newcomer: User, sandbox: Sandbox, now: datetime
) -> None:
    sandbox.evotor.stores.clear()
    connection = connect_evotor(newcomer, token=sandbox.evotor_token, now=now)
    assert connection.evotor_user_id is None
    again = connect_evotor(newcomer, token=sandbox.evotor_token, now=now)
    assert again.pk == connection.pk
    sandbox.evotor.add_store("Tea")
    named = connect_evotor(newcomer, token=sandbox.evotor_token, now=now)
    assert (named.pk, named.evotor_user_id) == (connection.pk, sandbox.evotor.user_id)


@pytest.mark.parametrize("token", ["", "   ", "тоукен", "two words", "line\nbreak", "x" * 5000, "wrong"])
def test_a_bad_till_token_changes_nothing(
    newcomer: User, sandbox: Sandbox, now: datetime, token: str
) -> None:
    with pytest.raises(CannotConnect) as caught:
        connect_evotor(newcomer, token=token, now=now)
    assert caught.value.next_step
    assert not EvotorConnection.objects.exists()


def test_a_till_that_is_linked_elsewhere_stays_there(
    merchant: User, newcomer: User, sandbox: Sandbox, now: datetime
) -> None:
    sandbox.evotor.add_store("Tea")
    EvotorConnection.objects.update(evotor_user_id=sandbox.evotor.user_id)
    with pytest.raises(CannotConnect) as caught:
        connect_evotor(newcomer, token=sandbox.evotor_token, now=now)
    assert caught.value.code == "connect.bound_elsewhere"
    assert EvotorConnection.objects.get().user == merchant
    record = LinkingRecord.objects.get()
    assert (record.event, record.user) == ("refused", newcomer)


def test_an_unclaimed_till_is_not_claimed_by_another_token(
    newcomer: User, sandbox: Sandbox, now: datetime
) -> None:
    sandbox.evotor.add_store("Tea")
    EvotorConnection.objects.create(
        evotor_user_id=sandbox.evotor.user_id, access_token="another", access_token_hash="0" * 64
    )
    with pytest.raises(CannotConnect) as caught:
        connect_evotor(newcomer, token=sandbox.evotor_token, now=now)
    assert caught.value.code == "connect.another_token"


def test_another_till_takes_the_place_of_the_first(newcomer: User, sandbox: Sandbox, now: datetime) -> None:
    sandbox.evotor.add_store("Tea")
    first = connect_evotor(newcomer, token=sandbox.evotor_token, now=now)
    other = sandbox.evotor.add_merchant()
    sandbox.evotor.add_store("Coffee", user_id=other.user_id)
    second = connect_evotor(newcomer, token=other.token, now=now)
    assert second.evotor_user_id == other.user_id
    first.refresh_from_db()
    assert (first.user, first.access_token) == (None, "")


def test_disconnecting_a_till_erases_its_tokens(merchant: User) -> None:
    assert disconnect_evotor(merchant) is True
    row = EvotorConnection.objects.get()
    assert (row.user, row.access_token, row.is_online) == (None, "", False)
    assert disconnect_evotor(merchant) is False


def test_a_missing_right_to_stock_is_said(newcomer: User, sandbox: Sandbox, now: datetime) -> None:
    store = sandbox.evotor.add_store("Tea")
    sandbox.evotor.add_product(store.id, "Tea", price=10)
    connection = connect_evotor(newcomer, token=sandbox.evotor_token, now=now)
    assert all(check.ok for check in check_evotor(evotor_client(connection)))
    sandbox.evotor.merchant.stock_right = False
    checks = {str(check.code): check for check in check_evotor(evotor_client(connection))}
    assert not checks["stock"].ok
    assert checks["stock"].next_step


def test_of_two_claims_with_one_code_exactly_one_wins(newcomer: User, now: datetime) -> None:
    issue_link_code(newcomer, now=now)
    # Both requests have read the code before either of them links.
    one, two = LinkCode.objects.get(), LinkCode.objects.get()
    assert _claim(one, "01-000000000000001", now).user == newcomer
    with pytest.raises(BadCode):
        _claim(two, "01-000000000000002", now)
    assert EvotorConnection.objects.with_owner().count() == 1


def test_a_new_code_ends_the_one_before(newcomer: User, now: datetime) -> None:
    codes = {issue_link_code(newcomer, now=now) for _time in range(3)}
    assert len(codes) == 3
    assert LinkCode.objects.open(now).count() == 1


def test_codes_are_not_given_without_end(newcomer: User, now: datetime) -> None:
    for _time in range(20):
        issue_link_code(newcomer, now=now)
    with pytest.raises(CannotConnect):
        issue_link_code(newcomer, now=now)


# The community


NUMBERED = [
    "123",
    "-123",
    "club123",
    "CLUB123",
    "club 123",
    "public123",
    "event123",
    "@club123",
    "*club123 (Чайная лавка)",
    "@public123 (Чай)",
    "[club123|Чайная лавка]",
    "[public123|@public123]",
    "[https://vk.com/club123|Чай]",
    "Пишите нам: [club123|Чайная лавка]!",
    "vk.com/club123",
    "VK.COM/Club123",
    "https://vk.com/club123",
    "https://vk.com/club123/",
    "https://vk.com/club123.",
    "  https://vk.com/club123//  ",
    "https://vk.ru/club123",
    "http://www.vk.com/public123",
    "https://m.vk.com/public123?w=wall-123_45",
    "https://m.vk.ru/event123/",
    "https://vk.com/event123?act=members",
    "https://vk.me/club123",
    "https://vkontakte.ru/club123",
    "//vk.com/club123",
    "https://vk.com:443/club123",
    "vk.com / club123",
    "vk.com\\club123",
    "https%3A%2F%2Fvk.com%2Fclub123",
    "«vk.com/club123»",
    "<https://vk.com/club123>",
    "\ufeffhttps://vk.com/club123\u200b",
    "Наша группа: https://vk.com/club123, заходите!",
    "https://vk.com/club123#market",
    "https://vk.com/club123/market",
    "https://vk.com/market-123",
    "vk.com/market-123?screen=cart",
    "https://vk.com/market-123?w=product-123_456%2Fquery",
    "https://vk.com/uslugi-123",
    "https://vk.com/uslugi-123?screen=group&w=uslugi-123_456",
    "https://vk.com/services-123",
    "https://vk.com/wall-123_456",
    "https://vk.com/wall-123",
    "https://vk.com/photo-123_456?rev=1",
    "https://vk.com/album-123_0",
    "https://vk.com/video-123_456",
    "https://vk.com/topic-123_456",
    "https://vk.com/board123",
    "https://vk.com/gim123?sel=5",
    "https://vk.com/write-123",
    "https://vk.com/app5898182_-123#x",
    "https://vk.com/market/product/chay-chernyy-123-456",
    "https://vk.com/im/convo/-123",
    "https://vk.com/im?sel=-123",
    "https://vk.com/feed?w=wall-123_456",
    "https://vk.com/feed?z=photo-123_456%2Falbum",
    "https://vk.com/stats?gid=123",
    "https://vk.com/@-123-kak-my-rabotaem",
    "https://vk.com/@club123-kak-my-rabotaem",
]
NAMED = [
    "tea_shop",
    "Tea_Shop",
    "@tea_shop",
    "@tea_shop (Чай)",
    "[tea_shop|Чай]",
    "vk.com/tea_shop",
    "https://vk.com/Tea_Shop/",
    "https://vk.com/tea_shop?from=search",
    "https://m.vk.com/tea_shop?w=wall-123_4",
    "https://vk.me/tea_shop",
    "vk.me/tea_shop?ref=1",
    "https://vk.ru/tea_shop.",
    "https://vk.com/@tea_shop",
    "https://vk.com/@tea_shop-kak-my-rabotaem",
    "Мы тут — vk.com/tea_shop",
    "tea_shop.",
]


@pytest.mark.once
@pytest.mark.parametrize("text", NUMBERED)
def test_the_id_of_a_community_is_found_in_what_people_paste(text: str) -> None:
    assert parse_group(text) == 123
    assert CommunityForm({"group-community": text}).is_valid()


@pytest.mark.parametrize("text", NAMED)
def test_the_name_of_a_community_is_found_in_what_people_paste(text: str) -> None:
    assert parse_group(text) == "tea_shop"
    assert CommunityForm({"group-community": text}).is_valid()


@pytest.mark.parametrize(
    "text",
    [
        "tea.shop",
        "club_tea",
        "club123tea",
        "public_tea",
        "idea_shop",
        "eventica",
        "market_tea",
        "wall_street",
    ],
)
def test_a_name_that_looks_like_something_else_is_a_name(text: str) -> None:
    assert parse_group(text) == parse_group(f"https://vk.com/{text}") == text


PERSON = "This is the page of a person, not of a community."
OWN_PAGE = "This is a page of VK's own, not a community."
ELSEWHERE = "This is not an address in VK."
NO_ADDRESS = "This is not the address of a community."


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("vk.com/id1", PERSON),
        ("ID1", PERSON),
        ("[id1|Анна]", PERSON),
        ("https://vk.com/wall1_2", PERSON),
        ("https://m.vk.com/photo1_2", PERSON),
        ("vk.com/feed", OWN_PAGE),
        ("https://vk.com/im?sel=5", OWN_PAGE),
        ("https://vk.com/groups", OWN_PAGE),
        ("https://vk.com/market", OWN_PAGE),
        ("https://vk.me/join/AbCdEf", OWN_PAGE),
        ("https://vk.com/", OWN_PAGE),
        ("vk.com", OWN_PAGE),
        ("club", OWN_PAGE),
        ("https://example.com/club1", ELSEWHERE),
        ("https://notvk.com/club1", ELSEWHERE),
        ("https://vk.com.example.com/club1", ELSEWHERE),
        ("https://ok.ru/group/1", ELSEWHERE),
        ("чайная", NO_ADDRESS),
        ("a b", NO_ADDRESS),
        ("", NO_ADDRESS),
        ("@", NO_ADDRESS),
        ("vk.com/tea-shop", NO_ADDRESS),
        ("club0", NO_ADDRESS),
        ("9" * 200, NO_ADDRESS),
        ("club" + "9" * 5000, NO_ADDRESS),
        ("vk.com/" + "a" * 65, NO_ADDRESS),
        ("club١٢", NO_ADDRESS),
    ],
)
def test_what_is_no_community_is_refused_in_a_sentence_that_says_what_it_is(text: str, sentence: str) -> None:
    with translation.override("en"), pytest.raises(CannotConnect) as caught:
        parse_group(text)
    assert (caught.value.text, caught.value.code) == (sentence, "connect.bad_group")
    assert "vk.com/club1" in caught.value.next_step


@pytest.mark.parametrize(
    "paste", ["[club{id}|Чай]", "https://m.vk.com/public{id}?w=wall", "https://vk.com/uslugi-{id}", "-{id}"]
)
def test_the_command_takes_what_people_paste(
    newcomer: User, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, paste: str
) -> None:
    monkeypatch.setenv("VK_TOKEN", sandbox.vk_token)
    group = paste.format(id=sandbox.group_id)
    call_command("connect_vk", newcomer.email, f"--group={group}", stdout=io.StringIO())
    assert VkConnection.objects.get().group_id == sandbox.group_id


def test_the_command_says_that_a_person_is_no_community(
    newcomer: User, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VK_TOKEN", sandbox.vk_token)
    with translation.override("en"), pytest.raises(CommandError, match="page of a person"):
        call_command("connect_vk", newcomer.email, "--group", "vk.com/id1")
    assert not VkConnection.objects.exists()


def test_a_community_is_connected_after_five_checks(newcomer: User, sandbox: Sandbox, now: datetime) -> None:
    connection = connect_vk(newcomer, token=sandbox.vk_token, group=sandbox.group_id, now=now)
    checks = check_vk(vk_client(connection), sandbox.group_id)
    assert {check.code for check in checks} == {"user", "role", "market", "scope", "photos"}
    assert all(check.ok for check in checks)
    assert connection.group_name == sandbox.vk.community.name
    assert connection.is_online


def test_each_failed_tick_says_what_to_press(newcomer: User, sandbox: Sandbox, now: datetime) -> None:
    sandbox.vk.merchant.set_role(1)
    sandbox.vk.merchant.switch_market(on=False)
    with pytest.raises(CannotConnect) as caught:
        connect_vk(newcomer, token=sandbox.vk_token, group=sandbox.group_id, now=now)
    crosses = [check for check in caught.value.checks if not check.ok]
    assert {"role", "market"} <= {check.code for check in crosses}
    assert all(check.text and check.next_step for check in crosses)
    assert not VkConnection.objects.exists()


@pytest.mark.parametrize(
    ("fault", "ticked", "crossed"),
    [
        ("token", [], "user"),
        ("role", ["user", "market"], "role"),
        ("market", ["user", "role"], "market"),
        ("currency", ["user", "role", "scope", "photos"], "market"),
        ("scope", ["user", "role", "market"], "scope"),
        ("upload", ["user", "role", "market", "scope"], "photos"),
        ("community", ["user"], "role"),
    ],
)
def test_every_way_to_fail_is_one_cross_that_names_its_button(
    newcomer: User, sandbox: Sandbox, now: datetime, *, fault: str, ticked: list[str], crossed: str
) -> None:
    token, group = sandbox.vk_token, sandbox.group_id
    match fault:
        case "token":
            token = "vk2.a.unknown"
        case "role":
            sandbox.vk.merchant.set_role(1)
        case "market":
            sandbox.vk.merchant.switch_market(on=False)
        case "currency":
            sandbox.vk.communities[group].currency_id = 840
        case "scope":
            sandbox.vk.fault("error", method="market.get", code=15, times=9)
        case "upload":
            sandbox.vk.fault("error", method="market.getProductPhotoUploadServer", code=15, times=9)
        case _:
            group = 999_999_999
    with pytest.raises(CannotConnect) as caught:
        connect_vk(newcomer, token=token, group=group, now=now)
    checks = caught.value.checks
    assert [check.code for check in checks if check.ok] == ticked
    assert [check.code for check in checks if not check.ok] == [crossed]
    assert all(check.text and check.next_step for check in checks if not check.ok)
    assert not VkConnection.objects.exists()


def test_an_unknown_community_is_not_told_in_words_about_goods(
    newcomer: User, sandbox: Sandbox, now: datetime
) -> None:
    with translation.override("en"), pytest.raises(CannotConnect) as caught:
        connect_vk(newcomer, token=sandbox.vk_token, group=999_999_999, now=now)
    role = next(check for check in caught.value.checks if check.code == "role")
    assert role.text == "VK does not know this community."
    assert not any("product" in check.text for check in caught.value.checks)


def test_a_token_without_the_right_to_products_fails_its_tick(
    newcomer: User, sandbox: Sandbox, now: datetime
) -> None:
    token = sandbox.vk.add_token(user_id=sandbox.vk.user_id, scope=frozenset({"groups"})).value
    with pytest.raises(CannotConnect) as caught:
        connect_vk(newcomer, token=token, group=sandbox.group_id, now=now)
    assert not {str(check.code): check.ok for check in caught.value.checks}["scope"]


def test_the_community_may_change_and_a_refused_change_changes_nothing(
    merchant: User, sandbox: Sandbox, now: datetime
) -> None:
    other = sandbox.vk.add_community("Coffee", "coffee", {sandbox.vk.user_id: 3})
    before = VkConnection.objects.get().group_id
    other.market_enabled = False
    with pytest.raises(CannotConnect):
        choose_community(merchant, group=other.id, now=now)
    assert VkConnection.objects.get().group_id == before
    other.market_enabled = True
    choose_community(merchant, group="https://vk.com/coffee", now=now)
    assert VkConnection.objects.get().group_id == other.id


def test_disconnecting_vk_leaves_no_token(merchant: User) -> None:
    assert disconnect_vk(merchant) is True
    assert not VkConnection.objects.exists()
    assert disconnect_vk(merchant) is False


# The commands


def run(name: str, *args: str) -> str:
    out = io.StringIO()
    call_command(name, *args, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_the_commands_connect_with_tokens_from_the_environment(
    newcomer: User, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVOTOR_TOKEN", sandbox.evotor_token)
    monkeypatch.setenv("VK_TOKEN", sandbox.vk_token)
    out = run("connect_evotor", newcomer.email) + run(
        "connect_vk", newcomer.email, "--group", str(sandbox.group_id)
    )
    assert sandbox.evotor_token not in out
    assert sandbox.vk_token not in out
    assert EvotorConnection.objects.get().is_online
    assert VkConnection.objects.get().is_online
    assert "online" in run("check_connections", newcomer.email)


def test_the_commands_read_a_token_from_standard_input(
    newcomer: User, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EVOTOR_TOKEN", raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{sandbox.evotor_token}\n"))
    run("connect_evotor", newcomer.email)
    assert EvotorConnection.objects.get().access_token == sandbox.evotor_token


@pytest.mark.once
@pytest.mark.parametrize("name", ["connect_evotor", "connect_vk"])
@pytest.mark.parametrize("email", ["new@example.com", "nobody@example.com"])
@pytest.mark.parametrize("token", ["", "wrong-token"])
def test_a_command_that_is_refused_fails_and_changes_nothing(
    newcomer: User, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, *, name: str, email: str, token: str
) -> None:
    monkeypatch.setenv("EVOTOR_TOKEN", token)
    monkeypatch.setenv("VK_TOKEN", token)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    group = ["--group", str(sandbox.group_id)] if name == "connect_vk" else []
    with pytest.raises(CommandError) as caught:
        run(name, email, *group)
    assert "Nothing has changed" in str(caught.value)
    assert "wrong-token" not in str(caught.value)
    assert not EvotorConnection.objects.exists()
    assert not VkConnection.objects.exists()


@pytest.mark.usefixtures("no_waiting")
def test_a_command_fails_when_the_service_is_away(
    newcomer: User, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVOTOR_TOKEN", "token")  # The settings under test point to a closed port.
    with pytest.raises(CommandError, match="Nothing has changed"):
        run("connect_evotor", newcomer.email)


def test_check_connections_fails_when_one_is_offline(merchant: User, sandbox: Sandbox) -> None:
    sandbox.evotor.revoke_token()
    with pytest.raises(CommandError, match="1 of 2"):
        run("check_connections")


def test_old_history_is_deleted_and_young_history_stays(merchant: User, now: datetime) -> None:
    for days in (1, 31):
        moment = now - timedelta(days=days)
        HealthCheckLog.objects.create(user=merchant, service="vk", event="online", checked_at=moment)
        WebhookEvent.objects.create(kind="x", dedupe_key=str(days), body="{}", received_at=moment)
        LinkCode.objects.create(user=merchant, code_hash=str(days), expires_at=moment)
        stub = EvotorConnection.objects.create(evotor_user_id=str(days))
        EvotorConnection.objects.filter(pk=stub.pk).update(updated_at=moment)
    counts = prune_connection_logs(now)
    # Records of links stay for years.
    assert counts.pop("linking_records") == 0
    assert set(counts.values()) == {1}
    assert EvotorConnection.objects.filter(user=merchant).exists()
