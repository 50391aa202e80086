"""Photos from the shelf: a link without a login that shows goods, takes photos and soon ends."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import SecurityEventKind
from accounts.models import SecurityEvent
from catalog.models import Product, ProductPhoto
from evosync.common.text import normalize_for_search
from syncing.choices import ComputationKind
from syncing.jobs import computations
from syncing.models import SyncJob
from syncing.services.shelf_link import issue_link, link_of, revoke_link, user_at
from tests.computing import compute_asked
from tests.web.catalog.test_photos import picture
from tests.web.shop import Shop

PAGE = "/catalogue/shelf/"


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def phone() -> Client:
    """Return a telephone on which nobody is logged in."""
    return Client(headers={"Accept-Language": "en"})


def queue_of(shop: Shop) -> str:
    return reverse("shelf:queue", args=[issue_link(shop.user).token])


def test_the_merchant_makes_a_link_with_a_code_and_finds_it_among_the_events(
    owner: Client, shop: Shop
) -> None:
    assert owner.get(reverse("catalog:shelf_code")).status_code == 404
    assert owner.post(reverse("catalog:shelf_renew"))["Location"] == PAGE
    page = owner.get(PAGE).content.decode()
    link = link_of(shop.user)
    assert link is not None
    assert link.token in page
    code = owner.get(reverse("catalog:shelf_code"))
    assert code["Content-Type"] == "image/svg+xml"
    assert b"<svg" in code.content
    events = SecurityEvent.objects.for_user(shop.user).filter(kind=SecurityEventKind.PHOTO_LINK)
    assert events.count() == 1


@pytest.mark.once
def test_a_telephone_without_a_login_takes_a_photo_and_goes_on(phone: Client, shop: Shop) -> None:
    shop.switch_on()
    queue = queue_of(shop)
    page = phone.get(queue)
    assert shop.milk.name in page.content.decode() or shop.bread.name in page.content.decode()
    product = page.context["product"]
    answer = phone.post(f"{queue}{product.pk}/", {"photo": picture("red")})
    assert answer["Location"] == f"{queue}?kept=1"
    assert product.photos.count() == 1
    assert phone.get(queue).context["product"] != product
    assert SyncJob.objects.for_user(shop.user).active().exists()
    assert "sessionid" not in "".join(phone.cookies.keys())


@pytest.mark.once
def test_the_card_of_the_queue_takes_the_photo_and_keeps_what_was_passed_over(
    phone: Client, shop: Shop
) -> None:
    queue = queue_of(shop)
    page = phone.get(f"{queue}?skip=1")
    product = page.context["product"]
    html = page.content.decode()
    assert f'<form method="post" action="{queue}{product.pk}/"' in html
    assert 'capture="environment"' in html
    answer = phone.post(f"{queue}{product.pk}/", {"photo": picture("red"), "skip": "1"})
    assert answer["Location"] == f"{queue}?kept=1&skip=1"
    after = phone.get(answer["Location"]).context["product"]
    assert after not in {product, None}


@pytest.mark.once
def test_the_form_of_a_telephone_is_taken_by_the_csrf_check(shop: Shop) -> None:
    phone = Client(enforce_csrf_checks=True)
    url = f"{queue_of(shop)}{shop.milk.pk}/"
    phone.get(url)
    posted = {"photo": picture("red"), "csrfmiddlewaretoken": phone.cookies["csrftoken"].value}
    assert phone.post(url, {"photo": picture("red")}).status_code == 403
    assert phone.post(url, posted, headers={"Origin": "http://testserver"}).status_code == 302


def test_the_queue_begins_with_what_is_in_vk_and_then_the_most_in_stock(phone: Client, shop: Shop) -> None:
    many = shop.product("many", "Мыло", quantity=900)
    few = shop.product("few", "Свечи", quantity=2)
    queue = queue_of(shop)
    left = phone.get(queue).context["left"]
    found = [phone.get(f"{queue}?skip={number}").context["product"] for number in range(left)]
    assert found[0] == shop.listing.product
    assert found.index(many) < found.index(few)


def test_what_is_in_vk_and_has_lost_most_stock_comes_first(
    phone: Client, shop: Shop, django_assert_max_num_queries: Any
) -> None:
    full, slow, fast = (
        shop.product(name, f"Мыло {name}", quantity=number)
        for name, number in (("full", 900), ("slow", 5), ("fast", 1))
    )
    for product in (full, slow, fast):
        shop.list(product, vk_item_id=product.pk)
    job = shop.job()
    shop.item(job, slow, changes={"stock": [8, 5], "price_kopecks": [1, 2]})
    # A delivery between two sales does not hide them.
    for changes in ([9, 5], [5, 20], [20, 1]):
        shop.item(job, fast, changes={"stock": changes})
    # What VK refused, what has grown and what was never told are no sales.
    shop.item(job, full, changes={"stock": [900, 1]}, result="failed")
    shop.item(job, full, changes={"stock": [1, 900]})
    shop.item(job, full, changes={"stock": [None, 3]})
    queue = queue_of(shop)
    with django_assert_max_num_queries(15):
        phone.get(queue)
    found = [phone.get(f"{queue}?skip={number}").context["product"] for number in range(3)]
    assert found == [fast, slow, full]


@pytest.mark.parametrize("typed", ["4601234567890", "ЧАЙ-7", "чай зел"])
def test_goods_are_found_by_barcode_article_and_name(phone: Client, shop: Shop, typed: str) -> None:
    tea = shop.product("tea", "Чай зелёный", barcodes=["4601234567890"], article_number="ЧАЙ-7")
    tea.search_text = normalize_for_search("Чай зелёный ЧАЙ-7 4601234567890")
    tea.save()
    queue = queue_of(shop)
    answer = phone.get(queue, {"q": typed})
    assert answer.status_code == 302
    assert answer["Location"] == f"{queue}{tea.pk}/"


def searchable(shop: Shop, name: str, *, code: str = "", article: str = "", barcode: str = "") -> Product:
    codes: dict[str, Any] = {
        "code": code,
        "article_number": article,
        "barcodes": [barcode] if barcode else [],
    }
    product = shop.product(name, name, **codes)
    product.search_text = normalize_for_search(f"{name} {article} {code} {barcode}")
    product.save()
    return product


@pytest.mark.parametrize(
    ("kept", "scanned"),
    [("012345678905", "0012345678905"), ("0012345678905", "012345678905"), ("12345678905", "0012345678905")],
)
def test_a_barcode_is_found_with_and_without_the_zeros_in_front(
    phone: Client, shop: Shop, kept: str, scanned: str
) -> None:
    cocoa = searchable(shop, "Какао", barcode=kept)
    searchable(shop, "Какао 2", barcode=f"{kept}7")
    queue = queue_of(shop)
    assert phone.get(queue, {"q": scanned})["Location"] == f"{queue}{cocoa.pk}/"


def test_goods_whose_code_or_article_is_typed_stand_first(phone: Client, shop: Shop) -> None:
    for number in range(25):
        searchable(shop, f"А 7 № {number:02}", code=f"17{number}", article=f"чай-7{number}")
    by_code, by_article = searchable(shop, "Я", code="7"), searchable(shop, "Ю", article="ЧАЙ-7")
    queue = queue_of(shop)
    assert phone.get(queue, {"q": "7"}).context["found"][0] == by_code
    assert phone.get(queue, {"q": "ЧАЙ-7"}).context["found"][0] == by_article


def test_nobody_is_sent_to_photograph_what_vk_forbids_or_the_merchant_left_out(
    phone: Client, shop: Shop
) -> None:
    shop.beer.name = "Пиво светлое"
    shop.beer.save()
    queue = queue_of(shop)
    before = phone.get(queue).context["left"]
    computations.ask(shop.user, ComputationKind.CATALOG)
    compute_asked()

    left = phone.get(queue).context["left"]

    assert left == before - 1
    shown = {phone.get(f"{queue}?skip={number}").context["product"] for number in range(left)}
    assert shop.beer not in shown


@pytest.mark.once
def test_the_page_shows_names_and_pictures_and_nothing_else(phone: Client, shop: Shop) -> None:
    queue = queue_of(shop)
    pages = [phone.get(queue), phone.get(queue, {"q": "о"}), phone.get(f"{queue}{shop.milk.pk}/")]
    text = "".join(page.content.decode() for page in pages)
    assert shop.user.email not in text
    assert "₽" not in text
    assert shop.store.name not in text
    for page in pages:
        assert page["Referrer-Policy"] == "same-origin"
        assert page["Cache-Control"] == "no-store"
        assert "camera=(self)" in page["Permissions-Policy"]


def test_another_merchants_goods_are_not_there(phone: Client, shop: Shop, other_shop: Shop) -> None:
    queue = queue_of(shop)
    for end in (f"{other_shop.milk.pk}/", f"{other_shop.milk.pk}/thumbnail.jpg"):
        assert phone.get(f"{queue}{end}").status_code == 404
    assert phone.post(f"{queue}{other_shop.milk.pk}/", {"photo": picture("red")}).status_code == 404
    assert not ProductPhoto.objects.exists()


@pytest.mark.once
def test_a_link_opens_nothing_but_its_own_pages(phone: Client, shop: Shop) -> None:
    phone.get(queue_of(shop))
    for page in ("/catalogue/", "/profile/", f"/catalogue/{shop.milk.pk}/", PAGE):
        assert phone.get(page)["Location"].startswith("/accounts/login/")


def end_by_button(shop: Shop) -> None:
    revoke_link(shop.user)


def end_by_password(shop: Shop) -> None:
    shop.user.set_password("another-long-password")
    shop.user.save()


def end_by_another(shop: Shop) -> None:
    issue_link(shop.user)


def end_by_closing(shop: Shop) -> None:
    shop.user.is_active = False
    shop.user.save()


def end_by_a_lost_cache(shop: Shop) -> None:
    cache.clear()


@pytest.mark.once
@pytest.mark.parametrize(
    "end", [end_by_button, end_by_password, end_by_another, end_by_closing, end_by_a_lost_cache]
)
def test_an_ended_link_is_a_plain_page_and_takes_no_photo(phone: Client, shop: Shop, end: Any) -> None:
    queue = queue_of(shop)
    assert phone.get(queue).status_code == 200
    end(shop)
    opened, sent = phone.get(queue), phone.post(f"{queue}{shop.milk.pk}/", {"photo": picture("red")})
    for answer in (opened, sent):
        assert answer.status_code == 404
        assert "This link has ended" in answer.content.decode()
        assert shop.milk.name not in answer.content.decode()
    lost = "The photo that you have just taken was not kept"
    assert lost in sent.content.decode()
    assert lost not in opened.content.decode()
    assert not ProductPhoto.objects.exists()


@pytest.mark.once
def test_a_link_ends_after_two_hours(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    token = issue_link(shop.user).token
    later = timezone.now() + timedelta(hours=2, seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert user_at(token) is None


@pytest.mark.parametrize("made_up", ["1-x-y", "x", "999-a-b", "-", "1" * 60, "٣-x-y"])
def test_a_made_up_link_is_the_same_page(phone: Client, shop: Shop, made_up: str) -> None:
    answer = phone.get(f"/shelf/{made_up}/")
    assert answer.status_code == 404


@pytest.mark.once
def test_a_changed_letter_of_the_signature_opens_nothing(shop: Shop, other_shop: Shop) -> None:
    token = issue_link(shop.user).token
    issue_link(other_shop.user)
    assert user_at(token) == shop.user
    assert user_at(token[:-1] + ("0" if token[-1] != "0" else "1")) is None
    assert user_at(f"{other_shop.user.pk}-{token.partition('-')[2]}") is None


@pytest.mark.once
def test_too_many_photos_in_a_minute_are_told_to_wait(
    phone: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syncing.web.views.shelf.PHOTOS", 1)
    queue = queue_of(shop)
    phone.post(f"{queue}{shop.milk.pk}/", {"photo": picture("red")})
    answer = phone.post(f"{queue}{shop.milk.pk}/", {"photo": picture("blue")})
    assert (answer.status_code, shop.milk.photos.count()) == (422, 1)


def test_too_many_pages_in_a_minute_are_told_to_wait(
    phone: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syncing.web.views.shelf.PAGES", 1)
    queue = queue_of(shop)
    phone.get(queue)
    opened, sent = phone.get(queue), phone.post(f"{queue}{shop.milk.pk}/", {"photo": picture("red")})
    for answer in (opened, sent):
        assert (answer.status_code, answer["Retry-After"]) == (429, "60")
        page = answer.content.decode()
        assert "Wait a minute" in page
        assert f'href="{queue}"' in page
    lost = "The photo that you have just taken was not kept"
    assert lost in sent.content.decode()
    assert lost not in opened.content.decode()
    assert not shop.milk.photos.exists()


@pytest.mark.once
def test_a_photo_that_is_none_says_why_and_the_page_stays(phone: Client, shop: Shop) -> None:
    queue = queue_of(shop)
    answer = phone.post(f"{queue}{shop.milk.pk}/", {"photo": picture("red", (50, 50))})
    assert answer.status_code == 422
    assert "too small" in answer.content.decode()
