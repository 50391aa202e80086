"""What makes the site an app: its manifest, its icons, its worker, and the page without a net."""

import io
import json
import re
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import resolve, reverse
from PIL import Image

from evosync import installable
from tests.web.shop import Shop

SAFE_SHARE = 0.4


def manifest(language: str) -> Any:
    answer = Client().get(reverse("manifest", args=[language]))
    assert answer["Content-Type"].startswith("application/manifest+json")
    return answer.json()


def icon(address: str) -> Image.Image:
    found = finders.find(address.removeprefix("/static/"))
    assert isinstance(found, str)
    with open(found, "rb") as file:  # noqa: PTH123 - the finder answers with a text
        return Image.open(io.BytesIO(file.read())).convert("RGBA")


@pytest.mark.once
@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_manifest_has_what_a_browser_asks_for(language: str) -> None:
    found = manifest(language)
    assert found["lang"] == language
    assert (found["id"], found["start_url"], found["scope"]) == ("/", "/", "/")
    assert found["display"] == "standalone"
    assert bool(re.search("[а-я]", found["description"])) is (language == "ru")
    assert {one["purpose"] for one in found["icons"]} == {"any", "maskable"}
    for one in found["icons"]:
        assert "{}x{}".format(*icon(one["src"]).size) == one["sizes"]
    for one in found["shortcuts"]:
        assert resolve(one["url"]).namespace in {"catalog", "syncing"}


@pytest.mark.once
def test_a_circle_cuts_nothing_of_a_maskable_icon() -> None:
    for one in manifest("ru")["icons"]:
        if one["purpose"] != "maskable":
            continue
        picture = icon(one["src"])
        side = picture.width
        ground = picture.getpixel((0, 0))
        assert ground == picture.getpixel((side - 1, side - 1))
        outside = [
            (x, y)
            for x in range(0, side, 4)
            for y in range(0, side, 4)
            if (x - side / 2) ** 2 + (y - side / 2) ** 2 > (SAFE_SHARE * side) ** 2
        ]
        assert {picture.getpixel(place) for place in outside} == {ground}


@pytest.mark.once
def test_the_worker_is_asked_for_each_time_and_may_load_from_here_only() -> None:
    answer = Client().get("/service-worker.js")
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; connect-src 'self';")
    assert "Cookie" not in answer.get("Vary", "")
    assert not answer.cookies


def kept_by_the_worker() -> dict[str, Any]:
    text = Client().get("/service-worker.js").content.decode()
    found = re.search(r"^const \{ version, pages, files, icon \} = (.*);$", text, re.MULTILINE)
    assert found
    values: dict[str, Any] = json.loads(found[1])
    return values


@pytest.mark.once
def test_the_worker_keeps_all_that_the_page_without_a_net_loads_and_no_page_of_a_merchant() -> None:
    values = kept_by_the_worker()
    assert set(values["pages"].values()) == {"/offline/ru/", "/offline/en/"}
    for page in values["pages"].values():
        text = Client().get(page).content.decode()
        loaded = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', text))
        assert loaded == set(values["files"])
    assert all(finders.find(file.removeprefix("/static/")) for file in values["files"])


@pytest.mark.once
def test_another_text_of_the_page_is_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept_by_the_worker()["version"]
    installable._worker_once.cache_clear()
    assert kept_by_the_worker()["version"] == before
    monkeypatch.setattr(installable, "_offline", lambda language: f"another page in {language}")
    installable._worker_once.cache_clear()
    assert kept_by_the_worker()["version"] != before
    installable._worker_once.cache_clear()


@pytest.mark.once
@pytest.mark.parametrize(("language", "words"), [("ru", "Нет связи"), ("en", "No connection")])
def test_the_page_without_a_net_says_what_to_do_and_knows_nobody(language: str, words: str) -> None:
    answer = Client().get(f"/offline/{language}/")
    text = answer.content.decode()
    assert f"<h1>{words}</h1>" in text
    assert text.count("<li>") == 3
    assert f'<html lang="{language}"' in text
    assert "csrf" not in text
    assert not answer.cookies


@pytest.mark.once
def test_every_page_names_the_manifest_of_its_language_and_the_worker(shop: Shop, owner: Client) -> None:
    for client, address in ((Client(), "/accounts/login/"), (owner, "/catalogue/")):
        language = "en" if client is owner else "ru"
        text = client.get(address).content.decode()
        assert f'<link rel="manifest" href="/manifest-{language}.webmanifest">' in text
        assert 'data-worker="/service-worker.js"' in text
        assert '<meta name="theme-color" content="#ffffff" data-dark="#172227">' in text
