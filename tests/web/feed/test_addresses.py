"""Secret addresses: nobody else's, ended for good, written nowhere; and the merchant's page about them."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from PIL import Image

from syncing.feed import feed_url, issue_feed, revoke_feed
from syncing.models import Feed
from tests.computing import open_computed
from tests.web.feed.conftest import body
from tests.web.shop import Shop, a_merchant

Read = Callable[..., Any]


def pictures_in(response: Any) -> list[str]:
    root = ET.fromstring(body(response))  # noqa: S314 - our own file
    return [one.text or "" for one in root.iter("picture")]


def test_an_address_cannot_be_guessed_and_stands_in_the_database_only_encrypted(feed: Feed) -> None:
    assert len(feed.token) >= 43
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM syncing_feed")
        assert feed.token not in repr(cursor.fetchall())
    assert Feed.objects.get(pk=feed.pk).token == feed.token
    assert feed.token not in f"{feed!r} {feed}"


@pytest.mark.once
@pytest.mark.parametrize("token", ["x", "A" * 43, "%00", "..", "*"])
def test_a_wrong_address_is_not_found(feed: Feed, token: str) -> None:
    assert Client().get(f"/feed/{token}/goods.yml").status_code == 404


@pytest.mark.once
def test_an_ended_address_is_not_found_and_its_pictures_end_with_it(
    shop: Shop, feed: Feed, read: Read
) -> None:
    picture = pictures_in(read())[0]
    assert Client().get(picture).status_code == 200
    assert revoke_feed(shop.user)
    assert read().status_code == 404
    assert Client().get(picture).status_code == 404


def test_a_new_address_ends_the_one_before(shop: Shop, feed: Feed, read: Read) -> None:
    picture = pictures_in(read())[0]
    new = issue_feed(shop.user)
    assert new.token != feed.token
    assert read().status_code == 404
    assert Client().get(picture).status_code == 404
    answer = Client().get(feed_url(new))
    assert answer.status_code == 200
    assert body(answer)
    assert Feed.objects.count() == 1


@pytest.mark.once
def test_the_feed_of_a_closed_account_is_not_found(shop: Shop, feed: Feed, read: Read) -> None:
    picture = pictures_in(read())[0]
    shop.user.is_active = False
    shop.user.save()
    assert read().status_code == 404
    assert Client().get(picture).status_code == 404


@pytest.mark.once
def test_a_feed_shows_one_merchants_goods(shop: Shop, read: Read) -> None:
    other = Shop(a_merchant("other@example.com"), vk_group_id=78)
    other.product("secret", "Чужой товар")
    assert "Чужой" not in body(read()).decode()


@pytest.mark.once
def test_an_importer_that_never_stops_is_told_to_wait(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syncing.web.views.feed.READS", 3)
    assert [read().status_code for _time in range(4)] == [200, 200, 200, 429]
    assert int(read()["Retry-After"]) > 0


@pytest.mark.once
def test_a_picture_is_drawn_for_goods_without_a_photo(shop: Shop, read: Read) -> None:
    response = Client().get(pictures_in(read())[0])
    assert response["Content-Type"] == "image/jpeg"
    assert not response.cookies
    assert min(Image.open(BytesIO(response.content)).size) >= 400


@pytest.mark.once
def test_the_merchants_own_photo_is_sent_at_an_address_of_its_own(shop: Shop, feed: Feed, read: Read) -> None:
    before = set(pictures_in(read()))
    photo = shop.milk.photos.create(user=shop.user, content_hash="c" * 64, file="")
    photo.file.save("milk.jpg", ContentFile(b"the milk's own photo"))
    (new,) = set(pictures_in(read())) - before
    assert Client().get(new).content == b"the milk's own photo"


@pytest.mark.once
def test_a_pictures_address_opens_nothing_else(shop: Shop, read: Read) -> None:
    address = pictures_in(read())[0]
    found = re.fullmatch(r".*/feed/picture/(\d+)/([0-9a-f]{40})/(\w+)\.jpg", address)
    assert found
    pk, key, version = found.groups()
    other = shop.milk.pk if int(pk) != shop.milk.pk else shop.bread.pk
    for wrong in (
        f"/feed/picture/{other}/{key}/{version}.jpg",
        f"/feed/picture/{pk}/{'0' * 40}/{version}.jpg",
        f"/feed/picture/{pk}/{key}/other.jpg",
        f"/feed/picture/{10**12}/{key}/{version}.jpg",
    ):
        assert Client().get(wrong).status_code == 404, wrong


@pytest.mark.once
def test_pictures_without_end_are_told_to_wait(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syncing.web.views.feed.PICTURES", 1)
    address = pictures_in(read())[0]
    assert [Client().get(address).status_code for _time in range(2)] == [200, 429]


# The merchant's page


@pytest.mark.once
def test_the_page_makes_shows_changes_and_ends_the_address(owner: Client, shop: Shop) -> None:
    assert "The feed is off" in owner.get("/feed/").content.decode()
    assert owner.post("/feed/new/").status_code == 302
    first = Feed.objects.get()
    page = owner.get("/feed/")
    assert feed_url(first) in page.content.decode()
    assert 'data-copy="feed-url"' in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    owner.post("/feed/new/")
    assert feed_url(first) not in owner.get("/feed/").content.decode()
    owner.post("/feed/end/")
    assert not Feed.objects.exists()


@pytest.mark.once
def test_the_page_says_how_many_goods_are_in_and_why_others_are_out(owner: Client, shop: Shop) -> None:
    for headers in ({}, {"HX-Request": "true"}):
        page = open_computed(owner, "/feed/goods/", headers=headers).content.decode()
        assert "<strong>2</strong> products are in the feed" in page
        assert "VK forbids alcohol" in page


def test_nobody_but_the_merchant_sees_or_changes_it(feed: Feed) -> None:
    stranger = Client()
    for url in ("/feed/", "/feed/goods/"):
        assert stranger.get(url).status_code == 302
    for url in ("/feed/new/", "/feed/end/", "/feed/accept/"):
        assert stranger.post(url).status_code == 302
    stranger.force_login(a_merchant("me@example.com"))
    assert feed.token not in stranger.get("/feed/").content.decode()
    stranger.post("/feed/end/")
    assert stranger.post("/feed/accept/").status_code == 404
    assert Feed.objects.filter(pk=feed.pk).exists()


@pytest.mark.once
def test_the_connections_page_leads_to_the_feed(owner: Client) -> None:
    assert 'href="/feed/"' in owner.get("/connections/").content.decode()
