"""Who may call the VK stand-in, how often, and what communities and people look like."""

import json
from typing import Any

import pytest
import requests

from sandbox import Sandbox
from sandbox.vk.records import ADMINISTRATOR, EDITOR, MODERATOR
from tests.integration.sandbox.conftest import Vk, script


def test_a_token_must_be_known_alive_and_unrevoked(box: Sandbox, vk: Vk) -> None:
    assert vk.error("users.get", "unknown") == (5, "invalid access_token (4).")
    assert vk.raw("users.get", access_token="")["error"]["error_code"] == 5
    box.vk.expire_token()
    assert vk.error("users.get") == (5, "access_token has expired.")
    box.vk.revoke_token()
    assert vk.error("users.get") == (5, "user revoke access for this token.")


def test_tokens_of_other_kinds_do_not_open_the_catalogue(box: Sandbox, vk: Vk) -> None:
    group = box.vk.add_token(kind="group").value
    service = box.vk.add_token(kind="service").value
    assert vk.error("market.get", group, owner_id=vk.owner)[0] == 27
    assert vk.error("market.get", service, owner_id=vk.owner)[0] == 28
    assert vk.error("execute", service, code="return 1;")[0] == 28
    assert "response" in vk.raw("groups.getById", group, group_id=box.group_id)
    assert vk.raw("users.get", service) == {"response": []}


def test_a_trimmed_scope_is_error_15(box: Sandbox, vk: Vk) -> None:
    token = box.vk.add_token(scope={"vkid.personal_info"}).value
    code, tail = vk.error("market.get", token, owner_id=vk.owner)
    assert code == 15
    assert "It cannot be called with current scopes" in tail
    assert vk.error("groups.get", token)[0] == 15
    assert "response" in vk.raw("users.get", token)


def test_a_deleted_account_is_error_18(box: Sandbox, vk: Vk) -> None:
    box.vk.people[box.vk.user_id].deactivated = "deleted"
    assert vk.error("users.get")[0] == 18


@pytest.mark.parametrize("level", [0, MODERATOR])
def test_only_editors_may_write(box: Sandbox, vk: Vk, level: int) -> None:
    item_id = vk.add(deleted=1)
    wanted = vk.wanted()
    box.vk.set_role(level)
    assert vk.error("market.add", **wanted)[0] == 205
    assert vk.error("market.delete", owner_id=vk.owner, item_id=item_id)[0] == 205
    assert vk.error("market.addAlbum", owner_id=vk.owner, title="Чаи")[0] == 7
    assert vk.error("market.getProductPhotoUploadServer", group_id=box.group_id)[0] == 7
    assert vk.listed(with_disabled=1) == []
    box.vk.set_role(EDITOR)
    assert vk.listed(with_disabled=1) == [item_id]


def test_a_switched_off_market_refuses_everything(box: Sandbox, vk: Vk) -> None:
    item_id, wanted = vk.add(), vk.wanted()
    box.vk.switch_market(on=False)
    assert vk.error("market.add", **wanted)[0] == 1438
    assert vk.error("market.edit", owner_id=vk.owner, item_id=item_id, price=1)[0] == 1438
    assert vk.error("market.addAlbum", owner_id=vk.owner, title="Чаи")[0] == 1438
    assert vk.error("market.getProductPhotoUploadServer", group_id=box.group_id)[0] == 1438
    assert vk.error("market.getById", item_ids=f"{vk.owner}_{item_id}")[0] == 1525
    market = vk("groups.getById", group_id=box.group_id, fields="market")["groups"][0]["market"]
    assert market == {"enabled": 0}


def test_the_market_is_toggled_by_its_administrator(box: Sandbox, vk: Vk) -> None:
    toggle: dict[str, Any] = {"group_id": box.group_id}
    assert vk.error("groups.toggleMarket", **toggle, state="basic")[0] == 1431
    assert vk("groups.toggleMarket", **toggle, state="none") == 1
    assert vk.error("groups.toggleMarket", **toggle, state="none")[0] == 1432
    assert vk.error("groups.toggleMarket", **toggle, state="huge")[0] == 100
    assert vk.error("groups.toggleMarket", group_id=5, state="basic")[0] == 125
    box.vk.set_role(EDITOR)
    assert vk.error("groups.toggleMarket", **toggle, state="basic")[0] == 7


def test_a_call_needs_its_version_verb_and_name(box: Sandbox, vk: Vk) -> None:
    assert vk.error("users.get", v="")[0] == 8
    assert vk.error("users.get", v="4.9")[0] == 8
    assert vk.error("users.Get")[0] == 3
    answer = vk.session.put(f"{box.vk_url}/method/users.get", data={"v": "5.199"}, timeout=10)
    assert answer.json()["error"]["error_code"] == 9999
    vk("users.get", v="5.131")
    assert box.vk.warnings == ["version 5.131 is answered in the shapes of 5.199"]


def test_the_token_may_travel_as_bearer_and_the_call_as_get_or_multipart(box: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {box.vk_token}"}
    address = f"{box.vk_url}/method/users.get"
    by_get = requests.get(address, params={"v": "5.199"}, headers=headers, timeout=10)
    by_multipart = requests.post(address, files={"v": (None, "5.199")}, headers=headers, timeout=10)
    assert by_get.json() == by_multipart.json()
    assert by_get.json()["response"][0]["id"] == box.vk.user_id


def test_the_token_is_in_no_log_and_no_echo(box: Sandbox, vk: Vk) -> None:
    answer = vk.raw("market.get", owner_id=1)
    assert box.vk_token not in json.dumps(answer)
    assert box.vk_token not in repr(box.vk.calls)
    assert box.vk_token not in repr(box.vk.tokens.values())


def test_a_fourth_request_within_a_second_is_error_6() -> None:
    with Sandbox() as box:
        vk = Vk(box)
        codes = [vk.raw("users.get").get("error", {}).get("error_code") for _ in range(5)]
        other = box.vk.add_token().value
        assert codes[:4] == [None, None, None, 6]
        assert "response" in vk.raw("users.get", other)
        vk.session.close()


def test_a_script_counts_as_one_request() -> None:
    with Sandbox() as box:
        vk = Vk(box)
        code = script(*[("users.get", {})] * 10)
        assert [len(vk("execute", code=code)) for _ in range(3)] == [10, 10, 10]
        assert vk.error("execute", code=code)[0] == 6
        vk.session.close()


def test_communities_show_the_callers_role(box: Sandbox, vk: Vk) -> None:
    other = box.vk.add_community("Другая лавка", "other", {box.vk.user_id: MODERATOR})
    box.vk.add_community("Чужая", "strange", {})
    groups = vk("groups.get", extended=1, filter="editor", fields="market")
    assert [(one["id"], one["admin_level"]) for one in groups["items"]] == [(box.group_id, ADMINISTRATOR)]
    assert vk("groups.get")["items"] == [box.group_id, other.id]
    found = vk("groups.getById", group_ids=f"tea_shop,club{other.id}", fields="market")["groups"]
    assert [one["screen_name"] for one in found] == ["tea_shop", "other"]
    assert found[0]["market"]["currency"]["name"] == "RUB"
    assert vk.error("groups.getById", group_id="nobody") == (100, "group_ids is invalid")
    assert vk.error("groups.get", filter="king")[0] == 100
    assert vk.error("groups.get", user_id=5)[0] == 260


def test_short_names_are_resolved(box: Sandbox, vk: Vk) -> None:
    assert vk("utils.resolveScreenName", screen_name="tea_shop") == {
        "object_id": box.group_id,
        "type": "group",
    }
    assert vk("utils.resolveScreenName", screen_name="nobody") == []


def test_permissions_are_a_mask_of_the_scope(vk: Vk) -> None:
    assert vk("account.getAppPermissions") == 4 + 262_144 + 134_217_728


def test_a_person_comes_with_the_fields_that_were_asked_for(box: Sandbox, vk: Vk) -> None:
    person = box.vk.people[box.vk.user_id]
    person.screen_name, person.sex, person.city = "maria_tea", 1, "Томск"
    fields = "sex,city,domain,bdate,photo_100,first_name_gen,no_such_field"
    (shown,) = vk("users.get", user_ids="maria_tea", fields=fields)
    assert (shown["id"], shown["sex"], shown["city"]["title"]) == (person.id, 1, "Томск")
    assert (shown["domain"], shown["first_name_gen"]) == ("maria_tea", "Мария")
    assert {"bdate", "no_such_field"}.isdisjoint(shown)
    assert set(vk("users.get")[0]) == {"id", "first_name", "last_name", "can_access_closed", "is_closed"}
    assert vk("users.get", user_ids=f"id{person.id},{person.id},12345") == vk("users.get")
    assert vk("utils.resolveScreenName", screen_name="maria_tea") == {"object_id": person.id, "type": "user"}
    assert vk.error("users.get", user_ids="nobody_here")[0] == 113
    assert vk.error("users.get", name_case="voc")[0] == 100


def test_a_community_comes_with_the_fields_that_were_asked_for(box: Sandbox, vk: Vk) -> None:
    box.vk.community.description, box.vk.community.members_count = "Чай и кофе", 512
    fields = "description,members_count,market,no_such_field"
    (shown,) = vk("groups.getById", group_id=box.group_id, fields=fields)["groups"]
    assert (shown["description"], shown["members_count"], shown["market"]["enabled"]) == (
        "Чай и кофе",
        512,
        1,
    )
    assert "no_such_field" not in shown
    own = box.vk.add_token(kind="group").value
    assert vk.raw("groups.getById", own)["response"]["groups"][0]["id"] == box.group_id
    assert vk.error("groups.getById")[0] == 100
