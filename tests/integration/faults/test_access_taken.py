"""VK takes away the shop or the right to it amid a run, and gives it back: nothing is doubled or lost."""

from collections.abc import Callable

import pytest

from accounts.models import User
from connections.models import VkConnection
from sandbox import Sandbox
from syncing.models import Listing, SyncJob
from tests.integration.faults.shop import ITEMS, first_run, run, store_of, titles

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

Switch = tuple[Callable[[Sandbox], object], Callable[[Sandbox], object]]
NEW = 8


def close(box: Sandbox) -> None:
    """Delete the community, with all that it has."""
    box.vk.communities[-box.group_id] = box.vk.communities.pop(box.group_id)


def reopen(box: Sandbox) -> None:
    box.vk.communities[box.group_id] = box.vk.communities.pop(-box.group_id)


def take_right(box: Sandbox) -> None:
    box.vk.tokens[box.vk_token].scope = frozenset({"groups"})


def give_right(box: Sandbox) -> None:
    box.vk.tokens[box.vk_token].scope = frozenset({"groups", "market"})


TAKEN: dict[str, Switch] = {
    "market off": (
        lambda box: box.vk.merchant.switch_market(on=False),
        lambda box: box.vk.merchant.switch_market(on=True),
    ),
    "no longer an admin": (
        lambda box: box.vk.merchant.set_role(0),
        lambda box: box.vk.merchant.set_role(3),
    ),
    "community deleted": (close, reopen),
    "no right to goods": (take_right, give_right),
    "token revoked": (
        lambda box: box.vk.merchant.revoke_token(),
        lambda box: setattr(box.vk.tokens[box.vk_token], "revoked", False),
    ),
}
# Each tells the merchant what to do.
CODES = {
    "market off": {"vk.1438", "vk.1525"},
    "no longer an admin": {"vk.205", "vk.7"},
    "community deleted": {"vk.15", "vk.125"},
    "no right to goods": {"vk.15_1133"},
    "token revoked": {"vk.5"},
}
MOMENTS = [
    "market.get",
    "upload",
    "market.saveProductPhotoBulk",
    "market.add",
    "market.edit",
    "market.addAlbum",
]


def change_till(box: Sandbox) -> None:
    """Enter new goods in a new group, and change prices of old ones."""
    store = store_of(box)
    old = list(store.products)
    group = box.evotor.add_group(store.id, "Чайники")
    for number in range(NEW):
        box.evotor.add_product(
            store.id, f"Чайник {number}", parent_id=group.id, price=900 + number, quantity=2
        )
    for product_id in old[:5]:
        box.evotor.edit_product(store.id, product_id, price=777)
    box.evotor.delete_product(store.id, old[-1])


def connect_again(user: User) -> None:
    """As the merchant's login, or the check of connections, does it."""
    VkConnection.objects.filter(user=user).update(is_online=True, paused_until=None)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("what", TAKEN)
def test_what_is_taken_amid_a_run_and_given_back_doubles_and_loses_nothing(
    box: Sandbox, user: User, what: str, moment: str
) -> None:
    first_run(box, user)
    hand_made = box.vk.create_item("Варежки вязаные")
    change_till(box)
    take, give = TAKEN[what]
    before = {item.id for item in box.vk.live_items()}
    box.vk.fault("action", method=moment, nth=2 if moment == "upload" else 1, do=lambda: take(box))
    jobs = [run(user)]
    connect_again(user)
    jobs.append(run(user))
    box.vk.faults.clear()
    give(box)
    assert [job.status for job in jobs] == [SyncJob.Status.FAILED] * 2
    assert {job.error_code for job in jobs} <= CODES[what]
    assert before <= {item.id for item in box.vk.live_items()}
    connect_again(user)
    assert run(user).status == SyncJob.Status.SUCCESS
    job = run(user)
    assert (job.status, job.items_created, job.items_updated) == (SyncJob.Status.SUCCESS, 0, 0)
    assert len(titles(box)) == len(set(titles(box)))
    shown = [item.title for item in box.vk.live_items() if not item.hidden]
    assert sorted(shown) == sorted(set(shown))
    assert len(shown) == ITEMS - 1 + NEW + 1
    assert hand_made.title in shown
    assert sum(item.price_kopecks == 77_700 for item in box.vk.live_items()) == 5
    assert Listing.objects.for_user(user).filter(vk_item_id=hand_made.id).count() == 0
