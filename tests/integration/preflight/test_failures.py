"""What EvoSync cannot work without fails the rehearsal, and says what to do."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from connections.models import EvotorConnection, VkConnection
from sandbox import Sandbox
from sandbox.wire import Server
from syncing.core.preflight.findings import Answer, Finding
from tests.certificates import Authority
from tests.integration.preflight.conftest import Rehearsals

pytestmark = pytest.mark.django_db


def failures(rehearse: Rehearsals, **more: Any) -> dict[str, Finding]:
    findings = rehearse.findings(**more)
    assert not findings.is_ok
    return {finding.fact.name: finding for finding in findings.all() if finding.is_failure}


def tell_rights(box: Sandbox, rights: frozenset[str]) -> None:
    box.vk.tokens[box.vk.token].scope = rights


HARMS: dict[str, Callable[[Sandbox], object]] = {
    "evotor:token_accepted": lambda box: box.evotor.revoke_token(),
    "evotor:has_stores": lambda box: box.evotor.stores.clear(),
    "vk:token_accepted": lambda box: box.vk.merchant.revoke_token(),
    "vk:role": lambda box: box.vk.merchant.set_role(1),
    "vk:market_on": lambda box: box.vk.merchant.switch_market(on=False),
    "vk:roubles": lambda box: setattr(box.vk.community, "currency_id", 840),
    "vk:market_right": lambda box: tell_rights(box, frozenset({"groups"})),
}


@pytest.mark.parametrize("name", HARMS)
def test_what_is_missing_is_named_and_the_other_service_is_asked_all_the_same(
    rehearse: Rehearsals, sandbox: Sandbox, name: str
) -> None:
    HARMS[name](sandbox)
    failed = failures(rehearse)
    assert failed[name].answer is Answer.NO
    assert failed[name].means
    other = "vk:role" if name.startswith("evotor") else "evotor:products_readable"
    assert other not in failed
    assert [item for item in sandbox.vk.live_items() if not item.hand_made] == []


def test_a_cursor_that_leads_nowhere_fails(rehearse: Rehearsals, sandbox: Sandbox) -> None:
    sandbox.evotor.fault("blank", method="products", nth=3)
    assert set(failures(rehearse, writes=False)) == {"evotor:cursor_goes_alone"}


def test_a_clock_that_is_wrong_here_is_told_by_both(rehearse: Rehearsals) -> None:
    found = rehearse.answers(writes=False, clock=lambda: time.time() + 300)
    assert found["evotor:clock_agrees"].answer is Answer.NO
    assert found["vk:clock_agrees"].answer is Answer.NO
    assert found["vk:clock_agrees"].seen.startswith("ours is +30")


def test_a_pace_that_vk_finds_too_fast_is_told(rehearse: Rehearsals, sandbox: Sandbox) -> None:
    sandbox.vk.fault("error", method="utils.getServerTime", code=6, nth=3, times=9)
    assert rehearse.answers(writes=False)["vk:three_a_second"].answer is Answer.NO


def test_an_item_that_shows_is_taken_away_at_once(rehearse: Rehearsals, sandbox: Sandbox) -> None:
    sandbox.vk.doubts.shows_new_items = True
    failed = failures(rehearse)
    assert failed["vk:hidden_at_once"].answer is Answer.NO
    assert [item for item in sandbox.vk.live_items() if not item.hand_made] == []
    assert sandbox.vk.counts()["market.edit"] == 0


def test_an_item_that_an_edit_shows_is_taken_away_at_once(rehearse: Rehearsals, sandbox: Sandbox) -> None:
    sandbox.vk.doubts.edits_show = True
    failed = failures(rehearse)
    assert failed["vk:edit_keeps_the_rest"].answer is Answer.NO
    assert "availability" in failed["vk:edit_keeps_the_rest"].seen
    assert [item for item in sandbox.vk.live_items() if not item.hand_made] == []


def test_hidden_items_that_vk_never_lists_fail_and_are_taken_away_by_their_number(
    rehearse: Rehearsals, sandbox: Sandbox
) -> None:
    sandbox.vk.doubts.unlists_hidden = True
    failed = failures(rehearse)
    assert failed["vk:hidden_listed"].answer is Answer.NO
    assert [item for item in sandbox.vk.live_items() if not item.hand_made] == []


def test_edits_that_lists_show_late_are_told(rehearse: Rehearsals, sandbox: Sandbox) -> None:
    sandbox.vk.limits = replace(sandbox.vk.limits, list_lag=3.0)
    found = rehearse.answers()["vk:edit_seen_at_once"]
    assert found.answer is Answer.NO
    assert found.seen == "after 3.0 s"


def test_nothing_connected_fails_without_a_request(rehearse: Rehearsals, sandbox: Sandbox) -> None:
    EvotorConnection.objects.all().delete()
    VkConnection.objects.all().delete()
    sandbox.vk.forget_calls()
    findings = rehearse.findings()
    assert not findings.is_ok
    assert len(findings.troubles) == 2
    assert sandbox.vk.requests == 0


def test_a_question_that_vk_does_not_answer_for_this_kind_of_token_ends_nothing(
    rehearse: Rehearsals, sandbox: Sandbox
) -> None:
    sandbox.vk.fault("error", method="account.getAppPermissions", code=15, times=0)
    findings = rehearse.findings()
    assert findings.is_ok
    found = {finding.fact.name: finding.answer for finding in findings.all()}
    assert found["vk:permissions_name_market"] is Answer.UNCLEAR
    assert found["vk:deleted_unlisted"] is Answer.YES


def test_vk_being_away_is_not_taken_for_a_missing_right(rehearse: Rehearsals, sandbox: Sandbox) -> None:
    sandbox.vk.fault("http", method="market.get", status=502, times=0)
    failed = failures(rehearse)
    assert failed["vk:market_right"].answer is Answer.UNCLEAR


def test_a_captcha_ends_vks_part_and_what_was_made_is_removed_as_soon_as_it_can_be(
    rehearse: Rehearsals, sandbox: Sandbox
) -> None:
    sandbox.vk.fault("captcha", method="market.edit", nth=1, times=1)
    findings = rehearse.findings()
    assert any("vk.14" in trouble for trouble in findings.troubles)
    assert [item for item in sandbox.vk.live_items() if not item.hand_made] == []


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def over_tls(sandbox: Sandbox, user: User, authority: Authority, settings: Any) -> Iterator[Server]:
    """Put VK's API and login behind a certificate of the test's authority."""
    server = sandbox.another_vk_host(authority.server_context())
    server.start()
    settings.VK_API_URL = settings.VK_ID_URL = server.url
    yield server
    server.stop()


def test_a_certificate_is_told_with_its_issuer_and_its_end(
    rehearse: Rehearsals, over_tls: Server, authority: Authority, settings: Any
) -> None:
    settings.VK_CA_BUNDLE = authority.bundle()
    found = rehearse.answers(writes=False)
    assert found["vk:certificate_trusted"].answer is Answer.YES
    assert "issued by" in found["vk:certificate_trusted"].seen
    # The bundle is for the API's host alone.
    assert found["vk:login_trusted"].answer is Answer.NO


def test_a_certificate_that_is_not_trusted_fails_and_nothing_is_sent(
    rehearse: Rehearsals, over_tls: Server, sandbox: Sandbox
) -> None:
    sandbox.vk.forget_calls()
    failed = failures(rehearse)
    assert failed["vk:certificate_trusted"].answer is Answer.NO
    assert sandbox.vk.requests == 0


def test_evotors_certificate_is_looked_at_too(
    rehearse: Rehearsals, over_tls: Server, authority: Authority, settings: Any
) -> None:
    settings.EVOTOR_API_URL = over_tls.url
    assert rehearse.answers(writes=False)["evotor:certificate_trusted"].answer is Answer.NO
