"""Opens every page of the admin as superuser, as support and as a merchant, and looks for secrets in them."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from catalog.models import Product, ProductGroup
from syncing.models import SyncJob, SyncJobItem
from tests.secrets import found_in
from tests.web.shop import Shop, a_merchant

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
# Not of the merchants' own making, or never shown as rows.
NOT_SHOWN = {
    "auth.permission",
    "contenttypes.contenttype",
    "sessions.session",
    # allauth signs its confirmation links and keeps no rows of them.
    "account.emailconfirmation",
}
DELETABLE = {"auth.group", "account.emailaddress", "mfa.authenticator"}
FEW_QUERIES = 25
SEARCHES = ("anna@example.com", "anna@example.com хлеб", "#1", "bread", "77", "product-77_501", "%_\\'")


def _address(model: type[models.Model], view: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)


def _changelist(model: type[models.Model], address: str, user: User) -> Any:
    """Return a list with its filters and rows, without drawing the page."""
    request = RequestFactory().get(address)
    request.user = user
    return admin.site._registry[model].get_changelist_instance(request)


def _filters(changelist: Any) -> list[str]:
    """Return the query of every choice of every filter on a list."""
    return [
        choice["query_string"]
        for spec in changelist.filter_specs
        for choice in spec.choices(changelist)
        if choice.get("query_string")
    ]


def _pages(user: User, model: type[models.Model]) -> list[str]:
    """Return the addresses of all pages of one table that this user can be sent to."""
    lists = _address(model, "changelist")
    row = model._default_manager.order_by("pk").first()
    assert row is not None, f"The fixture `secrets` makes no {model._meta.label}."
    found = [lists, *(f"{lists}?q={text}" for text in SEARCHES)]
    found += [f"{lists}{query}" for query in _filters(_changelist(model, lists, user))]
    names = {field.name for field in model._meta.get_fields()}
    found += [f"{lists}?{name}__id__exact=1" for name in ("user", "job", "product") if name in names]
    for address in list(found[-3:]):
        found += [f"{lists}{query}" for query in _filters(_changelist(model, address, user))]
    # Filters lead to the same lists; each is opened once.
    return list(
        dict.fromkeys([*found, _address(model, "change", row.pk), _address(model, "history", row.pk)])
    )


def test_every_table_is_in_the_admin() -> None:
    from django.apps import apps

    missing = {model._meta.label_lower for model in apps.get_models() if not admin.site.is_registered(model)}
    through = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    assert missing <= NOT_SHOWN | (through - {model._meta.label_lower for model in apps.get_models()})


@pytest.fixture
def _no_sidebar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what stands beside every page, the names of all tables: a fifth of the work."""
    monkeypatch.setattr(admin.site, "get_app_list", lambda *_args, **_more: [])


@pytest.mark.once
@pytest.mark.usefixtures("_no_sidebar")
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_pages_open_quickly_and_hold_no_secret(
    model: type[models.Model],
    as_superuser: Client,
    superuser: User,
    as_support: Client,
    secrets: list[str],
) -> None:
    """Searches and filters show the same rows as the list, or none: the first is drawn, all are read."""
    lists, search, *others, row, history = _pages(superuser, model)
    # Both see the same tables; support opens the list, the row and its history.
    drawn = ((as_superuser, (lists, search, row, history)), (as_support, (lists, row, history)))
    for client, addresses in drawn:
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                page = client.get(address, follow=True)
            assert page.status_code == 200, address
            assert "e=1" not in page.request["QUERY_STRING"], address
            assert found_in(page.content.decode(), secrets) == [], address
            assert len(queries) <= FEW_QUERIES, (address, len(queries))
    for address in others:
        with CaptureQueriesContext(connection) as queries:
            changelist = _changelist(model, address, superuser)
            assert changelist.result_count == len(list(changelist.result_list)), address
        assert len(queries) <= FEW_QUERIES, (address, len(queries))


@pytest.mark.mariadb
@pytest.mark.usefixtures("_no_sidebar", "secrets")
def test_mariadb_takes_the_statements_of_every_page(as_superuser: Client, superuser: User) -> None:
    """All lists are read, but each table has one drawn: the drawing is no other than on SQLite."""
    for model in MODELS:
        lists, *others, row, history = _pages(superuser, model)
        for address in (lists, row, history):
            assert as_superuser.get(address, follow=True).status_code == 200, address
        for address in others:
            changelist = _changelist(model, address, superuser)
            assert changelist.result_count == len(list(changelist.result_list)), address


@pytest.mark.same_statements
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label_lower)
def test_each_may_do_only_what_is_theirs(  # noqa: PLR0917 - fixtures
    model: type[models.Model],
    client: Client,
    as_support: Client,
    as_superuser: Client,
    shop: Shop,
    secrets: list[str],
) -> None:
    label, rows = model._meta.label_lower, model._default_manager
    row = rows.order_by("pk").first()
    assert row is not None
    add, change, delete = (
        _address(model, "add"),
        _address(model, "change", row.pk),
        _address(model, "delete", row.pk),
    )
    merchant, before = Client(), rows.count()
    merchant.force_login(shop.user)
    for address in (_address(model, "changelist"), change):
        assert client.get(address).status_code == 302
        assert merchant.get(address, follow=True).status_code == 403
    for address in (add, change, delete):
        assert as_support.post(address, {"post": "yes"}).status_code == 403
    assert rows.count() == before

    assert as_superuser.get(add).status_code == (200 if label == "auth.group" else 403)
    is_deletable = label in DELETABLE
    page = as_superuser.get(delete)
    assert page.status_code == (200 if is_deletable else 403)
    assert found_in(page.content.decode(), secrets) == []
    if is_deletable:
        assert as_superuser.post(delete, {"post": "yes"}).status_code == 302
        assert not rows.filter(pk=row.pk).exists()


def test_lists_cost_the_same_with_many_rows_and_never_count_them_all(
    as_superuser: Client, shop: Shop
) -> None:
    lists = {model: _address(model, "changelist") for model in (SyncJobItem, Product, ProductGroup, SyncJob)}
    job = shop.job()
    shop.item(job, shop.bread)
    few = {model: _queries(as_superuser, address) for model, address in lists.items()}
    shop.fill(300, job=job)
    for model, address in lists.items():
        many = _queries(as_superuser, address)
        assert len(many) == len(few[model]), address
        for query in many:
            if "COUNT(" in query.upper() and model._meta.db_table in query:
                assert "LIMIT 2000" in query, query


@pytest.mark.parametrize(
    ("model", "query", "index"),
    [
        (SyncJobItem, "", "primary"),
        (SyncJobItem, "q=17", "item_by_job|job_id"),
        (SyncJobItem, "q=some-id", "product_by_evotor_id"),
        (SyncJobItem, "result__exact=failed", "item_by_result"),
        (Product, "q=some-id", "product_by_evotor_id"),
        (Product, "q=anna@example.com+bread", "user_id|product_by"),
        (SyncJob, "q=anna@example.com", "user_id|job_by"),
    ],
)
def test_lists_and_searches_use_an_index(
    model: type[models.Model], query: str, index: str, as_superuser: Client, shop: Shop
) -> None:
    """The plan of the list's own query names an index, or walks the key from its end."""
    if connection.vendor != "sqlite":
        pytest.skip("An optimiser that looks at sizes scans small tables; SQLite plans without them.")
    job = shop.job()
    shop.item(job, shop.bread)
    table = model._meta.db_table
    found = [
        sql
        for sql in _queries(as_superuser, f"{_address(model, 'changelist')}?{query}")
        if sql.startswith("SELECT") and f'FROM "{table}"' in sql and "COUNT(" not in sql
    ]
    assert found
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {found[0]}")
        plan = " | ".join(str(row[3]) for row in cursor.fetchall())
    if index == "primary":
        assert f"SCAN {table}" in plan
        assert "TEMP B-TREE" not in plan
        assert "LIMIT 51" in found[0] or "LIMIT" not in found[0]
    else:
        assert re.search(index, plan), plan
        assert f"SCAN {table}" not in plan, plan


def _queries(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries.captured_queries]


def test_a_search_finds_what_it_says(as_superuser: Client, shop: Shop) -> None:
    other = Shop(a_merchant("boris@example.com"), vk_group_id=78)
    job = shop.job()
    item = shop.item(job, shop.bread)

    def found(model: type[models.Model], query: str) -> set[object]:
        page = as_superuser.get(f"{_address(model, 'changelist')}?{query}")
        return {row.pk for row in page.context["cl"].result_list}

    bread, beer = {shop.bread.pk, other.bread.pk}, {shop.beer.pk}
    assert found(Product, "q=bread") == bread
    assert found(Product, "q=anna@example.com+пиво") == beer
    assert found(Product, f"user__id__exact={shop.user.pk}&q=пиво") == beer
    assert found(Product, "q=пиво") == set()
    assert found(User, "q=anna") == {shop.user.pk}
    assert found(User, "q=78") == {other.user.pk}
    assert found(SyncJob, f"q=%23{job.pk}") == {job.pk}
    assert found(SyncJobItem, f"q={job.pk}") == {item.pk}
    assert found(SyncJobItem, "q=anna@example.com+ржан") == found(SyncJobItem, "q=Хлеб") | {item.pk}
    assert found(type(shop.listing), "q=https://vk.com/market-77?w=product-77_501") == {shop.listing.pk}
    assert found(SyncJobItem, "q=bread") == {item.pk}


@pytest.mark.once
def test_the_product_page_explains_in_two_clicks(as_support: Client, shop: Shop) -> None:
    from syncing.services.explain import explain

    page = as_support.get(f"{_address(Product, 'changelist')}?q=anna@example.com+пиво")
    address = _address(Product, "change", shop.beer.pk)
    assert address in page.content.decode()
    shown = as_support.get(address)
    assert shown.context["steps"] == explain(shop.user, shop.beer)
