"""Photos in real Chromium: put into order by keys and by dragging, cropped, and shot with a telephone."""

import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from catalog.photos.placeholders import placeholder
from sandbox import Sandbox
from tests.e2e.screenshots import log_in
from tests.e2e.site import Site
from tests.e2e.watching import MOST_SHIFT, PHONE, SHIFT, Watch
from tests.e2e.window import follow, open_window, press_enter, settle

pytestmark = pytest.mark.browser

# A browser that reads barcodes and a camera that sees one. Chromium on Linux has neither.
SCANNER = """
window.BarcodeDetector = class { detect() { return Promise.resolve([{ rawValue: "4600123456002" }]); } };
Object.defineProperty(navigator, "mediaDevices", { value: {
  getUserMedia: () => Promise.resolve(new MediaStream()) } });
HTMLMediaElement.prototype.play = () => Promise.resolve();
"""

REFUSED = "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error()); }"

EMAIL, PASSWORD = "photos@example.com", "a-long-passphrase-7"


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(vk_rate=0) as box:
        store = box.evotor.add_store("Лавка у реки")
        for number in range(1, 4):
            barcode = f"460012345600{number}"
            box.evotor.add_product(store.id, f"Чашка номер {number}", price=100 + number, barcodes=[barcode])
        yield box


@pytest.fixture(scope="module")
def shared_site(box: Sandbox) -> Iterator[Site]:
    with Site(box) as site:
        site.environment |= {"EVOTOR_TOKEN": box.evotor_token}
        site.manage_all(
            ["create_merchant", EMAIL],
            ["connect_evotor", EMAIL],
            ["refresh_catalog", EMAIL],
            typed=f"{PASSWORD}\n",
        )
        site.keep_rows()
        yield site


@pytest.fixture
def site(shared_site: Site) -> Site:
    """Return the site of this file with the rows that it began with."""
    shared_site.restore_rows()
    return shared_site


@pytest.fixture
def shots(tmp_path: Path) -> list[Path]:
    """Return three different photos on the disk."""
    files = [tmp_path / f"снимок {number}.jpg" for number in range(3)]
    for number, file in enumerate(files):
        file.write_bytes(placeholder(f"Снимок {number}", ""))
    return files


def order_of(page: Page) -> list[str | None]:
    return [one.get_attribute("data-id") for one in page.locator("[data-sortable] > li").all()]


def expect_order(page: Page, *numbers: str | None) -> None:
    """Wait until the photos stand in this order, and for what the page does after that."""
    for place, number in enumerate(numbers):
        expect(page.locator("[data-sortable] > li").nth(place)).to_have_attribute("data-id", str(number))
    settle(page)


@pytest.mark.parametrize("width", [390, 1280])
def test_photos_are_added_ordered_and_cropped_by_keys_and_by_dragging(
    browser: Browser, site: Site, shots: list[Path], width: int
) -> None:
    page = open_window(browser, width)
    watch = Watch(page, site.url)
    log_in(page, site, EMAIL, PASSWORD)
    page.goto(f"{site.url}/catalogue/1/")
    page.set_input_files("input[name=photo]", shots)
    follow(page.locator("form[data-one-by-one] button[type=submit]"))
    expect(page.locator("[data-sortable] > li")).to_have_count(len(shots))
    first, second, third = order_of(page)
    watch.look()

    page.focus(f"#photo-main-{third}")
    page.keyboard.press("Enter")
    expect_order(page, third, first, second)
    # The focus is still on the button that was pressed, so that the next key goes on from there.
    page.focus(f"#photo-down-{third}")
    page.keyboard.press("Enter")
    expect_order(page, first, third, second)
    expect(page.locator(f"#photo-down-{third}")).to_be_focused()

    if width > PHONE:
        # A finger scrolls the page; there the buttons do it.
        page.locator(f"li[data-id='{second}'] img").drag_to(
            page.locator(f"li[data-id='{first}'] img"), target_position={"x": 5, "y": 50}
        )
        expect_order(page, second, first, third)

    follow(page.locator(f"li[data-id='{second}'] a"))
    expect(page.locator("[data-photo-result]")).to_be_visible()
    page.focus("[name=size]")
    page.keyboard.press("Home")
    for _ in range(4):
        page.keyboard.press("PageUp")
    watch.look()
    before = str(page.locator("[data-photo-source]").get_attribute("src"))
    follow(page.locator("[data-photo-edit] button[type=submit]"))
    assert page.url.endswith("/catalogue/1/#photos")
    assert page.locator(f"li[data-id='{second}'] img").get_attribute("src") != before
    assert watch.faults == []
    page.close()


def test_a_telephone_without_a_login_shoots_what_has_no_photo(
    browser: Browser, site: Site, shots: list[Path]
) -> None:
    page = open_window(browser, 1280)
    log_in(page, site, EMAIL, PASSWORD)
    page.goto(f"{site.url}/catalogue/shelf/")
    follow(page.locator("form[action$='/shelf/new/'] button"))
    link = page.locator("#shelf-link").inner_text()
    expect(page.locator(".es-qr")).to_be_visible()

    phone = open_window(browser, PHONE)
    visitor = phone.context
    watch = Watch(phone, site.url)
    phone.goto(link)
    expect(phone.locator("[data-scan]")).to_be_hidden()
    watch.look()
    names = []
    for shot in shots:
        names.append(phone.locator("main strong").inner_text())
        # The card's own button opens the camera: one tap.
        with phone.expect_file_chooser():
            phone.get_by_text("Сделать фото").click()
        watch.look()
        if shot == shots[0]:
            # It waits on the page for the internet, and goes by itself when that is back.
            visitor.set_offline(offline=True)
            phone.set_input_files("[name=photo]", shot)
            expect(phone.locator(".es-no-answer")).to_contain_text("Нет интернета")
            with phone.expect_navigation(url=re.compile(r"\?kept=1$")):
                visitor.set_offline(offline=False)
            continue
        # The photo is sent as soon as it is taken; the address may be the same as before.
        with phone.expect_navigation(url=re.compile(r"\?kept=1$")):
            phone.set_input_files("[name=photo]", shot)
    assert len(set(names)) == len(shots)
    expect(phone.get_by_text("У всех товаров есть фото")).to_be_visible()
    phone.add_init_script(SCANNER)
    phone.goto(link)
    phone.evaluate(REFUSED)
    expect(phone.locator("[data-scan-refused]")).to_be_hidden()
    phone.locator("[data-scan]").click()
    expect(phone.locator("[data-scan-refused]")).to_contain_text("Камера не открылась")
    watch.look()
    phone.goto(link)
    with phone.expect_navigation(url=re.compile(r"/shelf/[^/]+/\d+/$")):
        phone.locator("[data-scan]").click()
    expect(phone.locator("h1")).to_have_text("Чашка номер 2")
    assert not [one for one in visitor.cookies() if "session" in one["name"]]

    follow(page.locator("form[action$='/shelf/end/'] button"))
    expect(page.locator(".es-qr")).to_have_count(0)
    phone.goto(link)
    expect(phone.get_by_text("Эта ссылка больше не работает")).to_be_visible()
    watch.forgive("404")
    assert watch.faults == []
    phone.close()
    page.close()


# A file that is dragged to the form; a script can make no folder: see `drag_a_folder`.
DRAG = """async ([place, name]) => {
  const picture = await (await fetch(document.querySelector("#others img").src)).blob();
  const data = new DataTransfer();
  data.items.add(new File([picture], name, { type: "image/jpeg" }));
  for (const kind of ["dragenter", "drop"])
    document.querySelector(place).dispatchEvent(
      new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def send_a_folder_and_drag_a_photo(page: Page, shots: list[Path], tmp_path: Path) -> None:
    """Choose a folder whose folders are named by barcodes, then drag a photo to the page."""
    for barcode, shot in zip(("4600123456001", "4600123456002"), shots, strict=False):
        kept = tmp_path / "с телефона" / barcode / shot.name
        kept.parent.mkdir(parents=True)
        kept.write_bytes(shot.read_bytes())
    (tmp_path / "с телефона" / ".DS_Store").write_bytes(b"of a system")
    with page.expect_navigation():
        page.set_input_files("[data-folder]", tmp_path / "с телефона")
    settle(page)
    expect(page.locator("#fits li img")).to_have_count(2)
    expect(page.locator("#fits")).to_contain_text("с телефона/4600123456001/снимок 0.jpg")
    expect(page.locator("main")).not_to_contain_text("DS_Store")
    with page.expect_navigation():
        page.evaluate(DRAG, ["[data-drop]", "4600123456003.jpg"])
    settle(page)
    expect(page.locator("main")).to_contain_text("4600123456003.jpg")


# Chromium tells of so many files of a folder at a time.
TOLD_AT_ONCE = 100


def drag_a_folder(page: Page, shot: Path, tmp_path: Path) -> None:
    """Drag a folder to the page; deep in it lies a photo, beside more files than are told at once."""
    folder = tmp_path / "полка"
    deep = folder / "4600123456003" / "сбоку"
    deep.mkdir(parents=True)
    (deep / "чашка.jpg").write_bytes(shot.read_bytes())
    (deep / "Thumbs.db").write_bytes(b"of a system")
    (folder / "пустая папка").mkdir()
    for number in range(TOLD_AT_ONCE + 1):
        (folder / f"пусто {number}.jpg").touch()
    page.goto(page.url)
    place = page.locator("[data-drop]")
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    data = {"items": [], "files": [str(folder)], "dragOperationsMask": 1}
    point = {"x": box["x"] + 9, "y": box["y"] + 9}
    devtools = page.context.new_cdp_session(page)
    devtools.send("Input.dispatchDragEvent", {"type": "dragEnter", **point, "data": data})
    expect(page.locator(".es-drop-over")).to_be_visible()
    with page.expect_navigation():
        devtools.send("Input.dispatchDragEvent", {"type": "drop", **point, "data": data})
    settle(page)
    expect(page.locator("main")).to_contain_text("полка/4600123456003/сбоку/чашка.jpg")
    expect(page.locator("main")).to_contain_text(f"и ещё {TOLD_AT_ONCE + 1 - 20}")
    expect(page.locator("main")).not_to_contain_text("Thumbs.db")


def weigh_pages_with_pictures(watch: Watch, site: Site) -> None:
    """Let every picture come into view, and see that nothing jumps."""
    page = watch.page
    page.goto(f"{site.url}/catalogue/shelf/")
    follow(page.locator("form[action$='/shelf/new/'] button"))
    shelf = page.locator("#shelf-link").inner_text().removeprefix(site.url)
    for path in ("/catalogue/", "/catalogue/photos/many/", f"{shelf}?q=номер", "/catalogue/1/"):
        opened = page.goto(f"{site.url}{path}", wait_until="networkidle")
        for picture in page.locator("main img[loading=lazy]").all():
            # What is loaded as it comes into view moves nothing either.
            picture.scroll_into_view_if_needed()
        watch.weigh(opened)
    assert watch.faults == []
    # A picture without its size would be noticed.
    page.evaluate("scrollTo(0, 0)")
    page.evaluate("document.querySelector('main').prepend(Object.assign(new Image(), { height: 300 }))")
    page.wait_for_function(f"async most => await ({SHIFT})() > most", arg=MOST_SHIFT)


def test_an_archive_is_matched_looked_at_and_saved(
    browser: Browser, site: Site, shots: list[Path], tmp_path: Path
) -> None:
    archive = tmp_path / "фото.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for shot, name in zip(
            shots, ("4600123456001.JPG", "Чашка номер 2/2.jpg", "IMG_0001.jpg"), strict=True
        ):
            packed.write(shot, name)
        # Larger than one request, so that the page sends it in pieces.
        packed.writestr("video.mp4", os.urandom(9 * 1024 * 1024))
    page = open_window(browser, PHONE)
    watch = Watch(page, site.url)
    log_in(page, site, EMAIL, PASSWORD)
    page.goto(f"{site.url}/catalogue/photos/")
    follow(page.get_by_role("link", name="Много фото сразу"))
    page.set_input_files("input[name=photo]", archive)
    follow(page.locator("form[data-in-pieces] button[type=submit]"))
    settle(page)
    expect(page.locator("#save")).to_be_visible()
    expect(page.locator("#fits li img")).to_have_count(2)
    expect(page.get_by_text("video.mp4")).to_be_visible()
    watch.look()
    follow(page.locator("#others a"))
    page.fill("[name=q]", "номер 3")
    press_enter(page)
    watch.look()
    page.set_viewport_size({"width": 1280, "height": 844})
    watch.measure()
    cup = page.locator("main li", has_text="Чашка номер 3")
    follow(cup.get_by_role("button", name="Это фото этого товара"))
    expect(page.locator("#fits li img")).to_have_count(3)
    watch.measure()
    follow(page.get_by_role("button", name="Сохранить 3 фото"))
    settle(page)
    expect(page.get_by_text("Сохранено 3 фото")).to_be_visible()
    page.set_viewport_size({"width": PHONE, "height": 844})
    watch.look()
    assert watch.faults == []
    follow(page.locator("form[action$='/undo/'] button"))
    settle(page)
    expect(page.locator("#import section")).to_have_count(0)
    page.set_input_files("input[name=photo]", shots)
    follow(page.locator("form[data-in-pieces] button[type=submit]"))
    settle(page)
    expect(page.locator("#others li img")).to_have_count(3)
    send_a_folder_and_drag_a_photo(page, shots, tmp_path)
    drag_a_folder(page, shots[2], tmp_path)
    weigh_pages_with_pictures(watch, site)
    page.close()
