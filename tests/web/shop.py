"""A merchant's made-up shop for page tests: rows only, nothing outside is asked."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from catalog.models import Product, ProductGroup, Store
from connections.models import EvotorConnection, VkConnection
from syncing.models import Listing, SyncConfig, SyncJob, SyncJobItem

GROUP_ID = 77


def a_merchant(email: str) -> User:
    """Return a merchant who can log in."""
    return User.objects.create_user(email, "correct horse battery")


class Shop:
    """One merchant with both services connected: bread is in VK, milk not yet, beer is forbidden."""

    def __init__(self, user: User, *, vk_group_id: int = GROUP_ID) -> None:
        self.user, self.vk_group_id, self.now = user, vk_group_id, timezone.now()
        EvotorConnection.objects.create(user=user, access_token="e", is_online=True)
        VkConnection.objects.create(user=user, access_token="v", is_online=True, group_id=vk_group_id)
        self.config = SyncConfig.objects.create(user=user)
        self.store = Store.objects.create(
            user=user,
            evotor_id="store-1",
            name="Лавка",
            fetched_at=self.now,
            complete_walk_at=self.now,
            missing_since=None,
        )
        self.food = self.group("food", "Еда")
        self.bakery = self.group("bakery", "Выпечка", parent="food")
        self.bread = self.product("bread", "Хлеб ржаной", group="bakery")
        self.milk = self.product("milk", "Молоко 1 л", group="food")
        self.beer = self.product("beer", "Пиво светлое", group="food", product_type="ALCOHOL_NOT_MARKED")
        self.listing = self.list(self.bread, vk_item_id=501)

    def group(self, evotor_id: str, name: str, parent: str = "") -> ProductGroup:
        """Add a group to the till."""
        return ProductGroup.objects.create(
            user=self.user,
            store=self.store,
            evotor_id=evotor_id,
            name=name,
            parent_evotor_id=parent,
            fetched_at=self.now,
            missing_since=None,
        )

    def product(self, evotor_id: str, name: str, *, group: str = "", **fields: Any) -> Product:
        """Add a product to the till."""
        values: dict[str, Any] = {"price": Decimal(100), "quantity": Decimal(5), "missing_since": None}
        return Product.objects.create(
            user=self.user,
            store=self.store,
            evotor_id=evotor_id,
            name=name,
            group_evotor_id=group,
            search_text=name.lower(),
            fetched_at=self.now,
            measure_name="шт",
            allow_to_sell=True,
            is_excisable=False,
            is_age_limited=False,
            **(values | fields),
        )

    def list(self, product: Product, **fields: Any) -> Listing:
        """Put a product into VK."""
        values: dict[str, Any] = {
            "state": Listing.State.LIVE,
            "sent": {"title": product.name, "price_kopecks": 10_000, "stock": 5, "album": "Еда"},
            "last_verified_at": self.now,
        }
        return Listing.objects.create(
            user=self.user,
            vk_group_id=self.vk_group_id,
            product=product,
            store_evotor_id=self.store.evotor_id,
            product_evotor_id=product.evotor_id,
            stamp=product.evotor_id,
            **(values | fields),
        )

    def switch_on(self) -> None:
        """Let the sync run by itself, as after a confirmed first run."""
        SyncConfig.objects.filter(pk=self.config.pk).update(is_enabled=True, confirmed_at=self.now)

    def job(self, status: str = SyncJob.Status.SUCCESS, **fields: Any) -> SyncJob:
        """Add a run."""
        unfinished = status in (SyncJob.Status.PENDING, SyncJob.Status.RUNNING)
        values: dict[str, Any] = {
            "active_key": self.user.pk if unfinished else None,
            "triggered_by": SyncJob.Trigger.MANUAL,
            "started_at": self.now - timedelta(minutes=1),
            "finished_at": None if unfinished else self.now,
            "skipped_by_reason": {},
            "questions": [],
        }
        return SyncJob.objects.create(user=self.user, status=status, **(values | fields))

    def item(self, job: SyncJob, product: Product, **fields: Any) -> SyncJobItem:
        """Add a product's part in a run."""
        values: dict[str, Any] = {"action": "update", "result": "done", "changes": {}}
        return SyncJobItem.objects.create(
            job=job,
            product=product,
            product_name=product.name,
            product_evotor_id=product.evotor_id,
            store_evotor_id=self.store.evotor_id,
            **(values | fields),
        )

    def fill(self, count: int, *, job: SyncJob | None = None) -> None:
        """Add many products in 40 groups, every second in VK, and their part in a run."""
        groups = [
            ProductGroup(
                user=self.user,
                store=self.store,
                evotor_id=f"g{n}",
                name=f"Группа {n}",
                parent_evotor_id="food" if n % 2 else "",
                fetched_at=self.now,
            )
            for n in range(40)
        ]
        ProductGroup.objects.bulk_create(groups)
        products = Product.objects.bulk_create([self._one_of_many(n) for n in range(count)], batch_size=500)
        Listing.objects.bulk_create(
            [self._listing_of_many(row, n) for n, row in enumerate(products) if n % 2], batch_size=500
        )
        if job is not None:
            SyncJobItem.objects.bulk_create(
                [
                    SyncJobItem(job=job, product=row, product_name=row.name, action="create")
                    for row in products
                ],
                batch_size=500,
            )

    def _one_of_many(self, number: int) -> Product:
        return Product(
            user=self.user,
            store=self.store,
            evotor_id=f"p{number}",
            name=f"Товар {number:05}",
            search_text=f"товар {number:05}",
            group_evotor_id=f"g{number % 40}",
            price=Decimal(number % 97 + 1),
            quantity=Decimal(number % 12),
            fetched_at=self.now,
        )

    def _listing_of_many(self, product: Product, number: int) -> Listing:
        return Listing(
            user=self.user,
            vk_group_id=self.vk_group_id,
            store_evotor_id=self.store.evotor_id,
            product_evotor_id=product.evotor_id,
            product=product,
            stamp=f"s{number}",
            vk_item_id=10_000 + number,
            state=Listing.State.LIVE,
            last_verified_at=self.now,
        )


def minutes_ago(minutes: int) -> datetime:
    """Return a moment in the recent past."""
    return timezone.now() - timedelta(minutes=minutes)
