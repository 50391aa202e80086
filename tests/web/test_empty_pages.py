"""No page is a dead end: where there is nothing yet, a sentence says so, and one press is the next step.

Every page of the URL map is opened by merchants who have nothing: no connection, a till without goods, goods
and nothing else, a search that finds nothing.
"""

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse
from model_bakery import baker

from catalog.models import PhotoImport, PhotoImportFile, Product, ProductGroup, ProductPhoto, Store
from connections.models import EvotorConnection, VkConnection
from syncing.models import Listing, SyncJob, TableImport, TableImportLine
from syncing.services.shelf_link import issue_link
from tests.computing import open_computed
from tests.web.addresses import merchant_addresses, pages
from tests.web.shop import Shop, a_merchant

TEMPLATES = Path(__file__).parents[2] / "templates"
# Pages that list nothing of the merchant's: forms, and what always has something to show.
NEVER_EMPTY = {
    "accounts:delete",
    "accounts:profile",
    "accounts:security",
    "catalog:bulk",
    "catalog:edit_photo",
    "catalog:words",
    "connections:index",
    "connections:onboarding",
    "connections:other_ways",
    "feed:index",
    "syncing:category",
    "syncing:goods_rule",
    "syncing:goods_rule_new",
    "syncing:notifications",
    "syncing:rules",
}
# Of those who have just signed up: till and VK are missing.
NEW = {
    "catalog:check",
    "catalog:list",
    "catalog:photo_import",
    "catalog:photos",
    "catalog:shelf_link",
    "catalog:table",
    "feed:reader",
    "syncing:categories",
    "syncing:dashboard",
    "syncing:filters",
    "syncing:goods_rules",
    "syncing:held_prices",
    "syncing:history",
    "syncing:sync",
    "syncing:undone",
}
# Of these, they have nothing to work on without goods.
OF_GOODS = {
    "catalog:check",
    "catalog:list",
    "catalog:photo_import",
    "catalog:photos",
    "catalog:shelf_link",
    "catalog:table",
    "syncing:categories",
    "syncing:filters",
}
# Without VK these say what is missing with the way there; they are empty once VK is read.
OF_VK = {"syncing:lookalikes", "syncing:preview"}
# Of one product, group, run or file.
OF_ONE = {
    "catalog:photo_import_file",
    "catalog:product",
    "catalog:product_history",
    "catalog:table_import",
    "syncing:group_text",
    "syncing:job",
    "syncing:undo",
}
SENTENCE_ENDS = re.compile(r"[.!?…]+(?:\s|$)")


class _Empties(HTMLParser):
    """Collects, of every empty state of a page, its sentences and what can be pressed in it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[list[str], list[str]]] = []
        self.ids: set[str] = set()
        self._depth = 0
        self._in_sentence = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids.add(given.get("id") or "")
        if tag == "div" and (self._depth or "es-empty" in (given.get("class") or "").split()):
            self._depth += 1
            if self._depth == 1:
                self.found.append(([], []))
        if not self._depth:
            return
        sentences, steps = self.found[-1]
        if tag == "a":
            steps.append(given["href"] or "")
        elif tag == "form":
            steps.append(given["action"] or "")
        elif tag == "p":
            sentences.append("")
            self._in_sentence = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "div" and self._depth:
            self._depth -= 1
        self._in_sentence = self._in_sentence and tag != "p"

    def handle_data(self, data: str) -> None:
        if self._in_sentence:
            self.found[-1][0][-1] += data


def steps_of(browser: Client, address: str) -> list[str]:
    """Return where the empty states of a page lead, each held to one sentence and one step."""
    page = _Empties()
    page.feed(open_computed(browser, address).content.decode())
    for sentences, steps in page.found:
        assert len(sentences) == 1, f"{address}: {sentences}"
        assert len(SENTENCE_ENDS.findall(sentences[0])) == 1, f"{address}: {sentences[0]}"
        assert len(steps) == 1, f"{address}: {steps}"
        if steps[0].startswith("#"):
            assert steps[0][1:] in page.ids, f"{address} has nothing to go to at {steps[0]}"
        else:
            assert resolve(steps[0].partition("?")[0]).view_name
    return [step for _sentences, steps in page.found for step in steps]


def at(name: str, *args: object) -> str:
    return reverse(name, args=args or (["avito"] if name == "feed:reader" else []))


@pytest.mark.once
def test_every_page_is_held_to_be_empty_or_never_so() -> None:
    assert pages() == NEVER_EMPTY | NEW | OF_VK | OF_ONE


def test_a_newcomer_may_begin_with_the_rules(newcomer: Client) -> None:
    """Nothing was kept for them yet: the page makes the row with its defaults and shows it."""
    assert newcomer.get(reverse("syncing:rules")).status_code == 200


@pytest.fixture
def newcomer(db: None) -> Client:
    """Return the browser of someone who has just signed up."""
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(a_merchant("new@example.com"))
    return browser


@pytest.mark.parametrize("name", sorted(NEW))
def test_a_newcomers_page_says_what_is_missing_and_leads_there(newcomer: Client, name: str) -> None:
    assert steps_of(newcomer, at(name))


@pytest.mark.once
@pytest.mark.parametrize("name", sorted(NEVER_EMPTY))
def test_pages_that_are_never_empty_open_for_a_newcomer(newcomer: Client, name: str) -> None:
    if not merchant_addresses()[name].pattern.converters:
        assert newcomer.get(at(name)).status_code in {200, 302}
        steps_of(newcomer, at(name))


@pytest.mark.parametrize("name", sorted(OF_VK))
def test_a_page_that_needs_vk_leads_to_the_first_steps(newcomer: Client, name: str) -> None:
    assert (
        f'href="{reverse("connections:onboarding")}">' in open_computed(newcomer, at(name)).content.decode()
    )


@pytest.mark.parametrize(
    ("name", "missing", "sentence"),
    [
        ("catalog:list", (Store, EvotorConnection), "Connect Evotor; a minute later"),
        ("catalog:list", (Store,), "Evotor is connected"),
        *((name, (), "Add a product in Evotor") for name in sorted(OF_GOODS)),
    ],
)
def test_a_page_without_goods_says_how_far_the_till_is(
    owner: Client, shop: Shop, name: str, missing: Sequence[Any], sentence: str
) -> None:
    # The page of categories would ask VK.
    gone: Sequence[Any] = (Listing, Product, ProductGroup, VkConnection, *missing)
    for model in gone:
        model.objects.all().delete()
    assert steps_of(owner, at(name))
    assert sentence in open_computed(owner, at(name)).content.decode()


@pytest.mark.once
@pytest.mark.parametrize(
    ("address", "step"),
    [
        ("/catalogue/?q=nothing", "/catalogue/"),
        ("/catalogue/?show=errors", "/catalogue/"),
        ("/catalogue/?why=no_price", "/catalogue/"),
        ("/catalogue/photos/", "#id_photo"),
        ("/sync/", None),
        ("/sync/filters/?q=nothing", "#id_q"),
        ("/sync/goods-rules/", "/sync/goods-rules/new/"),
        ("/sync/prices/", "/sync/rules/"),
        ("/sync/undone/", "/history/"),
        ("/history/", "/sync/"),
        ("/", "/connections/start/"),
    ],
)
def test_goods_without_anything_else_have_a_next_step(
    owner: Client, shop: Shop, address: str, step: str | None
) -> None:
    Listing.objects.all().delete()
    steps = steps_of(owner, address)
    assert steps == ([step] if step else [])


def test_one_product_group_run_or_file_with_nothing_in_it_has_a_next_step(owner: Client, shop: Shop) -> None:
    job = shop.job()
    sent = baker.make(PhotoImport, user=shop.user, state="open", changed_at=shop.now)
    file = baker.make(PhotoImportFile, photo_import=sent, state="ready", name="4600.jpg")
    table = baker.make(TableImport, user=shop.user, file_name="goods.csv", state="ready")
    baker.make(TableImportLine, table=table, kind="bad", number=1, name="Чай")
    expected = {
        at("catalog:product", shop.milk.pk): ["/sync/preview/", "/sync/categories/", "/sync/preview/"],
        at("catalog:product_history", shop.milk.pk): ["/sync/preview/"],
        at("catalog:photo_import_file", file.pk) + "?q=nothing": ["#id_q"],
        at("catalog:table_import", table.pk) + "?q=nothing": [at("catalog:table_import", table.pk)],
        at("syncing:group_text", shop.group("x", "Пустая").pk): ["/sync/filters/"],
        at("syncing:job", job.pk): ["/history/"],
        at("syncing:job", job.pk) + "?result=failed": [at("syncing:job", job.pk)],
        at("syncing:job", shop.job(SyncJob.Status.RUNNING).pk): [],
        at("syncing:undo", job.pk): [at("syncing:job", job.pk)],
    }
    assert {address: steps_of(owner, address) for address in expected} == expected


@pytest.mark.once
def test_the_shelf_has_a_next_step_too(client: Client, shop: Shop) -> None:
    token = issue_link(shop.user).token
    queue = reverse("shelf:queue", args=[token])
    assert steps_of(client, f"{queue}?q=nothing") == ["#id_q"]
    for product in Product.objects.all():
        baker.make(ProductPhoto, user=shop.user, product=product)
    assert steps_of(client, queue) == ["#id_q"]
    assert steps_of(client, reverse("shelf:queue", args=["ended"])) == ["/catalogue/shelf/"]


@pytest.mark.once
def test_no_list_of_a_template_ends_without_a_next_step() -> None:
    """A list that may be empty says so by the one component that has a sentence and a step."""
    pages_of_merchants = [one for one in TEMPLATES.rglob("*.html") if "admin" not in one.parts]
    ends = [
        f"{file.relative_to(TEMPLATES)}: {end}"
        for file in sorted(pages_of_merchants)
        for end in re.findall(r"{% empty %}(.*?){% endfor %}", file.read_text(), re.DOTALL)
    ]
    assert ends
    assert [end for end in ends if "components/empty.html" not in end] == []
