"""A merchant with all that the biggest shop gathers in 90 days, made by statements that copy single rows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bench.standins import MadeShop

PRODUCTS, GROUPS = 15_000, 200
IN_VK = 14_500
ITEMS = 1_000_000
ITEMS_OF_A_RUN = 333
# The first run and one that changes every price touch all products, or a quarter of few rows each.
WHOLE_RUNS = 2
HELD, ANSWERED, UNDONE = 3_000, 500, 2_000
PHOTOS, MOST_PHOTOS = 7_500, 5
IMPORTS, IMPORTED_FILES = 60, 1_000
FILTERS, TAGS, DECISIONS, HEALTH, NOTIFICATIONS, RULES = 300, 15_000, 300, 2_000, 2_000, 20
# The statement that writes more at once needs a temporary table on disk.
AT_ONCE = 50_000
NUMBERS = "bench_numbers"


@dataclass(frozen=True, slots=True)
class Merchant:
    """The rows that the addresses of pages need. `changed_all` is the run that changed every price."""

    user: Any
    product: int
    group: int
    photo: int
    rule: int
    table: int
    imported_file: int
    changed_all: int
    ordinary: int
    asking: int
    running: int


def make(shop: MadeShop, items: int = ITEMS) -> Merchant:
    """Make the merchant of a shop at the stand-ins, with so many rows of runs' items."""
    from django.utils import timezone

    now = timezone.now()
    make_numbers(max(items, PRODUCTS))
    user = _account(shop, now)
    first_product, first_group = _goods(user, now)
    _listings(user, shop, first_product, now)
    runs = _runs(user, items, now)
    _items_of_runs(runs, first_product, items)
    _answers(user, first_product, runs[1], now)
    photo, imported_file = _photos(user, first_product, first_group, now)
    return Merchant(
        user=user,
        product=first_product,
        group=first_group,
        photo=photo,
        rule=_choices(user, first_product),
        table=_tables(user, first_product, now),
        imported_file=imported_file,
        changed_all=runs[1],
        ordinary=runs[len(runs) // 2],
        asking=runs[-2],
        running=runs[-1],
    )


def copies(row: Any, number: int, /, **columns: str) -> int:
    """Insert copies of a row, with these columns as SQL of n = 0, 1, …; return the id of the first.

    The row itself stays. `{div}` divides whole numbers.
    """
    from django.db import connection

    meta = row._meta  # noqa: SLF001 - Django documents it
    first, table = row.pk + 1, meta.db_table
    div = "DIV" if connection.vendor == "mysql" else "/"
    values = {"id": f"{first} + n"} | {name: sql.replace("{div}", div) for name, sql in columns.items()}
    names = [field.column for field in meta.concrete_fields]
    quoted = [connection.ops.quote_name(name) for name in names]
    picked = [values.get(name, f"t.{place}") for name, place in zip(names, quoted, strict=True)]
    with connection.cursor() as cursor:
        for start in range(0, number, AT_ONCE):
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(quoted)}) SELECT {', '.join(picked)} "  # noqa: S608
                f"FROM {NUMBERS}, {table} t WHERE t.id = {row.pk} "
                f"AND n >= {start} AND n < {min(start + AT_ONCE, number)}"
            )
    return int(first)


def make_numbers(number: int) -> None:
    """Make a table of the numbers from 0, by doubling it."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "mysql":
            cursor.execute("SET sql_mode = CONCAT(@@sql_mode, ',PIPES_AS_CONCAT')")
        cursor.execute(f"CREATE TABLE {NUMBERS} (n INTEGER PRIMARY KEY)")
        cursor.execute(f"INSERT INTO {NUMBERS} VALUES (0)")  # noqa: S608 - names of our own
        size = 1
        while size < number:
            cursor.execute(f"INSERT INTO {NUMBERS} SELECT n + {size} FROM {NUMBERS}")  # noqa: S608
            size *= 2


def _account(shop: MadeShop, now: datetime) -> Any:
    from allauth.account.models import EmailAddress

    from accounts.models import User
    from connections.models import EvotorConnection, VkConnection
    from syncing.feed import issue_feed
    from syncing.models import SyncConfig

    user = User.objects.create_user("pages@example.com", "correct horse battery")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    EvotorConnection.objects.create(
        user=user, is_online=True, access_token=shop.evotor_token, evotor_user_id=shop.evotor_user_id
    )
    VkConnection.objects.create(user=user, is_online=True, access_token=shop.vk_token, group_id=shop.group_id)
    SyncConfig.objects.create(user=user, is_enabled=True, confirmed_at=now, last_run_at=now)
    issue_feed(user)
    return user


def _goods(user: Any, now: datetime) -> tuple[int, int]:
    """Make the till; return the ids of the first product and group."""
    from catalog.models import Product, ProductGroup, Store

    store = Store.objects.create(
        user=user, evotor_id="s", name="Лавка", fetched_at=now, complete_walk_at=now, goods_seen_at=now
    )
    rows: dict[str, Any] = {"user": user, "store": store, "fetched_at": now}
    group = ProductGroup.objects.create(evotor_id="top", name="Посуда", **rows)
    first_group = copies(group, GROUPS, evotor_id="'g' || n", name="'Группа ' || n", parent_evotor_id="'top'")
    product = Product.objects.create(
        evotor_id="first",
        name="Кружка",
        search_text="кружка",
        price=Decimal(100),
        quantity=5,
        measure_name="шт",
        **rows,
    )
    name = "'Кружка синяя ' || substr('0000' || n, -5)"
    first = copies(
        product,
        PRODUCTS,
        evotor_id="'p' || n",
        name=name,
        search_text=f"'кружка синяя ' || {name}",
        group_evotor_id=f"'g' || (n % {GROUPS})",
        price="n % 97 + 1",
        quantity="n % 12",
        code="n",
        # Some lack what VK asks for.
        product_type="CASE WHEN n % 40 = 7 THEN 'ALCOHOL_NOT_MARKED' ELSE 'NORMAL' END",
        barcodes="'[\"' || (4600000000000 + n) || '\"]'",
    )
    return first, first_group


def _listings(user: Any, shop: MadeShop, first_product: int, now: datetime) -> None:
    """Make what is in VK of these goods."""
    from syncing.core.records import DesiredItem
    from syncing.models import Listing
    from syncing.shop_mappers import desired_to_json

    listing = Listing.objects.create(
        user=user,
        vk_group_id=shop.group_id,
        store_evotor_id="s",
        product_evotor_id="first",
        # Of the row that the others are copies of.
        product_id=first_product - 1,
        stamp="first",
        vk_item_id=1,
        state=Listing.State.LIVE,
        sent=desired_to_json(
            DesiredItem(
                title="Кружка синяя",
                description="Кружка синяя",
                price_kopecks=10_000,
                stock=5,
                category_id=1,
                sku="1",
            )
        ),
        last_verified_at=now,
    )
    copies(
        listing,
        IN_VK,
        product_id=f"{first_product} + n",
        product_evotor_id="'p' || n",
        stamp="'s' || n",
        vk_item_id="n + 10",
        state="CASE WHEN n % 50 = 1 THEN 'hidden' ELSE 'live' END",
        last_error="CASE WHEN n % 100 = 2 THEN 'vk.1401' ELSE '' END",
        merchant_fields="CASE WHEN n % 20 = 3 THEN '[\"title\"]' ELSE '[]' END",
    )


def _runs(user: Any, items: int, now: datetime) -> list[int]:
    """Make the runs of 90 days, the last of them at work and the one before it asking; return their ids."""
    from syncing.models import SyncJob

    number = max(10, items // ITEMS_OF_A_RUN)
    every = timedelta(days=90) / number
    rows = [
        SyncJob(
            user=user,
            triggered_by=SyncJob.Trigger.SCHEDULE,
            status=SyncJob.Status.PARTIAL if n % 50 == 0 else SyncJob.Status.SUCCESS,
            created_at=now - every * (number - n),
            started_at=now - every * (number - n),
            finished_at=now - every * (number - n) + timedelta(seconds=9),
            items_updated=ITEMS_OF_A_RUN,
            items_skipped=375,
            skipped_by_reason={"restricted": 375},
            error_count=3 if n % 50 == 0 else 0,
            requests={"vk": 20, "evotor": 8},
        )
        for n in range(number)
    ]
    asking, running = rows[-2:]
    asking.status = SyncJob.Status.NEEDS_APPROVAL
    asking.plan_hash = "0" * 64
    running.status, running.active_key, running.finished_at = SyncJob.Status.RUNNING, user.pk, None
    running.heartbeat_at, running.phase, running.total, running.done = now, "publish", 333, 90
    SyncJob.objects.bulk_create(rows)
    return list(SyncJob.objects.for_user(user).order_by("pk").values_list("pk", flat=True))


def _items_of_runs(runs: list[int], first_product: int, items: int) -> None:
    """Make the items of all runs: two of all goods, others of some; one product is in each of them."""
    from syncing.models import SyncJobItem

    whole = min(PRODUCTS, items // 4)
    rest = WHOLE_RUNS * whole
    each = (items - rest) // (len(runs) - WHOLE_RUNS) + 1
    row = SyncJobItem.objects.create(
        job_id=runs[0],
        product_id=first_product,
        store_evotor_id="s",
        product_evotor_id="p0",
        product_name="Кружка синяя 00000",
        action=SyncJobItem.Action.CREATE,
        result=SyncJobItem.Result.DONE,
    )
    run = f"CASE WHEN n < {whole} THEN 0 WHEN n < {rest} THEN 1 ELSE 2 + (n - {rest}) {{div}} {each} END"
    place = (
        f"CASE WHEN n < {rest} THEN n % {whole} WHEN (n - {rest}) % {each} = 0 THEN 0 "
        f"ELSE (n * 7) % {PRODUCTS} END"
    )
    price = """'{"price_kopecks": [' || ((n % 97 + 1) * 100) || ', ' || ((n % 89 + 1) * 100) || ']}'"""
    stock = """'{"stock": [' || (n % 12) || ', ' || ((n + 1) % 12) || ']}'"""
    others = f"WHEN n < {rest} OR n % 10 = 0 THEN {price} ELSE {stock} END"
    started_at = f"SELECT started_at FROM syncing_syncjob WHERE id = {runs[0]} + {run}"  # noqa: S608
    copies(
        row,
        items,
        job_id=f"{runs[0]} + {run}",
        product_id=f"{first_product} + {place}",
        product_evotor_id=f"'p' || ({place})",
        product_name=f"'Кружка синяя ' || substr('0000' || ({place}), -5)",
        action=f"CASE WHEN n < {whole} THEN 'create' ELSE 'update' END",
        changes=f"CASE WHEN n < {whole} THEN '{{}}' {others}",
        result="CASE WHEN n % 97 = 5 THEN 'failed' ELSE 'done' END",
        error_code="CASE WHEN n % 97 = 5 THEN 'vk.1401' ELSE '' END",
        updated_at=f"({started_at})",
    )
    SyncJobItem.objects.filter(job__in=runs[-2:]).update(result=SyncJobItem.Result.PLANNED)


def _answers(user: Any, first_product: int, job: int, now: datetime) -> None:
    """Make held prices, answered ones among them, and what was undone of a run."""
    from syncing.models import HeldPrice, UndoneChange

    held = HeldPrice.objects.create(
        user=user,
        product_id=first_product - 1,
        old_kopecks=10_000,
        new_kopecks=100_000,
        till_kopecks=100_000,
        cause=HeldPrice.Cause.TENFOLD,
    )
    copies(
        held,
        HELD,
        product_id=f"{first_product} + n",
        old_kopecks="(n % 97 + 1) * 100",
        cause="CASE WHEN n % 2 = 0 THEN 'tenfold' ELSE 'percent' END",
        verdict=f"CASE WHEN n < {ANSWERED} THEN 'refused' ELSE 'waiting' END",
    )
    HeldPrice.objects.filter(verdict=HeldPrice.Verdict.REFUSED).update(decided_at=now)
    undone = UndoneChange.objects.create(
        user=user,
        product_id=first_product - 1,
        job_id=job,
        kept={"price_kopecks": 10_000},
        instead_of={"price_kopecks": 12_000},
    )
    copies(undone, UNDONE, product_id=f"{first_product} + {HELD} + n")


def _photos(user: Any, first_product: int, first_group: int, now: datetime) -> tuple[int, int]:
    """Make photos and an import of them; return the ids of a photo and of a file of the import."""
    from django.core.files.base import ContentFile

    from catalog.models import PhotoImport, PhotoImportFile, ProductPhoto
    from catalog.photos.placeholders import placeholder

    photo = ProductPhoto(user=user, group_id=first_group, content_hash="0" * 64, size_bytes=200_000)
    photo.file.save("photo.jpg", ContentFile(placeholder("Синяя чашка", "Чашки")))
    first = copies(
        photo,
        PHOTOS,
        product_id=f"{first_product} + CASE WHEN n < {MOST_PHOTOS} THEN 0 ELSE 2 * n % {PRODUCTS} END",
        group_id="NULL",
        content_hash=f"substr('{'0' * 64}' || n, -64)",
        position="n % 5",
    )
    sent = PhotoImport.objects.create(user=user, state="open", changed_at=now)
    file = PhotoImportFile.objects.create(
        photo_import=sent, name="4600.jpg", state="ready", is_matched=True, file=photo.file.name
    )
    copies(
        file,
        IMPORTED_FILES,
        name="(4600000000000 + n) || '.jpg'",
        product_id=f"CASE WHEN n % 5 = 0 THEN NULL ELSE {first_product} + n END",
        mark="CASE WHEN n % 5 = 0 THEN '' ELSE 'barcode' END",
        state="CASE WHEN n % 10 = 9 THEN 'refused' ELSE 'ready' END",
        problem="CASE WHEN n % 10 = 9 THEN 'broken' ELSE '' END",
        content_hash=f"substr('{'0' * 64}' || n, -64)",
    )
    return first, file.pk


def _choices(user: Any, first_product: int) -> int:
    """Make filters, tags, decisions, rules, notifications and the history of health; return a rule's id."""
    from connections.models import HealthCheckLog
    from syncing.models import (
        GoodsRule,
        Notification,
        NotificationChannel,
        NotificationDelivery,
        ProductTag,
        RestrictedDecision,
        SyncFilter,
    )

    chosen = SyncFilter.objects.create(
        sync_config=user.sync_config, entity_type="product", entity_id="x", filter_mode="exclude"
    )
    copies(chosen, FILTERS, entity_id="'p' || n", entity_name="'Кружка синяя ' || n")
    tag = ProductTag.objects.create(user=user, product_id=first_product - 1, name="скидка")
    copies(tag, TAGS, product_id=f"{first_product} + n", name="'метка ' || (n % 30)")
    decision = RestrictedDecision.objects.create(
        user=user, scope="name", key="x", label="Кружка", verdict="allowed"
    )
    copies(decision, DECISIONS, key="'кружка ' || n", label="'Кружка ' || n")
    health = HealthCheckLog.objects.create(user=user, service="vk", event="offline", detail="vk.5")
    copies(health, HEALTH)
    told = Notification.objects.create(user=user, trouble=Notification.Trouble.FAILED)
    first_told = copies(told, NOTIFICATIONS)
    channel = NotificationChannel.objects.create(user=user, kind="email", key="email:1")
    delivery = NotificationDelivery.objects.create(
        channel=channel, notification=told, stage="begin", key="x", state="sent"
    )
    copies(delivery, NOTIFICATIONS, notification_id=f"{first_told} + n", key="'k' || n")
    rule = GoodsRule.objects.create(
        user=user,
        position=0,
        name="Чай дешевле",
        conditions=[{"subject": "name", "comparison": "contains", "value": "чай"}],
        actions=[{"kind": "percent", "value": "-10"}],
    )
    copies(rule, RULES, position="n + 1", name="'Правило ' || n")
    return int(rule.pk)


def _tables(user: Any, first_product: int, now: datetime) -> int:
    """Make imports of tables, the last one with a line for each product; return its id."""
    from syncing.models import TableImport, TableImportLine

    done = TableImport.objects.create(
        user=user, file_name="goods.csv", state="done", applied_at=now, notes={"columns": [], "unknown": []}
    )
    copies(done, IMPORTS)
    table = TableImport.objects.create(user=user, file_name="goods.csv", state="ready")
    line = TableImportLine.objects.create(
        table=table,
        number=1,
        kind="changed",
        product_id=first_product - 1,
        name="Кружка",
        changes={"title": ["", "Кружка"]},
    )
    copies(
        line,
        PRODUCTS,
        number="n + 2",
        product_id=f"{first_product} + n",
        name="'Кружка синяя ' || n",
        search_text="'кружка синяя ' || n",
        kind="CASE WHEN n % 20 = 0 THEN 'bad' ELSE 'changed' END",
        problem="CASE WHEN n % 20 = 0 THEN 'not_found' ELSE '' END",
    )
    return int(table.pk)
