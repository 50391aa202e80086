"""Every doubt is answered both ways, and a stand-in that differs in one thing changes that answer alone."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.vk.records import Limits
from syncing.core.preflight.facts import FACTS
from syncing.core.preflight.findings import Answer, Finding
from syncing.publishing.vk.preflight import reading as vk_part
from syncing.services.preflight import evotor as evotor_part
from tests.integration.preflight.conftest import Harm, Rehearsals

pytestmark = pytest.mark.django_db

# What the stand-ins answer as they are; every other fact holds.
NO_BY_DEFAULT = {"evotor:images_served", "evotor:version_1_answers", "vk:extended_market"}
UNCLEAR_BY_DEFAULT = {
    "evotor:more_than_a_page",
    "evotor:removed_are_marked",
    "evotor:ids_shared_by_stores",
}
NOT_ASKED_BY_DEFAULT = {"vk:fallback_answers"}


def first_store(box: Sandbox) -> Any:
    return next(iter(box.evotor.stores.values()))


def doubt(name: str) -> Harm:
    """Return the harm that switches one of VK's doubts on."""

    def harm(box: Sandbox, _settings: Any, _patch: pytest.MonkeyPatch) -> None:
        assert not getattr(box.vk.doubts, name)
        setattr(box.vk.doubts, name, True)

    return harm


def limit(name: str, value: object) -> Harm:
    return lambda box, _settings, _patch: setattr(box.vk, "limits", _changed(box.vk.limits, name, value))


def _changed(limits: Limits, name: str, value: object) -> Limits:
    changes: dict[str, Any] = {name: value}
    return replace(limits, **changes)


def reshape(name: str, change: Callable[[Any], Any]) -> Harm:
    return lambda box, _settings, _patch: box.vk.reshape.update({name: change})


def rule(name: str, value: object) -> Harm:
    return lambda box, _settings, _patch: setattr(box.evotor.rules, name, value)


def vk_error(method: str, code: int, **more: Any) -> Harm:
    def harm(box: Sandbox, _settings: Any, _patch: pytest.MonkeyPatch) -> None:
        box.vk.fault("error", method=method, code=code, times=0, **more)

    return harm


def patch(target: Any, name: str, value: object) -> Harm:
    return lambda _box, _settings, monkeypatch: monkeypatch.setattr(target, name, value)


def second_store(box: Sandbox, _settings: Any, _patch: pytest.MonkeyPatch) -> None:
    store = box.evotor.add_store("Ларёк")
    box.evotor.add_product(store.id, "Кружка", product_id=next(iter(first_store(box).products)))


def unpriced(box: Sandbox, _settings: Any, _patch: pytest.MonkeyPatch) -> None:
    box.evotor.add_product(first_store(box).id, "Без цены", price=None)


def orphan(box: Sandbox, _settings: Any, _patch: pytest.MonkeyPatch) -> None:
    box.evotor.add_product(first_store(box).id, "Сирота", parent_id="7f1f1a52-0000-4000-8000-000000000000")


def removed(box: Sandbox, _settings: Any, _patch: pytest.MonkeyPatch) -> None:
    box.evotor.add_product(first_store(box).id, "Убран", is_removed=True)


def one_store_without_app(box: Sandbox, _settings: Any, _patch: pytest.MonkeyPatch) -> None:
    store = box.evotor.add_store("Ларёк")
    store.on_terminals = False


def no_stock_right(box: Sandbox, _settings: Any, _patch: pytest.MonkeyPatch) -> None:
    box.evotor.merchant.stock_right = False


def first_host_is_dead(box: Sandbox, settings: Any, _patch: pytest.MonkeyPatch) -> None:
    settings.VK_API_FALLBACK_URL, settings.VK_API_URL = settings.VK_API_URL, "http://127.0.0.1:9"


def second_host_is_dead(_box: Sandbox, settings: Any, _patch: pytest.MonkeyPatch) -> None:
    settings.VK_API_FALLBACK_URL = "http://127.0.0.1:9"


def second_host_lives(box: Sandbox, settings: Any, _patch: pytest.MonkeyPatch) -> None:
    settings.VK_API_FALLBACK_URL = box.vk_url.replace("127.0.0.1", "localhost")


def vk_clock_is_late(box: Sandbox, _settings: Any, _patch: pytest.MonkeyPatch) -> None:
    box.vk.clock = lambda: time.time() - 600


def market_is_extended(box: Sandbox, _settings: Any, _patch: pytest.MonkeyPatch) -> None:
    box.vk.community.market_type = "advanced"


def upload_refused_the_second_time(box: Sandbox, _settings: Any, _patch: pytest.MonkeyPatch) -> None:
    box.vk.fault("error", method="upload", nth=2, times=1)


def without_emoji(title: str) -> str:
    return title.replace("🍵", "")


READING: dict[str, tuple[Harm, Answer]] = {
    "evotor:products_readable": (one_store_without_app, Answer.NO),
    "evotor:quantity_told": (no_stock_right, Answer.NO),
    "evotor:price_told": (unpriced, Answer.NO),
    "evotor:more_than_a_page": (rule("page_size", 2), Answer.YES),
    "evotor:limit_honoured": (rule("takes_limit", value=False), Answer.NO),
    "evotor:rate_limit_told": (rule("per_window", 0), Answer.NO),
    "evotor:since_filters": (rule("since_of_products", value=False), Answer.NO),
    "evotor:since_inclusive": (rule("since_is_inclusive", value=False), Answer.NO),
    "evotor:since_on_groups": (rule("since_of_groups", value=False), Answer.NO),
    "evotor:unknown_product_is_404": (rule("missing_status", 410), Answer.NO),
    "evotor:unknown_token_is_401": (rule("unknown_status", 403), Answer.NO),
    "evotor:images_served": (rule("serves_images", value=True), Answer.YES),
    "evotor:version_1_answers": (rule("serves_version_1", value=True), Answer.YES),
    "evotor:removed_are_marked": (removed, Answer.YES),
    "evotor:ids_shared_by_stores": (second_store, Answer.YES),
    "evotor:groups_all_there": (orphan, Answer.NO),
    "evotor:answers_in_time": (patch(evotor_part, "SLOW", -1.0), Answer.NO),
    "vk:host_answers": (first_host_is_dead, Answer.NO),
    "vk:fallback_answers": (second_host_lives, Answer.YES),
    "vk:permissions_name_market": (doubt("hides_permissions"), Answer.NO),
    "vk:extended_market": (market_is_extended, Answer.YES),
    "vk:room_for_items": (patch(vk_part, "ITEMS", 3), Answer.NO),
    "vk:room_for_albums": (patch(vk_part, "ALBUMS", 0), Answer.NO),
    "vk:clock_agrees": (vk_clock_is_late, Answer.NO),
    "vk:answers_in_time": (patch(vk_part, "SLOW", -1.0), Answer.NO),
    "vk:execute_pairs_errors": (doubt("keeps_errors_of_scripts"), Answer.NO),
    "vk:execute_takes_60_kb": (limit("script_bytes", 2_000), Answer.NO),
    "vk:unknown_parameters_ignored": (doubt("refuses_unknown_parameters"), Answer.NO),
    "vk:categories_nest": (doubt("flattens_categories"), Answer.NO),
}
# A dead first host is seen through the second, which then answers.
ALSO = {
    "vk:host_answers": {"vk:fallback_answers"},
    # A script of 60 KB carries a parameter that VK does not know.
    "vk:unknown_parameters_ignored": {"vk:execute_takes_60_kb"},
    "evotor:since_filters": {"evotor:since_inclusive"},
}
WITH_AN_ITEM: dict[str, Harm] = {
    "vk:bulk_upload": doubt("saves_one_of_many"),
    "vk:upload_address_lasts": upload_refused_the_second_time,
    "vk:photo_in_use_refused": doubt("shares_photos"),
    "vk:by_id_at_once": limit("by_id_lag", 3.0),
    "vk:list_at_once": limit("list_lag", 3.0),
    "vk:hidden_listed_with_variants": doubt("unlists_hidden_with_variants"),
    "vk:hidden_left_out": doubt("lists_hidden_always"),
    "vk:hidden_is_2": doubt("hides_as_removed"),
    "vk:newest_first": doubt("lists_oldest_first"),
    "vk:sku_kept": reshape("sku", str.lower),
    "vk:sku_without_extended": doubt("tells_sku_if_extended"),
    "vk:signs_come_plain": limit("escape_answers", value=True),
    "vk:title_kept": reshape("title", lambda title: title.replace('"', "”")),
    "vk:emoji_kept": reshape("title", without_emoji),
    "vk:description_kept": reshape("description", lambda text: " ".join(text.split())),
    "vk:description_3000": limit("description_length", 2_000),
    "vk:title_weight_100": limit("name_weight", 90),
    "vk:title_weight_101_refused": limit("name_weight", 150),
    "vk:link_in_description_refused": limit("refuse_links", value=False),
    "vk:link_in_title_taken": doubt("refuses_links_in_titles"),
    "vk:kopecks_kept": reshape("price_kopecks", lambda kopecks: kopecks // 100 * 100),
    "vk:stock_kept": reshape("stock", lambda stock: -1 if stock else 0),
    "vk:stock_zero_kept": reshape("stock", lambda stock: stock or -1),
    "vk:category_kept": doubt("changes_category"),
    "vk:section_taken": doubt("refuses_sections"),
    "vk:edit_answers_1": doubt("answers_edits_in_objects"),
    "vk:nothing_to_change": doubt("edits_without_change"),
    "vk:own_photo_taken": doubt("refuses_own_photo"),
    "vk:execute_writes": vk_error("market.edit", 15, inner=True),
    "vk:sku_cleared": doubt("keeps_empty_sku"),
    "vk:album_made": vk_error("market.addAlbum", 1407),
    "vk:album_takes_item_ids": vk_error("market.addToAlbum", 1402),
    "vk:album_twice_is_1404": doubt("adds_to_album_twice"),
    "vk:album_told_by_item": doubt("keeps_albums_to_itself"),
    "vk:album_goes_items_stay": doubt("albums_take_items_along"),
    "vk:deleted_unlisted": doubt("lists_deleted"),
    "vk:deleted_not_by_id": doubt("finds_deleted"),
    "vk:deleted_edit_is_1403": doubt("edits_deleted"),
}
# What one difference changes besides its own answer.
WITH_AN_ITEM_ALSO: dict[str, set[str]] = {
    "vk:list_at_once": {"vk:edit_seen_at_once"},
    # VK rounds every price, so an edit of kopecks is never seen either.
    "vk:kopecks_kept": {"vk:edit_seen_at_once", "vk:execute_writes"},
}
# After these the facts of the same question stay open.
ENDS_EARLIER = {
    "vk:album_made": {
        "vk:album_takes_item_ids",
        "vk:album_twice_is_1404",
        "vk:album_told_by_item",
        "vk:album_goes_items_stay",
    },
    "vk:album_takes_item_ids": {
        "vk:album_twice_is_1404",
        "vk:album_told_by_item",
        "vk:album_goes_items_stay",
    },
    "vk:album_goes_items_stay": {"vk:deleted_unlisted", "vk:deleted_not_by_id", "vk:deleted_edit_is_1403"},
}


def expected() -> dict[str, Answer]:
    """Return the answers of the stand-ins as they are."""
    answers = {fact.name: Answer.NOT_ASKED if fact.why_not else Answer.YES for fact in FACTS}
    answers |= dict.fromkeys(NO_BY_DEFAULT, Answer.NO) | dict.fromkeys(UNCLEAR_BY_DEFAULT, Answer.UNCLEAR)
    return answers | dict.fromkeys(NOT_ASKED_BY_DEFAULT, Answer.NOT_ASKED)


def changed(found: dict[str, Finding], before: dict[str, Answer]) -> dict[str, Answer]:
    return {name: finding.answer for name, finding in found.items() if finding.answer is not before[name]}


def test_the_stand_ins_as_they_are_answer_every_question(rehearse: Rehearsals) -> None:
    assert changed(rehearse.answers(), expected()) == {}


def test_every_question_is_answered_the_other_way_somewhere() -> None:
    elsewhere = {
        "evotor:certificate_trusted",
        "evotor:token_accepted",
        "evotor:has_stores",
        "evotor:cursor_goes_alone",
        "evotor:clock_agrees",
        "vk:certificate_trusted",
        "vk:login_trusted",
        "vk:token_accepted",
        "vk:role",
        "vk:market_on",
        "vk:roubles",
        "vk:market_right",
        "vk:three_a_second",
        "vk:hidden_at_once",
        "vk:hidden_listed",
        "vk:edit_keeps_the_rest",
        "vk:edit_seen_at_once",
    }
    asked = {fact.name for fact in FACTS if not fact.why_not}
    assert asked == {*READING, *WITH_AN_ITEM, *elsewhere}
    assert not elsewhere & {*READING, *WITH_AN_ITEM}


@pytest.mark.parametrize("name", READING)
def test_what_is_read_answers_the_other_way(
    rehearse: Rehearsals, sandbox: Sandbox, settings: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    harm, answer = READING[name]
    harm(sandbox, settings, monkeypatch)
    found = rehearse.answers(writes=False)
    before = expected() | {name: found[name].answer for name in WITH_AN_ITEM}
    before |= dict.fromkeys(ELSEWHERE_WITH_AN_ITEM, Answer.NOT_ASKED)
    assert found[name].answer is answer
    assert set(changed(found, before)) == {name} | ALSO.get(name, set())


ELSEWHERE_WITH_AN_ITEM = (
    "vk:hidden_at_once",
    "vk:hidden_listed",
    "vk:edit_keeps_the_rest",
    "vk:edit_seen_at_once",
)


@pytest.mark.parametrize("name", WITH_AN_ITEM)
def test_what_an_item_shows_answers_the_other_way_and_nothing_stays(
    rehearse: Rehearsals, sandbox: Sandbox, settings: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    WITH_AN_ITEM[name](sandbox, settings, monkeypatch)
    found = rehearse.answers()
    assert found[name].answer is Answer.NO
    others = WITH_AN_ITEM_ALSO.get(name, set()) | ENDS_EARLIER.get(name, set())
    assert set(changed(found, expected())) == {name} | others
    assert [item.title for item in sandbox.vk.live_items() if not item.hand_made] == []
    assert sandbox.vk.albums == {}
