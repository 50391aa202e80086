"""Collections in the VK stand-in."""

from typing import Any

from sandbox import Sandbox
from tests.integration.sandbox.conftest import Vk


def test_items_go_into_collections_and_out(vk: Vk) -> None:
    item_id, other = vk.add(), vk.add()
    album = vk("market.addAlbum", owner_id=vk.owner, title="Чаи")
    assert album == {"market_album_id": 1, "albums_count": 1}
    assert vk("market.addToAlbum", owner_id=vk.owner, item_ids=f"{item_id},{other}", album_ids=1) == 1
    assert vk.item(item_id)["albums_ids"] == [1]
    assert set(vk.listed(album_id=1)) == {item_id, other}
    assert vk("market.getAlbums", owner_id=vk.owner)["items"][0]["count"] == 2
    assert vk("market.removeFromAlbum", owner_id=vk.owner, item_id=item_id, album_ids=1) == 1
    assert vk.item(item_id)["albums_ids"] == []
    assert vk.listed(album_id=1) == [other]


def test_the_item_id_of_older_clients_is_taken_too(vk: Vk) -> None:
    item_id = vk.add()
    vk("market.addAlbum", owner_id=vk.owner, title="Чаи")
    assert vk("market.addToAlbum", owner_id=vk.owner, item_id=item_id, album_ids=1) == 1


def test_collections_have_their_own_refusals(box: Sandbox, vk: Vk) -> None:
    item_id, other = vk.add(), vk.add()
    vk("market.addAlbum", owner_id=vk.owner, title="Чаи")
    vk("market.addToAlbum", owner_id=vk.owner, item_ids=item_id, album_ids=1)
    add: dict[str, Any] = {"owner_id": vk.owner, "album_ids": 1}
    assert vk.error("market.addToAlbum", item_ids=item_id, **add)[0] == 1404
    assert vk.error("market.addToAlbum", item_ids=404, **add)[0] == 1403
    assert vk.error("market.addToAlbum", item_ids=other, owner_id=vk.owner, album_ids=9)[0] == 1402
    assert vk.error("market.addToAlbum", **add) == (100, "item_ids is undefined")
    assert vk.error("market.removeFromAlbum", item_id=other, **add)[0] == 1403
    assert vk.error("market.get", owner_id=vk.owner, album_id=9)[0] == 1402
    assert vk.error("market.editAlbum", owner_id=vk.owner, album_id=9, title="Имя")[0] == 1402
    assert vk.error("market.deleteAlbum", owner_id=vk.owner, album_id=9)[0] == 1402
    assert vk.error("market.addAlbum", owner_id=vk.owner, title="я" * 129)[0] == 100
    assert vk.error("market.addAlbum", owner_id=vk.owner, title="Имя", main_album=1, is_hidden=1)[0] == 1446
    box.vk.limits.items_in_album = 1
    assert vk.error("market.addToAlbum", item_ids=other, **add)[0] == 1406
    assert box.vk.albums[1].item_ids == [item_id]


def test_the_number_of_collections_is_limited(box: Sandbox, vk: Vk) -> None:
    box.vk.limits.albums = 2
    for title in ("Чай", "Кофе"):
        vk("market.addAlbum", owner_id=vk.owner, title=title)
    assert vk.error("market.addAlbum", owner_id=vk.owner, title="Какао")[0] == 1407


def test_a_deleted_collection_leaves_its_items(vk: Vk) -> None:
    item_id = vk.add()
    vk("market.addAlbum", owner_id=vk.owner, title="Чаи")
    vk("market.addToAlbum", owner_id=vk.owner, item_ids=item_id, album_ids=1)
    assert vk("market.deleteAlbum", owner_id=vk.owner, album_id=1) == 1
    assert vk.item(item_id)["albums_ids"] == []
    assert vk("market.addAlbum", owner_id=vk.owner, title="Снова")["market_album_id"] == 2


def test_deleted_items_are_not_counted_in_collections(vk: Vk) -> None:
    item_id = vk.add()
    vk("market.addAlbum", owner_id=vk.owner, title="Чаи")
    vk("market.addToAlbum", owner_id=vk.owner, item_ids=item_id, album_ids=1)
    vk("market.delete", owner_id=vk.owner, item_id=item_id)
    assert vk("market.getAlbums", owner_id=vk.owner)["items"][0]["count"] == 0
    assert vk.listed(album_id=1) == []


def test_collections_are_paged_newest_first(vk: Vk) -> None:
    for number in range(3):
        vk.box.vk.create_album(f"Полка {number}")
    page = vk("market.getAlbums", owner_id=vk.owner, count=2, offset=1)
    assert (page["count"], [album["id"] for album in page["items"]]) == (3, [2, 1])
    assert vk("market.getAlbumById", owner_id=vk.owner, album_ids="1,77")["count"] == 1


def test_the_merchant_arranges_collections_by_hand(box: Sandbox, vk: Vk) -> None:
    item_id = vk.add()
    album = box.vk.merchant.create_album("Моё")
    vk("market.addToAlbum", owner_id=vk.owner, item_ids=item_id, album_ids=album.id)
    box.vk.merchant.rename_album(album.id, "Совсем моё")
    assert vk("market.getAlbums", owner_id=vk.owner)["items"][0]["title"] == "Совсем моё"
    box.vk.merchant.delete_album(album.id)
    assert vk.item(item_id)["albums_ids"] == []


def test_collections_are_moved_in_their_list(vk: Vk) -> None:
    for title in ("Чаи", "Кофе", "Сласти"):
        vk("market.addAlbum", owner_id=vk.owner, title=title)

    def listed() -> list[int]:
        return [one["id"] for one in vk("market.getAlbums", owner_id=vk.owner)["items"]]

    assert listed() == [3, 2, 1]
    vk("market.reorderAlbums", owner_id=vk.owner, album_id=1, before=3)
    assert listed() == [1, 3, 2]
    vk("market.reorderAlbums", owner_id=vk.owner, album_id=1, after=2)
    assert listed() == [3, 2, 1]
    assert vk.error("market.reorderAlbums", owner_id=vk.owner, album_id=1, after=1)[0] == 1402
    assert vk.error("market.reorderAlbums", owner_id=vk.owner, album_id=1)[0] == 1402
    assert vk.error("market.reorderAlbums", owner_id=vk.owner, album_id=9, after=1)[0] == 1402
