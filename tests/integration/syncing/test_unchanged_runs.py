"""A run whose inputs are those of a run that had nothing to do ends like it without a plan; no other does."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from catalog.models import Product, ProductGroup, Store
from catalog.photos.placeholders import placeholder
from catalog.photos.services import set_shared_photo
from connections.client_factory import vk_client
from connections.clients.evotor.records import EvotorProduct, read_product
from connections.models import VkConnection
from connections.models.vk import TEXT_LIMIT_LASTS
from sandbox import Sandbox
from syncing.core.choices import CardStyle
from syncing.jobs import runner
from syncing.jobs.lifecycle import claim, request_sync
from syncing.models import (
    Album,
    GoodsRule,
    Listing,
    RestrictedDecision,
    ShopLimits,
    SyncConfig,
    SyncFilter,
    SyncJob,
)
from syncing.publishing.errors import LeaseLost
from syncing.services import unchanged_runs
from syncing.services.categories import choose_for_group
from syncing.services.own_words import GroupChoice, set_words, set_words_of_many
from syncing.services.own_words import choose_for_group as choose_words
from syncing.services.planning import Planned, make_plan, plan_from, read_vk
from syncing.shop_mappers import LIMIT_COUNTS_FOR, OURS_FOR
from tests.integration.shared_start import SharedStart
from tests.integration.syncing.running import ITEMS, run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[Planned]:
    """Return the list of the plans that runs make from here on."""
    made: list[Planned] = []

    def noted(*args: Any, **more: Any) -> Planned:
        made.append(make_plan(*args, **more))
        return made[-1]

    monkeypatch.setattr("syncing.jobs.runner.make_plan", noted)
    return made


@SharedStart
def settle(_box: Sandbox, user: User | None) -> User:
    """Run until there is nothing to do, and nothing to remember."""
    assert user is not None
    for _ in range(4):
        run(user)
    return user


@pytest.fixture
def settled(box: Sandbox, user: User, plans: list[Planned]) -> User:
    """Return a merchant whose runs are known again."""
    user = settle(box, user)
    plans.clear()
    run(user)
    assert plans == []
    return user


def test_a_run_that_is_known_again_says_what_the_planned_one_said(
    user: User, box: Sandbox, plans: list[Planned]
) -> None:
    store = next(iter(box.evotor.stores.values()))
    box.evotor.add_product(store.id, "Сигареты Kent 8", price=200, quantity=5)
    for _ in range(4):
        run(user)
    planned = SyncJob.objects.newest().exclude(plan_hash="").first()
    plans.clear()
    known = run(user)
    assert plans == []
    assert planned is not None
    names = ("status", "error_code", "plan_hash", "questions", "skipped_by_reason", "done", "total", "phase")
    counts = ("items_unchanged", "items_skipped", "items_created", "items_updated", "error_count", "requests")
    for name in (*names, *counts):
        assert getattr(known, name) == getattr(planned, name), name
    assert (known.items_unchanged, known.items_skipped) == (ITEMS, 1)


@pytest.mark.once
def test_a_release_that_draws_other_bytes_sends_no_picture_again(
    user: User, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(user)
    run(user)
    drawn: list[str] = []

    def draw(name: str, group: str, style: CardStyle = CardStyle.COLOUR) -> bytes:
        drawn.append(name)
        return placeholder(f"{name}!", group, style)

    monkeypatch.setattr("syncing.services.planning.placeholder", draw)
    monkeypatch.setattr("syncing.services.unchanged_runs.program_digest", lambda *names: "another release")
    uploads, methods = box.vk.uploads, box.vk.counts()
    Product.objects.filter(evotor_id=_till(box)[1]).update(own_title="Кружка с котом")
    job = run(user)
    assert (job.status, job.items_updated) == (SyncJob.Status.SUCCESS, 1)
    assert (box.vk.uploads, drawn) == (uploads, [])
    sent = box.vk.counts() - methods
    assert sent["market.edit"] == 1
    assert {one for one in sent if "photo" in one.lower() or "upload" in one.lower()} == set()


def test_a_known_run_moves_the_times_that_pages_show(settled: User) -> None:
    before = timezone.now()
    run(settled)
    moments = [
        ShopLimits.objects.get().verified_at,
        SyncConfig.objects.get().last_run_at,
        Store.objects.get().goods_seen_at,
        VkConnection.objects.get().last_checked_at,
    ]
    assert [moment for moment in moments if moment is None or moment <= before] == []


def test_runs_take_few_statements(settled: User, box: Sandbox) -> None:
    with CaptureQueriesContext(connection) as known:
        run(settled)
    box.evotor.edit_product(*_till(box), price=101)
    with CaptureQueriesContext(connection) as changed:
        assert run(settled).items_updated == 1
    assert count_statements(known) <= 28
    assert count_statements(changed) <= 55


def count_statements(captured: CaptureQueriesContext) -> int:
    """Return how many statements read or wrote rows: databases begin and end transactions differently."""
    words = {"BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SET"}
    return sum(one["sql"].split()[0] not in words for one in captured)


def _item(user: User) -> int:
    return (
        Listing.objects.for_user(user)
        .exclude(vk_item_id=None)
        .order_by("pk")
        .values_list("vk_item_id", flat=True)[0]
        or 0
    )


def _in_an_hour() -> datetime:
    return timezone.now() + timedelta(hours=1)


def _till(box: Sandbox) -> tuple[str, str]:
    store = next(iter(box.evotor.stores.values()))
    return store.id, next(iter(store.products))


CHEAPER = [{"kind": "percent", "value": "-5"}]
CHANGES: dict[str, Callable[[User, Sandbox], object]] = {
    "a price in the till": lambda user, box: box.evotor.edit_product(*_till(box), price=7),
    "a stock in the till": lambda user, box: box.evotor.edit_product(*_till(box), quantity=0),
    "a new product": lambda user, box: box.evotor.add_product(_till(box)[0], "Чайник", price=900),
    "a product that left": lambda user, box: box.evotor.delete_product(*_till(box)),
    "a title in VK": lambda user, box: box.vk.rename_item(_item(user), "Своё название"),
    "a price in VK": lambda user, box: box.vk.change_price(_item(user), 100),
    "an item hidden in VK": lambda user, box: box.vk.hide_item(_item(user)),
    "an item deleted in VK": lambda user, box: box.vk.delete_item(_item(user)),
    "an item made in VK": lambda user, box: box.vk.create_item("Открытка ручной работы"),
    "an album made in VK": lambda user, box: box.vk.create_album("Новинки"),
    "a rule": lambda user, box: SyncConfig.objects.update(markup_percent=10),
    "a category": lambda user, box: choose_for_group(ProductGroup.objects.get(), 30_501),
    "own words": lambda user, box: set_words(
        Product.objects.for_user(user).order_by("pk")[0], {"own_title": "Кружка бабушки Нины"}
    ),
    "words of many": lambda user, box: set_words_of_many(
        user, "own_album", {Product.objects.for_user(user).order_by("pk")[0].pk: "Подарки"}
    ),
    "a text for a group": lambda user, box: choose_words(
        ProductGroup.objects.get(), GroupChoice("{name}, {group}", "Кухня")
    ),
    "a filter": lambda user, box: SyncFilter.objects.create(
        sync_config=user.sync_config, entity_type="product", entity_id=_till(box)[1], filter_mode="exclude"
    ),
    "a decision": lambda user, box: RestrictedDecision.objects.create(
        user=user, scope="name", key="кружка синяя 0", label="Кружка синяя 0", verdict="forbidden"
    ),
    "a rule for goods": lambda user, box: GoodsRule.objects.create(
        user=user,
        position=1,
        name="Скидка",
        conditions=[],
        actions=CHEAPER,
        is_enabled=True,
    ),
    "a title of the merchant's": lambda user, box: Product.objects.filter(evotor_id=_till(box)[1]).update(
        own_title="Кружка с котом"
    ),
    "a picture": lambda user, box: set_shared_photo(user, group=None, jpeg=placeholder("Кружка", "Посуда")),
    "a row of the map": lambda user, box: Listing.objects.filter(vk_item_id=_item(user)).update(
        merchant_fields=["title"]
    ),
    "an album's row": lambda user, box: Album.objects.all().delete(),
    "a learnt limit": lambda user, box: ShopLimits.objects.update(items=5, items_at=timezone.now()),
    "a suspended method": lambda user, box: VkConnection.objects.update(
        method_rests={
            "market.add": {"until": (timezone.now() + timedelta(hours=1)).isoformat(), "code": "vk.9"}
        }
    ),
    "a length of texts": lambda user, box: VkConnection.objects.update(
        text_limits={"title": {"longest": 60, "at": timezone.now().isoformat()}}
    ),
    "a day": lambda user, box: ShopLimits.objects.update(run_key_until=timezone.now()),
    "a clock that was set back": lambda user, box: ShopLimits.objects.update(
        run_key_until=timezone.now() + timedelta(days=2)
    ),
}


# Of all changes these alone send a database statements that no other test of the folder sends.
OWN_STATEMENTS = frozenset(
    {
        "words of many",
        "a text for a group",
        "a title of the merchant's",
        "a picture",
        "a row of the map",
        "a suspended method",
        "a clock that was set back",
    }
)


@pytest.mark.parametrize(
    "what",
    [pytest.param(what, marks=() if what in OWN_STATEMENTS else pytest.mark.once) for what in CHANGES],
)
def test_a_run_plans_after(what: str, settled: User, box: Sandbox, plans: list[Planned]) -> None:
    settled.refresh_from_db()
    CHANGES[what](settled, box)
    run(settled)
    assert len(plans) == 1


@pytest.mark.once
def test_another_release_plans_for_itself(
    settled: User, plans: list[Planned], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unchanged_runs, "program_digest", lambda *_: "another release")
    run(settled)
    assert len(plans) == 1


@pytest.mark.once
def test_a_rule_for_goods_that_begins_by_itself_makes_a_plan(user: User, plans: list[Planned]) -> None:
    soon = timezone.now() + timedelta(minutes=10)
    GoodsRule.objects.create(
        user=user,
        position=1,
        name="Ночь",
        conditions=[],
        actions=CHEAPER,
        starts_at=soon,
        is_enabled=True,
    )
    for _ in range(4):
        run(user)
    plans.clear()
    run(user)
    assert plans == []
    shop = shop_of(user)
    now = unchanged_runs.run_key(user, shop, group_id=group_of(user), now=timezone.now())
    then = unchanged_runs.run_key(user, shop, group_id=group_of(user), now=soon)
    assert now != then


def group_of(user: User) -> int:
    """Return the merchant's community."""
    return VkConnection.objects.get(user=user).group_id or 0


def shop_of(user: User) -> Any:
    """Return the shop as VK shows it now."""
    return read_vk(user, client=vk_client(VkConnection.objects.get(user=user)), group_id=group_of(user))


def test_a_run_is_known_no_longer_than_until_a_hidden_item_is_to_be_removed(
    user: User, box: Sandbox, plans: list[Planned]
) -> None:
    run(user)
    box.evotor.delete_product(*_till(box))
    run(user, approve=True)
    hidden = Listing.objects.exclude(hidden_since=None)
    soon = timezone.now() + timedelta(hours=2)
    hidden.update(hidden_since=soon - timedelta(days=30))
    for _ in range(4):
        run(user)
    plans.clear()
    run(user)
    assert plans == []
    assert ShopLimits.objects.get().run_key_until == soon


def _in(hours: float) -> datetime:
    return timezone.now() + timedelta(hours=hours)


# Each lets a time of its own change the plan of the same inputs two hours from now.
TIMES: dict[str, Callable[[User], object]] = {
    "an own text of late": lambda user: Listing.objects.filter(vk_item_id=_item(user)).update(
        own_values=[{"field": "title", "value": "Чашка", "at": (_in(2) - OURS_FOR).isoformat()}]
    ),
    "a limit of items": lambda user: ShopLimits.objects.update(items=900, items_at=_in(2) - LIMIT_COUNTS_FOR),
    "a limit of albums": lambda user: ShopLimits.objects.update(
        albums=90, albums_at=_in(2) - LIMIT_COUNTS_FOR
    ),
    "a length of texts": lambda user: VkConnection.objects.update(
        text_limits={"title": {"longest": 100, "at": (_in(2) - TEXT_LIMIT_LASTS).isoformat()}}
    ),
    "a method that is suspended": lambda user: VkConnection.objects.update(
        method_rests={"market.addAlbum": {"until": _in(2).isoformat(), "code": "vk.9"}}
    ),
}


@pytest.mark.parametrize("what", TIMES)
def test_a_run_is_known_no_longer_than_until_a_time_matters(
    what: str, settled: User, plans: list[Planned]
) -> None:
    TIMES[what](settled)
    run(settled)
    run(settled)
    assert len(plans) == 1
    until = ShopLimits.objects.get().run_key_until
    assert until is not None
    assert abs(until - _in(2)) < timedelta(minutes=5)


@pytest.mark.once
def test_a_rule_for_goods_that_ends_by_itself_makes_a_plan(user: User) -> None:
    end = _in(1)
    GoodsRule.objects.create(
        user=user, position=1, name="Ночь", conditions=[], actions=CHEAPER, ends_at=end, is_enabled=True
    )
    run(user)
    shop = shop_of(user)
    keys = {
        unchanged_runs.run_key(user, shop, group_id=group_of(user), now=at)
        for at in (timezone.now(), end - timedelta(seconds=1), end)
    }
    assert len(keys) == 2


@pytest.mark.once
def test_no_record_of_a_text_that_is_known_is_read(settled: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def unexpected(item: object) -> None:
        raise AssertionError(item)

    monkeypatch.setattr("connections.clients.evotor.client.read_product", unexpected)
    assert run(settled).status == SyncJob.Status.SUCCESS


@pytest.mark.once
def test_another_release_reads_the_text_for_itself(settled: User, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    monkeypatch.setattr("catalog.ingest.reading_key.program_digest", lambda *_: "another release")

    def noted(item: Mapping[str, Any]) -> EvotorProduct:
        read.append(item)
        return read_product(item)

    monkeypatch.setattr("connections.clients.evotor.client.read_product", noted)
    run(settled)
    assert len(read) == ITEMS
    run(settled)
    assert len(read) == ITEMS


def test_the_keys_of_two_merchants_differ(settled: User, box: Sandbox) -> None:
    other = User.objects.create_user("other@example.com")
    shop, now = shop_of(settled), timezone.now()
    mine, theirs = (
        unchanged_runs.run_key(one, shop, group_id=group_of(settled), now=now) for one in (settled, other)
    )
    assert mine != theirs


@pytest.mark.once
def test_a_run_that_had_something_to_do_is_not_known_again(user: User, plans: list[Planned]) -> None:
    run(user)
    assert ShopLimits.objects.get().run_key == ""


def test_a_shop_with_a_refused_album_is_planned_every_time(settled: User, plans: list[Planned]) -> None:
    Listing.objects.filter(vk_item_id=_item(settled)).update(
        album_refusal={"album": "посуда", "at": timezone.now().isoformat(), "held": None}
    )
    run(settled)
    run(settled)
    assert len(plans) == 2


def test_a_known_run_that_lost_its_job_writes_nothing(settled: User) -> None:
    before = ShopLimits.objects.get().verified_at
    request_sync(settled, trigger=SyncJob.Trigger.MANUAL)
    job = claim(settled, now=timezone.now(), early=True)
    assert job is not None
    SyncJob.objects.filter(pk=job.pk).update(lease="another", phase="plan")
    with pytest.raises(LeaseLost):
        runner.JobRunner(job, runner.RunOptions()).execute()
    assert ShopLimits.objects.get().verified_at == before


@pytest.mark.once
def test_every_table_that_a_plan_reads_is_part_of_the_key(settled: User, box: Sandbox) -> None:
    set_shared_photo(settled, group=None, jpeg=placeholder("Кружка", "Посуда"))
    SyncFilter.objects.create(
        sync_config=settled.sync_config, entity_type="product", entity_id="none", filter_mode="exclude"
    )
    shop, now = shop_of(settled), timezone.now()
    with CaptureQueriesContext(connection) as planned:
        plan_from(settled, shop, group_id=group_of(settled), now=now)
    with CaptureQueriesContext(connection) as keyed:
        unchanged_runs.run_key(settled, shop, group_id=group_of(settled), now=now)
    assert tables(planned) - tables(keyed) == set()
    assert {"catalog_store", "syncing_listing", "syncing_syncconfig"} <= tables(keyed)


def tables(captured: CaptureQueriesContext) -> set[str]:
    """Return the tables that statements read."""
    return {table for one in captured for table in re.findall(r"(?:FROM|JOIN) [\"`](\w+)[\"`]", one["sql"])}
