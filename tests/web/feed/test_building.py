"""The feed's file: built by a worker, served from where it was built, gone when nobody needs it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from catalog.models import Product
from syncing.choices import ComputationKind
from syncing.feed import feed_url, revoke_feed
from syncing.jobs import computations
from syncing.models import Computation, Feed, SyncConfig
from tests.computing import compute_asked
from tests.web.feed.conftest import body
from tests.web.shop import Shop

Read = Callable[..., Any]
LONG = "Кружка &amp; блюдце <b>ручной</b> работы, см. www.example.com. " * 300


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.yml.gz"))


def build(user: User) -> None:
    computations.ask(user, ComputationKind.FEED)
    compute_asked()


@pytest.mark.once
def test_a_feed_that_is_not_built_yet_says_when_to_come_again_and_is_built(shop: Shop, feed: Feed) -> None:
    answer = Client().get(feed_url(feed))
    assert (answer.status_code, int(answer["Retry-After"]) <= 60) == (503, True)
    assert compute_asked() == 1
    answer = Client().get(feed_url(feed))
    assert answer.status_code == 200
    assert "Молоко 1 л" in body(answer).decode()


@pytest.mark.once
def test_a_reader_plans_nothing(shop: Shop, feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    build(shop.user)

    def forbidden(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("A request evaluates products.")

    for name in ("FeedProducts.__init__", "FeedProducts._record"):
        monkeypatch.setattr(f"syncing.feed.products.{name}", forbidden)
    Product.objects.filter(pk=shop.milk.pk).update(name="Кефир", content_hash="other")
    for headers in ({}, {"accept-encoding": "gzip"}, {"if-none-match": '"old"'}):
        answer = Client().get(feed_url(feed), headers=headers)
        assert answer.status_code == 200
        assert body(answer)


@pytest.mark.once
def test_the_packed_file_says_how_long_it_is(shop: Shop, feed: Feed) -> None:
    build(shop.user)
    answer = Client().get(feed_url(feed), headers={"accept-encoding": "gzip"})
    assert int(answer["Content-Length"]) == len(body(answer))


@pytest.mark.once
def test_a_new_edition_replaces_the_file_and_a_reader_of_the_old_one_gets_it_whole(
    shop: Shop, feed: Feed, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    build(shop.user)
    [old] = files(tmp_path)
    reader = Client().get(feed_url(feed))
    SyncConfig.objects.update(markup_percent=10)
    with django_capture_on_commit_callbacks(execute=True):
        build(shop.user)
    [new] = files(tmp_path)
    assert new != old
    text = body(reader).decode()
    assert text.endswith("</yml_catalog>\n")
    assert "<price>110</price>" not in text


@pytest.mark.once
def test_goods_that_are_the_same_are_not_written_again(shop: Shop, feed: Feed, tmp_path: Path) -> None:
    build(shop.user)
    before = files(tmp_path)
    build(shop.user)
    assert files(tmp_path) == before


@pytest.mark.once
def test_a_file_that_was_lost_is_built_again(shop: Shop, feed: Feed, tmp_path: Path) -> None:
    build(shop.user)
    files(tmp_path)[0].unlink()
    assert Client().get(feed_url(feed)).status_code == 503
    compute_asked()
    answer = Client().get(feed_url(feed))
    assert answer.status_code == 200
    answer.close()


@pytest.mark.parametrize("end", ["revoked", "new address", "account deleted"])
def test_the_file_goes_with_its_address(
    feed: Feed, owner: Client, tmp_path: Path, django_capture_on_commit_callbacks: Any, end: str
) -> None:
    user = feed.user
    build(user)
    assert len(files(tmp_path)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        match end:
            case "revoked":
                assert revoke_feed(user)
            case "new address":
                owner.post("/feed/new/")
            case _:
                user.delete()
    assert files(tmp_path) == []


@pytest.mark.once
def test_a_new_address_is_built_at_once_and_the_page_waits_for_it(shop: Shop, owner: Client) -> None:
    owner.post("/feed/new/")
    page = owner.get("/feed/goods/", headers={"HX-Request": "true"}).content.decode()
    assert "Being computed now" in page
    assert 'hx-trigger="poll" data-poll' in page
    compute_asked()
    page = owner.get("/feed/goods/", headers={"HX-Request": "true"}).content.decode()
    assert "<strong>2</strong> products are in the feed" in page
    assert "hx-trigger" not in page
    answer = Client().get(feed_url(Feed.objects.get()))
    assert answer.status_code == 200
    answer.close()


def test_a_waiting_page_is_left_as_it_is_until_there_is_another_result(shop: Shop, owner: Client) -> None:
    htmx = {"HX-Request": "true"}
    owner.get("/feed/goods/")
    assert owner.get("/feed/goods/?since=0", headers=htmx).status_code == 204
    compute_asked()
    first = owner.get("/feed/goods/?since=0", headers=htmx)
    assert "products are in the feed" in first.content.decode()
    again = owner.post("/feed/goods/again/", headers=htmx).content.decode()
    assert "being computed again now" in again
    assert "products are in the feed" in again
    stamp = Computation.objects.get().computed_at
    assert stamp is not None
    since = f"/feed/goods/?since={stamp.timestamp():.6f}"
    assert owner.get(since, headers=htmx).status_code == 204
    compute_asked()
    assert owner.get(since, headers=htmx).status_code == 200


@pytest.mark.once
def test_long_descriptions_cost_the_reader_nothing(shop: Shop, feed: Feed) -> None:
    for number in range(40):
        shop.product(f"long{number}", f"Кружка {number}", description=LONG[:19_900])
    build(shop.user)
    answer = Client().get(feed_url(feed))
    assert body(answer).count(b"<offer ") == 42
