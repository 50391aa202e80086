"""The restore drill of docs/operators.md on real MariaDB: an old dump, and VK stays right all the same."""

import re
import subprocess
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.models import F
from django.utils import timezone
from model_bakery import baker

from accounts.models import User
from catalog.models import Product
from sandbox import Sandbox
from syncing.models import Listing, SyncConfig, SyncJob
from syncing.services.settings import config_for
from tests.integration.syncing.running import ITEMS, open_shop, run
from tests.servers import find_program

pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True)]

HAND_MADE = "Открытка ручной работы"


def flags_of_the_manual() -> list[str]:
    """Return the options that operators give to `mariadb-dump`."""
    text = (settings.BASE_DIR / "docs/operators.md").read_text()
    command = re.search(r"mariadb-dump ((?:--[\w-]+[ \\\n]+)+)--user", text)
    assert command
    return command[1].replace("\\", " ").split()


def client(program: str, *options: str) -> list[str]:
    """Return the command line of one of MariaDB's clients for the database under test."""
    at = connection.settings_dict
    return [
        find_program(program),
        "--no-defaults",
        f"--host={at['HOST']}",
        f"--port={at['PORT']}",
        f"--user={at['USER']}",
        f"--password={at['PASSWORD']}",
        *options,
        str(at["NAME"]),
    ]


def dump(file: Path) -> None:
    with file.open("wb") as out:
        subprocess.run(client("mariadb-dump", *flags_of_the_manual()), stdout=out, check=True)


def restore(file: Path) -> None:
    connections.close_all()
    with file.open("rb") as lines:
        subprocess.run(client("mariadb"), stdin=lines, check=True)


def on_sale(box: Sandbox) -> dict[str, tuple[str, int, int]]:
    """Return what VK shows of our making: stamp or sku → title, price and stock."""
    items = [item for item in box.vk.items.values() if item.deleted_at is None and item.title != HAND_MADE]
    assert len({item.sku for item in items}) == len(items), "VK has something twice"
    return {
        item.sku: (item.title, item.price_kopecks, item.stock) for item in items if item.availability == 0
    }


def let_time_pass(days: int) -> None:
    Listing.objects.update(hidden_since=F("hidden_since") - timedelta(days=days))


def rebuild(user: User) -> str:
    out = StringIO()
    call_command("rebuild_listings", user.email, stdout=out)
    return out.getvalue()


@pytest.fixture
def till(sandbox: Sandbox, transactional_db: None) -> tuple[User, Sandbox, Any, list[str]]:
    """A merchant with mugs in VK, one of them just hidden, and a card made by hand."""
    sandbox.vk.create_item(HAND_MADE)
    user = open_shop(sandbox)
    store = next(iter(sandbox.evotor.stores.values()))
    ids = list(store.products)
    assert run(user).status == SyncJob.Status.SUCCESS
    sandbox.evotor.delete_product(store.id, ids[0])
    assert run(user).items_hidden == 1
    return user, sandbox, store, ids


def live_on(box: Sandbox, user: User, store: Any, ids: list[str]) -> None:
    """Let a month pass that the dump knows nothing of."""
    for number in range(5):
        box.evotor.add_product(store.id, f"Ложка чайная {number}", price=50 + number, quantity=3)
    group = box.evotor.add_group(store.id, "Новинки")
    box.evotor.add_product(store.id, "Тарелка глубокая", parent_id=group.id, price=300, quantity=2)
    box.evotor.edit_product(store.id, ids[1], price=777)
    box.evotor.edit_product(store.id, ids[2], name="Чашка зелёная 2")
    box.evotor.sell(store.id, ids[3], 4)
    assert run(user).items_created == 6
    let_time_pass(31)
    assert run(user).items_deleted == 1
    box.evotor.delete_product(store.id, ids[4])
    assert run(user).items_hidden == 1


@pytest.mark.parametrize("rebuilt", [True, False], ids=["with rebuild_listings", "without it"])
def test_nothing_is_doubled_and_nothing_lost_after_an_old_dump(
    till: tuple[User, Sandbox, Any, list[str]], tmp_path: Path, *, rebuilt: bool
) -> None:
    user, box, store, ids = till
    file = tmp_path / "evosync.sql"
    dump(file)
    live_on(box, user, store, ids)
    before = on_sale(box)
    assert len(before) == ITEMS - 2 + 6
    hand_made = repr(next(item for item in box.vk.items.values() if item.title == HAND_MADE))
    box.vk.forget_calls()

    restore(file)
    assert Listing.objects.count() == ITEMS
    if rebuilt:
        rebuild(user)
        assert not {"market.add", "market.edit", "market.delete"} & box.vk.counts().keys()
    first = run(user)
    assert (first.status, first.items_created, first.error_count) == (SyncJob.Status.SUCCESS, 0, 0)
    assert on_sale(box) == before
    second = run(user)
    assert (second.items_created, second.items_updated, second.items_hidden) == (0, 0, 0)
    assert repr(next(item for item in box.vk.items.values() if item.title == HAND_MADE)) == hand_made

    # The shop goes on as if nothing had been: what was changed unseen is not taken for the merchant's own.
    box.evotor.edit_product(store.id, ids[2], name="Чашка жёлтая 2", price=140)
    box.evotor.delete_product(store.id, ids[5])
    third = run(user)
    assert (third.items_updated, third.items_hidden) == (1, 1)
    assert [(title, price) for title, price, _ in on_sale(box).values() if "жёлтая" in title] == [
        ("Чашка жёлтая 2", 14_000)
    ]


def test_items_stay_with_their_goods_whose_new_stamps_are_not_in_vk_yet(
    till: tuple[User, Sandbox, Any, list[str]],
) -> None:
    user, box, store, _ids = till
    before, stamps = len(on_sale(box)), set(Listing.objects.values_list("stamp", flat=True))
    box.evotor.reimport(store.id)
    box.vk.fault("error", code=10, times=0, method="market.edit")
    run(user)
    box.vk.faults.clear()
    rows = sorted(Listing.objects.values_list("stamp", "vk_item_id"))
    assert len(stamps & {stamp for stamp, _ in rows}) == 1
    rebuild(user)
    assert sorted(Listing.objects.values_list("stamp", "vk_item_id")) == rows
    after = run(user)
    assert (after.status, after.items_created, len(on_sale(box))) == (SyncJob.Status.SUCCESS, 0, before)


def test_items_that_came_and_went_unseen_are_named_and_nobody_elses_are(
    till: tuple[User, Sandbox, Any, list[str]], tmp_path: Path
) -> None:
    user, box, store, ids = till
    file = tmp_path / "evosync.sql"
    dump(file)
    passing = box.evotor.add_product(store.id, "Ёлка", price=900, quantity=1)
    box.evotor.add_product(store.id, "Шишка", price=10, quantity=7)
    assert run(user).items_created == 2
    box.evotor.delete_product(store.id, passing.id)
    restore(file)
    call_command("refresh_catalog", user.email, stdout=StringIO())
    # Another merchant sells in the same community.
    Listing.objects.filter(product_evotor_id=ids[5]).update(user=baker.make(User), product=None)
    Product.objects.filter(evotor_id=ids[5]).delete()

    told = rebuild(user)
    unseen = next(item for item in box.vk.items.values() if item.title == "Ёлка")
    assert "1 of them have our stamp" in told
    assert re.findall(r"w=product-(\d+)_(\d+)", told) == [(str(box.group_id), str(unseen.id))]


def test_all_maps_are_rebuilt_and_the_one_that_cannot_be_is_named(
    till: tuple[User, Sandbox, Any, list[str]],
) -> None:
    user = till[0]
    Listing.objects.all().delete()
    other = User.objects.create_user("other@example.com", "a-long-password")
    config_for(other)
    SyncConfig.objects.filter(user=other).update(is_enabled=True, confirmed_at=timezone.now())
    out = StringIO()
    with pytest.raises(CommandError, match=r"Not rebuilt: other@example\.com\."):
        call_command("rebuild_listings", "--all", stdout=out, stderr=StringIO())
    in_vk = f"items in VK: {ITEMS + 1}. Tied to products: {ITEMS} (0 of them were known)."
    assert f"{user.email}: {in_vk}" in out.getvalue()
    assert Listing.objects.for_user(user).count() == ITEMS
    with pytest.raises(CommandError, match="Name one merchant"):
        call_command("rebuild_listings")
