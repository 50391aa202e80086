"""A merchant, their till, VK and faults in any order; a plain model says what VK should show.

The model is written from the promises and not from the engine: it knows goods by their article,
which stands at the head of each item's sku.
"""

import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import requests
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from accounts.models import User
from catalog.models import Product
from connections.evotor.connect import connect_evotor
from connections.vk.connect import connect_vk
from sandbox import Sandbox
from sandbox.vk.records import ADMINISTRATOR, Item
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import RunOptions, run_slice
from syncing.models import SyncFilter, SyncJob
from syncing.services.errors import CannotSync
from syncing.services.settings import config_for

GROUPS = ("Посуда", "Игрушки")
ANY_GROUP = st.sampled_from((*GROUPS, ""))
SICKNESSES = st.sampled_from(("empty_page", "repeat_cursor", "shift", "http", "cut"))
WORDS = ("синяя", "красная", "белая", "большая", "малая")
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "reset_before"},
    {"kind": "reset_after"},
    {"kind": "http", "status": 500, "executed": True},
    {"kind": "http", "status": 502},
    {"kind": "cut"},
    {"kind": "bad_json"},
    {"kind": "error", "code": 1},
    {"kind": "error", "code": 10},
    {"kind": "error", "code": 13},
)
LIMITS = (6, 9, 14, 29)
steps_done = 0


class Crash(BaseException):
    """The process ends here and now."""


@contextmanager
def crashing(nth: int, *, after: bool) -> Iterator[None]:
    """Die at the nth request over the net, before it is sent or once it has taken effect."""
    send, count = requests.Session.send, itertools.count(1)

    def send_or_die(session: requests.Session, request: Any, **kwargs: Any) -> requests.Response:
        number = next(count)
        if number > nth or (number == nth and not after):
            raise Crash
        response = send(session, request, **kwargs)
        if number == nth:
            response.close()
            raise Crash
        return response

    requests.Session.send = send_or_die  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        requests.Session.send = send  # type: ignore[method-assign]


UNKNOWN = object()


@dataclass(frozen=True)
class Goods:
    """A product as the merchant typed it into the till. `stock` None is unknown."""

    name: str
    price: int
    stock: int | None
    group: str


class Shopkeeping(RuleBasedStateMachine):
    """Each rule is one step; `clean_run` is where everything has to be right."""

    def __init__(self) -> None:
        super().__init__()
        self.box = Sandbox(vk_rate=0, page_size=4).start()
        self.numbers = itertools.count(1)
        self.goods: dict[str, Goods] = {}
        self.ids: dict[str, str] = {}
        # By article, the till's id under which it was left out.
        self.left_out: dict[str, str] = {}
        self.hides_sold_out = False
        self.markup = 0
        # What the merchant owns since editing it in VK: (community, article) → field → value.
        self.own: dict[tuple[int, str], dict[str, Any]] = {}
        # Communities in which a run of ours may have begun what it has not written down.
        self.unsettled: set[int] = set()
        self.hand_made: dict[int, Item] = {}

    @initialize()
    def open_shop(self) -> None:
        """Three goods in the till, both services connected, a hand-made item in VK."""
        from django.conf import settings

        settings.EVOTOR_API_URL, settings.VK_API_URL = self.box.evotor_url, self.box.vk_url
        self.store = self.box.evotor.add_store("Лавка").id
        self.group_ids = {name: self.box.evotor.add_group(self.store, name).id for name in GROUPS}
        other = self.box.vk.add_community("Вторая", "second", {self.box.vk.user_id: ADMINISTRATOR})
        self.communities = (self.box.group_id, other.id)
        self.community = self.box.group_id
        self.user = User.objects.create_user("shop@example.com", "a-long-password")
        self._connect()
        config = config_for(self.user)
        # Prices go anywhere here; price control has tests of its own.
        config.confirmed_at, config.price_hold_percent = timezone.now(), None
        config.save()
        for group in (*GROUPS, ""):
            self._put(f"А{next(self.numbers)}", Goods(f"Кружка {group}".strip(), 100, 5, group))
        self.make_by_hand()

    def teardown(self) -> None:
        """Close the shop."""
        self.box.stop()
        if hasattr(self, "user"):
            self.user.delete()

    # The till

    @rule(price=st.integers(1, 90), stock=st.none() | st.integers(-2, 9), group=ANY_GROUP)
    @precondition(lambda self: len(self.goods) < 8)
    def enter_goods(self, price: int, stock: int | None, group: str) -> None:
        """A new product in the till."""
        number = next(self.numbers)
        self._put(f"А{number}", Goods(f"Чашка {WORDS[number % 5]} {number}", price * 10, stock, group))

    @rule(data=st.data(), price=st.integers(1, 90))
    @precondition(lambda self: self.goods)
    def change_price(self, data: st.DataObject, price: int) -> None:
        """Another price in the till."""
        self._edit(data, price=price * 10)

    @rule(data=st.data(), stock=st.integers(-2, 9))
    @precondition(lambda self: self.goods)
    def change_stock(self, data: st.DataObject, stock: int) -> None:
        """Sell, receive or count the stock."""
        self._edit(data, stock=stock)

    @rule(data=st.data())
    @precondition(lambda self: self.goods)
    def rename(self, data: st.DataObject) -> None:
        """Another name in the till."""
        number = next(self.numbers)
        self._edit(data, name=f"Кружка {WORDS[number % 5]} {number}")

    @rule(data=st.data(), group=ANY_GROUP)
    @precondition(lambda self: self.goods)
    def regroup(self, data: st.DataObject, group: str) -> None:
        """Moved to another group of the till."""
        self._edit(data, group=group)

    @rule(data=st.data())
    @precondition(lambda self: self.goods)
    def take_out(self, data: st.DataObject) -> None:
        """Deleted in the till."""
        article = self._draw(data)
        del self.goods[article]
        self.box.evotor.delete_product(self.store, self.ids.pop(article))
        self.left_out.pop(article, None)

    @rule()
    def reimport(self) -> None:
        """The accounting system writes the whole catalogue again: the same goods under new ids."""
        read = set(Product.objects.for_user(self.user).values_list("evotor_id", flat=True))
        # A filter follows what it names; of goods that were never read nobody can know what they were.
        self.left_out = {article: old for article, old in self.left_out.items() if old in read}
        new = self.box.evotor.reimport(self.store)
        self.ids = {article: new[old] for article, old in self.ids.items()}
        store = self.box.evotor.stores[self.store]
        self.group_ids = {group.name: group.id for group in store.groups.values()}

    # VK by hand

    @rule()
    @precondition(lambda self: len(self.hand_made) < 3)
    def make_by_hand(self) -> None:
        """The merchant makes an item in VK by hand."""
        item = self.box.vk.create_item(f"Открытка {next(self.numbers)}", group_id=self.community)
        self.hand_made[item.id] = deepcopy(item)

    @rule(data=st.data())
    @precondition(lambda self: self._ours())
    def rename_in_vk(self, data: st.DataObject) -> None:
        """The merchant renames one of our items: from now on the name is theirs."""
        item = self._draw_item(data)
        title = f"Моя любимая {next(self.numbers)}"
        self.box.vk.rename_item(item.id, title)
        self.own.setdefault((self.community, article_of(item)), {})["title"] = title

    @rule(data=st.data())
    @precondition(lambda self: self._ours())
    def change_photo_in_vk(self, data: st.DataObject) -> None:
        """The merchant replaces a picture: from now on it is theirs."""
        item = self._draw_item(data)
        photo = self.box.vk.change_photo(item.id)
        self.own.setdefault((self.community, article_of(item)), {})["main_photo_id"] = photo.id

    @rule(data=st.data(), price=st.integers(1, 99))
    @precondition(lambda self: self._ours())
    def change_price_in_vk(self, data: st.DataObject, price: int) -> None:
        """Prices are the till's: this one does not last."""
        self.box.vk.change_price(self._draw_item(data).id, price)

    @rule(data=st.data(), hidden=st.booleans())
    @precondition(lambda self: self._ours())
    def hide_or_show_in_vk(self, data: st.DataObject, *, hidden: bool) -> None:
        """What the merchant hides stays hidden until they show it; what we hid is hidden again."""
        item = self._draw_item(data)
        own = self.own.setdefault((self.community, article_of(item)), {})
        if not hidden:
            own.pop("hidden", None)
        elif not item.hidden:
            # Sold out, or written to by a broken run: nobody can tell whose hiding it is.
            is_plain = item.stock != 0 and self.community not in self.unsettled
            own["hidden"] = True if is_plain else UNKNOWN
        (self.box.vk.hide_item if hidden else self.box.vk.show_item)(item.id)

    @rule(data=st.data())
    @precondition(lambda self: self._ours())
    def delete_in_vk(self, data: st.DataObject) -> None:
        """The merchant deletes one of our items; it comes back as the till has it."""
        item = self._draw_item(data)
        self.box.vk.delete_item(item.id)
        self.own.pop((self.community, article_of(item)), None)

    @rule()
    @precondition(lambda self: self.box.vk.communities[self.community].albums)
    def delete_album(self) -> None:
        """The merchant deletes an album."""
        albums = self.box.vk.communities[self.community].albums
        self.box.vk.delete_album(min(albums), group_id=self.community)

    # Rules, filters, connections

    @rule(data=st.data())
    @precondition(lambda self: self.goods)
    def filter(self, data: st.DataObject) -> None:
        """Leave a product out, or let it in again."""
        article = self._draw(data)
        filters = SyncFilter.objects.filter(sync_config=config_for(self.user), entity_name=article)
        if article in self.left_out:
            del self.left_out[article]
            filters.delete()
        else:
            self.left_out[article] = self.ids[article]
            SyncFilter.objects.create(
                sync_config=config_for(self.user),
                entity_type=SyncFilter.Entity.PRODUCT,
                entity_id=self.ids[article],
                entity_name=article,
                filter_mode=SyncFilter.Mode.EXCLUDE,
            )

    @rule(markup=st.sampled_from((0, 10)), hides=st.booleans())
    def change_rules(self, markup: int, *, hides: bool) -> None:
        """Another markup, another way with what is sold out."""
        config = config_for(self.user)
        config.markup_percent, config.out_of_stock = markup, "hide" if hides else "keep"
        config.save()
        self.markup, self.hides_sold_out = markup, hides

    @rule()
    def reconnect(self) -> None:
        """The token is taken back; a run fails; the merchant connects again."""
        self.box.vk.revoke_token()
        self._run()
        self.box.vk.token = self.box.vk.add_token().value
        self._connect()

    @rule()
    def change_community(self) -> None:
        """The merchant moves to another community; what is in the first one stays as it is."""
        self.community = next(one for one in self.communities if one != self.community)
        self._connect()

    # Runs and their troubles

    @rule(fault=st.sampled_from(FAULTS), nth=st.integers(1, 4))
    def run_with_fault(self, fault: dict[str, Any], nth: int) -> None:
        """A run with one lost or broken answer."""
        self.box.vk.fault(**fault, nth=nth, method="execute")
        self._run()

    @rule(first=st.integers(1, 6), second=st.integers(1, 4))
    def run_with_two_lost_answers(self, first: int, second: int) -> None:
        """A run that loses an answer, and another one while it looks what became of the first."""
        self.box.vk.fault("reset_after", nth=first)
        self.box.vk.fault("reset_after", nth=first + second)
        self._run()

    @rule(nth=st.integers(1, 4), code=st.sampled_from(LIMITS))
    def run_into_a_limit(self, nth: int, code: int) -> None:
        """A run that VK finds too fast or too much."""
        self.box.vk.fault("error", code=code, nth=nth, method="execute")
        self._run()

    @rule(nth=st.integers(1, 3), kind=SICKNESSES)
    def run_with_a_sick_till(self, nth: int, kind: str) -> None:
        """A run that reads the till badly."""
        self.box.evotor.fault(kind, nth=nth, times=6, method="products")
        self._run()

    @rule(nth=st.integers(1, 14), after=st.booleans())
    def crash(self, nth: int, *, after: bool) -> None:
        """The process of a run is killed."""
        try:
            with crashing(nth, after=after):
                self._run()
        except Crash:
            self._forget_owner()

    @rule()
    def clean_run(self) -> None:
        """Nothing goes wrong: the merchant approves, and VK shows exactly what it should."""
        if SyncJob.objects.active().for_user(self.user).exists():
            # What an interrupted run goes on with may be older than the last change of the till.
            self._run(approve=True)
        job = self._run(approve=True)
        assert job is not None
        assert job.status == SyncJob.Status.SUCCESS, (job.status, job.error_code, job.error_detail)
        self.unsettled.discard(self.community)
        self._assert_right()

    # What always holds

    @invariant()
    def promises(self) -> None:
        """No product has two items in one community, and what the merchant made is unchanged."""
        global steps_done  # noqa: PLW0603 - hypothesis makes the machines, so none of them can count all
        steps_done += 1
        shops = self.box.vk.communities
        for community in shops:
            twice = [one for one, n in Counter(map(article_of, self._ours(community))).items() if n > 1]
            assert not twice, f"{twice} are in VK more than once"
        now = {key: shop.items[key] for shop in shops.values() for key in self.hand_made if key in shop.items}
        assert now == self.hand_made

    # Helpers

    def _connect(self) -> None:
        connect_evotor(self.user, token=self.box.evotor_token, now=timezone.now())
        connect_vk(self.user, token=self.box.vk.token, group=self.community, now=timezone.now())
        self.user.refresh_from_db()

    def _put(self, article: str, goods: Goods) -> None:
        self.goods[article] = goods
        self.ids[article] = self.box.evotor.add_product(
            self.store, goods.name, article_number=article, **self._fields(goods)
        ).id

    def _fields(self, goods: Goods) -> dict[str, Any]:
        return {"price": goods.price, "parent_id": self.group_ids.get(goods.group), "quantity": goods.stock}

    def _edit(self, data: st.DataObject, **changes: Any) -> None:
        article = self._draw(data)
        goods = self.goods[article] = replace(self.goods[article], **changes)
        self.box.evotor.edit_product(self.store, self.ids[article], name=goods.name, **self._fields(goods))

    def _draw(self, data: st.DataObject) -> str:
        return str(data.draw(st.sampled_from(sorted(self.goods))))

    def _ours(self, community: int | None = None) -> list[Item]:
        items = self.box.vk.communities[community or self.community].items.values()
        return [item for item in items if item.deleted_at is None and not item.hand_made]

    def _draw_item(self, data: st.DataObject) -> Item:
        items = {item.id: item for item in self._ours()}
        return items[data.draw(st.sampled_from(sorted(items)))]

    def _run(self, *, approve: bool = False) -> SyncJob | None:
        """Ask for a run and carry it on as the workers would, until it ends or waits for something."""
        trigger = SyncJob.Trigger.MANUAL
        self.unsettled.add(self.community)
        try:
            job = request_sync(self.user, trigger=trigger)
        except CannotSync:
            return None
        try:
            for _ in range(8):
                claimed = claim(self.user, now=timezone.now(), early=True)
                assert claimed is not None
                job = run_slice(claimed, options=RunOptions(approve=approve))
                if job.is_finished:
                    break
        finally:
            self.box.vk.faults.clear()
            self.box.evotor.faults.clear()
            # The next step may replace the connection's row.
            self.user = User.objects.get(pk=self.user.pk)
        return job

    def _forget_owner(self) -> None:
        """Leave the job as a killed process leaves it."""
        SyncJob.objects.filter(user=self.user, active_key__isnull=False).update(
            status=SyncJob.Status.RUNNING, lease="elsewhere:1:gone", heartbeat_at=None
        )

    def _assert_right(self) -> None:
        shown = {article_of(item): item for item in self._ours()}
        for article, item in shown.items():
            if not self._is_for_sale(article):
                assert item.hidden, f"{article} is not for sale and VK shows it"
        for article, goods in self.goods.items():
            if self._is_for_sale(article):
                assert article in shown, f"{article} is not in VK"
                self._assert_like(shown[article], article, goods)

    def _is_for_sale(self, article: str) -> bool:
        goods = self.goods.get(article)
        if goods is None or article in self.left_out:
            return False
        return not (self.hides_sold_out and goods.stock is not None and goods.stock <= 0)

    def _assert_like(self, item: Item, article: str, goods: Goods) -> None:
        expected: dict[str, Any] = {
            "title": goods.name,
            "price_kopecks": goods.price * (100 + self.markup),
            "stock": -1 if goods.stock is None else max(0, goods.stock),
            "hidden": False,
        }
        if item.stock == 0:
            # VK calls a sold-out item unavailable, hidden or not: nobody can tell, or buy.
            del expected["hidden"]
        expected |= self.own.get((self.community, article), {})
        if expected.get("hidden") is UNKNOWN:
            del expected["hidden"]
        wrong = {name: (now, want) for name, want in expected.items() if (now := getattr(item, name)) != want}
        assert not wrong, f"{article}: {wrong}"
        albums = self.box.vk.communities[self.community].albums
        assert [albums[one].title for one in item.album_ids] == ([goods.group] if goods.group else []), (
            article
        )


def article_of(item: Item) -> str:
    """Return the article at the head of an item's sku."""
    return item.sku.partition(" ")[0]
