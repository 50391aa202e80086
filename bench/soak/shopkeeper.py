"""One merchant of the soak: their days, their runs, and what their shop has to show in the end."""

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings

from bench.soak.choices import Choices
from bench.soak.clock import Clock
from bench.soak.faults import INNER_FAULTS, LOST_FIELDS, RATE, TILL_FAULTS, VK_FAULTS, RandomFaults
from bench.soak.figures import Figures

CALM_RUNS = 6
PRICE_HOLD_PERCENT = 50
GOODS = 10
DISHES = 30_501
GROUPS = ("Посуда", "Игрушки")
# Only the group tells that these are forbidden.
FORBIDDEN_GROUP = "Сигареты"
FORBIDDEN = ("Сигареты Kent 8", "Водка Пять озер 0,5 л", "Winston Blue")


class Shopkeeper:
    """One merchant with a till, a VK shop, and what the shop should show."""

    def __init__(self, number: int, clock: Clock, figures: Figures) -> None:
        from accounts.models import User
        from connections.evotor.connect import connect_evotor
        from connections.vk.connect import connect_vk
        from sandbox import Sandbox
        from syncing.services.settings import config_for

        self.number, self.clock, self.figures = number, clock, figures
        self.chance = random.Random(number)
        self.numbers = itertools.count(1)
        self.own_titles: dict[str, str] = {}
        self.box = Sandbox(vk_rate=0, page_size=4, clock=clock.time).start()
        self.box.evotor.rules.per_window = 0
        settings.EVOTOR_API_URL, settings.VK_API_URL = self.box.evotor_url, self.box.vk_url
        self.store = self.box.evotor.add_store("Лавка")
        self.groups = {
            name: self.box.evotor.add_group(self.store.id, name).id for name in (*GROUPS, FORBIDDEN_GROUP)
        }
        for _ in range(GOODS):
            self.enter()
        self.user = User.objects.create_user(f"soak-{number}@example.com")
        connect_evotor(self.user, token=self.box.evotor_token, now=clock.now())
        connect_vk(self.user, token=self.box.vk_token, group=self.box.group_id, now=clock.now())
        config = config_for(self.user)
        config.confirmed_at, config.default_category_id = clock.now(), DISHES
        # Every other merchant works in EvoSync too, and answers the prices that wait.
        self.choices = Choices(self.user, self.chance) if number % 2 else None
        config.price_hold_percent = PRICE_HOLD_PERCENT if self.choices else None
        config.save()
        self.vk_faults = RandomFaults(self.box.vk.faults, self.chance, figures, VK_FAULTS, INNER_FAULTS)
        self.vk_faults.clock = clock
        self.till_faults = RandomFaults(self.box.evotor.faults, self.chance, figures, TILL_FAULTS, ())
        self.box.vk.faults, self.box.evotor.faults = self.vk_faults, self.till_faults  # type: ignore[assignment]
        self.box.vk.watch = self.look

    def close(self) -> None:
        """End this merchant."""
        self.box.stop()
        self.user.delete()

    # What is checked after every write

    def look(self, method: str) -> None:
        """Count what nobody may ever see in VK, after a write of VK's."""
        self.figures.writes += 1
        shown = [item for item in self.box.vk.items.values() if item.deleted_at is None and not item.hidden]
        for article, times in Counter(map(article_of, shown)).items():
            if article.startswith("X"):
                self.figures.forbidden.append(f"merchant {self.number}: {article} after {method}")
            if times > 1:
                self.figures.twice.append(f"merchant {self.number}: {article} after {method}")

    # The merchant's day

    def day(self) -> None:
        """Work at the till and in VK, with two runs that meet faults."""
        for _ in range(2):
            for _ in range(self.chance.randint(1, 3)):
                self.chance.choices(
                    (
                        self.sell,
                        self.price,
                        self.rename,
                        self.regroup,
                        self.enter,
                        self.take_out,
                        self.in_vk,
                        self.reimport,
                    ),
                    (16, 8, 4, 4, 4, 2, 4, 1),
                )[0]()
                if self.choices:
                    self.choices.make()
            self.clock.sleep(4 * 3600)
            self.run_with_faults()
        self.clock.sleep(16 * 3600)
        self.figures.days += 1

    def reimport(self) -> None:
        """Let an accounting system write the till again: every product and group has another id.

        Half of them take so long that a run meets old and new goods beside each other.
        """
        if self.chance.choice((True, False)):
            self.box.evotor.reimport(self.store.id)
        else:
            before = [*self.store.products, *self.store.groups]
            self.box.evotor.reimport(self.store.id, keep_old=True)
            self.run_with_faults()
            for old in before:
                self.store.products.pop(old, None)
                self.store.groups.pop(old, None)
        self.groups = {group.name: group.id for group in self.store.groups.values()}

    def enter(self) -> None:
        """Enter a product; every fourth is forbidden, some only by their group."""
        number = next(self.numbers)
        if len(self.store.products) > 2 * GOODS:
            return
        fields: dict[str, Any] = {"price": 100 + number, "quantity": self.chance.randint(0, 9)}
        if number % 4 == 0:
            by_group = self.chance.choice((True, False))
            name = f"Пачка {number}" if by_group else f"{self.chance.choice(FORBIDDEN)} {number}"
            group = FORBIDDEN_GROUP if by_group else self.chance.choice(GROUPS)
            self.put(f"X{number}", name, group, fields)
        else:
            self.put(f"A{number}", f"Кружка синяя {number}", self.chance.choice((*GROUPS, "")), fields)

    def put(self, article: str, name: str, group: str, fields: dict[str, Any]) -> None:
        """Write a product into the till."""
        parent = self.groups.get(group)
        self.box.evotor.add_product(self.store.id, name, article_number=article, parent_id=parent, **fields)

    def any_product(self, *, allowed: bool = False) -> Any:
        """Return a product of the till."""
        found = [
            product
            for product in self.store.products.values()
            if not (allowed and product.fields["article_number"].startswith("X"))
        ]
        return self.chance.choice(found)

    def edit(self, product: Any, **changes: Any) -> None:
        """Change a product at the till."""
        self.box.evotor.edit_product(self.store.id, product.id, **changes)

    def sell(self) -> None:
        """Change a product's stock."""
        self.edit(self.any_product(), quantity=self.chance.randint(0, 9))

    def price(self) -> None:
        """Change a product's price."""
        self.edit(self.any_product(), price=self.chance.randint(10, 900))

    def rename(self) -> None:
        """Give a product another name."""
        self.edit(self.any_product(allowed=True), name=f"Кружка белая {next(self.numbers)}")

    def regroup(self) -> None:
        """Move a product to another group."""
        group = self.chance.choice((*GROUPS, ""))
        self.edit(self.any_product(allowed=True), parent_id=self.groups.get(group))

    def take_out(self) -> None:
        """Delete a product."""
        if len(self.store.products) > GOODS // 2:
            self.box.evotor.delete_product(self.store.id, self.any_product().id)

    def in_vk(self) -> None:
        """Rename one of our items in VK by hand, or remove one."""
        ours = [item for item in self.box.vk.live_items() if not item.hidden]
        if not ours:
            return
        item = self.chance.choice(ours)
        # Where the merchant has words in EvoSync too, nobody could say whose title is right in the end.
        if self.choices or self.chance.choice((True, False)):
            self.box.vk.merchant.delete_item(item.id)
            self.own_titles.pop(article_of(item), None)
        else:
            title = f"Моя любимая {next(self.numbers)}"
            self.box.vk.merchant.rename_item(item.id, title)
            self.own_titles[article_of(item)] = title

    # Runs

    def run_with_faults(self) -> None:
        """Run while requests fail by chance, sometimes with a sick till, lagging lists or a kill."""
        self.vk_faults.is_on = self.till_faults.is_on = True
        limits = self.box.vk.limits
        if self.chance.random() < RATE:
            limits.list_lag, limits.by_id_lag = self.chance.choice(((6, 0), (0, 4), (6, 4), (60, 30)))
            self.figures.faults["lag"] += 1
        try:
            with self.sick_till():
                if self.chance.random() < RATE:
                    self.figures.faults["kill"] += 1
                    self.run_killed()
                else:
                    self.run()
        finally:
            self.vk_faults.is_on = self.till_faults.is_on = False
            limits.list_lag = limits.by_id_lag = 0

    @contextmanager
    def sick_till(self) -> Iterator[None]:
        """Let the till tell of no groups, of no goods or of no field, in some of the runs."""
        groups, products = dict(self.store.groups), dict(self.store.products)
        told = {product.id: dict(product.fields) for product in products.values()}
        kind = self.chance.choice(("groups", "goods", "field")) if self.chance.random() < RATE else ""
        if kind:
            self.figures.faults[f"till without {kind}"] += 1
        if kind == "groups":
            self.store.groups.clear()
        elif kind == "goods":
            for product_id in list(products)[:: self.chance.randint(1, 2)]:
                del self.store.products[product_id]
        elif kind == "field":
            name = self.chance.choice(LOST_FIELDS)
            for product in products.values():
                product.fields.pop(name, None)
        try:
            yield
        finally:
            self.store.groups.update(groups)
            if kind == "goods":
                self.store.products.clear()
                self.store.products.update(products)
            for product_id, fields in told.items():
                products[product_id].fields.clear()
                products[product_id].fields.update(fields)

    def run(self, *, approve: bool = False) -> Any:
        """Ask for a run and carry it on as workers do, waiting where it has to wait."""
        from syncing.jobs.lifecycle import claim, request_sync
        from syncing.jobs.runner import RunOptions, run_slice
        from syncing.models import SyncJob
        from syncing.services.errors import CannotSync

        self.figures.runs += 1
        try:
            job = request_sync(self.user, trigger=SyncJob.Trigger.SCHEDULE)
        except CannotSync:
            return None
        for _ in range(60):
            claimed = claim(self.user, now=self.clock.now())
            if claimed is None:
                self.clock.sleep(300)
                continue
            job = run_slice(claimed, options=RunOptions(approve=approve))
            if job.is_finished:
                break
        self.figures.statuses[str(job.status)] += 1
        return job

    def run_killed(self) -> None:
        """Run until the process dies at one of its requests; another one takes the job over."""
        from syncing.models import SyncJob
        from tests.integration.faults.machine import Crash, crashing

        with suppress(Crash), crashing(self.chance.randint(1, 12), after=self.chance.choice((True, False))):
            self.run()
        SyncJob.objects.filter(user=self.user, active_key__isnull=False).update(
            status=SyncJob.Status.RUNNING, lease="elsewhere:1:gone", heartbeat_at=None
        )

    # The end

    def settle(self) -> None:
        """Let days without faults pass until a run has nothing to do, and compare VK with the till."""
        self.come_to_rest()
        if self.choices:
            self.choices.take_all_back()
            self.come_to_rest()
        self.compare()

    def come_to_rest(self) -> None:
        """Run without faults until there is nothing to do."""
        job = None
        for _ in range(CALM_RUNS):
            self.clock.sleep(4 * 3600)
            job = self.run(approve=True)
            if job is not None and job.status == "success":
                done = job.items_created + job.items_updated + job.items_hidden + job.items_deleted
                if done + job.error_count == 0:
                    break
        else:
            said = f"{job.status} {job.error_code} {job.error_detail}" if job else "no run"
            self.figures.stuck.append(f"merchant {self.number}: {said}")

    def compare(self) -> None:
        """Count the products that VK does not show as the till has them."""
        live = [item for item in self.box.vk.items.values() if item.deleted_at is None]
        # Those that shoppers see come last, so that they stand for their article.
        live.sort(key=lambda item: not item.hidden)
        by_article = {article_of(item): item for item in live}
        seen = Counter(article_of(item) for item in live if not item.hidden)
        self.figures.twice += [f"merchant {self.number}: {one} in the end" for one in seen if seen[one] > 1]
        # Goods that came back under another id and another name are other goods to us: theirs is hidden.
        self.figures.left_hidden += len(live) - len(by_article)
        wanted = {}
        for product in self.store.products.values():
            article = product.fields["article_number"]
            if not article.startswith("X"):
                wanted[article] = product.fields
        self.figures.compared += len(wanted)
        for article, fields in wanted.items():
            found = by_article.get(article)
            now = self.shown(found) if found else None
            if now != (expected := self.expected(article, fields)):
                self.figures.wrong.append(f"merchant {self.number}: {article} is {now}, not {expected}")
        for article, item in by_article.items():
            if article not in wanted and not item.hidden:
                self.figures.wrong.append(f"merchant {self.number}: {article} has left and is shown")

    def shown(self, item: Any) -> tuple[Any, ...]:
        """Return what shoppers see of an item."""
        albums = sorted(self.box.vk.albums[one].title for one in item.album_ids)
        # A sold-out item cannot be bought, hidden or not.
        return item.title, item.price_kopecks, item.stock, item.hidden and item.stock != 0, albums

    def expected(self, article: str, fields: dict[str, Any]) -> tuple[Any, ...]:
        """Return what they should see."""
        group = next((name for name, pk in self.groups.items() if pk == fields.get("parent_id")), "")
        title = self.own_titles.get(article, fields["name"])
        return title, fields["price"] * 100, fields["quantity"], False, [group] if group else []


def article_of(item: Any) -> str:
    """Return the article at the head of an item's sku."""
    return str(item.sku).partition(" ")[0]
