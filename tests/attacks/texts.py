"""Long texts: a till whose descriptions are as long as they may be, and readers of its feed."""

from collections.abc import Iterable

from tests.attacks.outcome import Outcome
from tests.attacks.pictures import watched
from tests.attacks.town import Town, logged_in, person
from tests.attacks.visitors import Answer

WRITER = "writer@example.com"
GOODS, LETTERS = 300, 19_900
READERS = 12
MOST_SECONDS = 20.0
BEGINNINGS = [
    "a" * 50,
    "<" * 50,
    "&" * 50,
    "<b>" * 20,
    "((((",
    "\u0430\u0301" * 30,
    " \t\u00a0" * 20,
    "http://" * 10,
    "1/" * 30,
    "\U0001f600" * 20,
    "]]>" * 20,
    "A" + "\u0300" * 200,
]


PAGES = (
    "/",
    "/catalogue/",
    "/catalogue/?page=2",
    "/catalogue/{product}/",
    "/catalogue/{product}/why/",
    "/sync/preview/",
    "/sync/filters/",
    "/feed/",
    "/catalogue/check/",
)


def run(town: Town) -> Iterable[Outcome]:
    """Open every page that shows the texts, several readers at a time."""
    outcome = Outcome("long texts")
    product, feed = fill()
    visitor = logged_in(town.net, WRITER)
    pages = [page.format(product=product) for page in PAGES]
    readers = [f"/feed/{feed}/goods.yml"] * READERS

    def read(path: str) -> tuple[str, Answer]:
        answer = visitor.send("GET", path) if "goods.yml" not in path else town.net.send("GET", path)
        return path.replace(feed, "…"), answer

    def attack() -> None:
        for path, answer in town.net.together(read, [*pages, *readers, *pages], threads=READERS):
            good = 0 < answer.status < 500 or answer.status == 503
            outcome.expect(
                good and answer.seconds <= MOST_SECONDS,
                f"{path}: {answer.status} after {answer.seconds:.1f} s",
            )

    watch = watched(town, outcome, attack)
    outcome.note = f"{GOODS} goods × {LETTERS} letters; /healthz {watch.longest:.2f} s at most"
    yield outcome


def fill() -> tuple[int, str]:
    """Make a merchant with many goods of long texts; return a product's id and the feed's secret."""
    from django.db import connection

    from catalog.models import Product
    from syncing.feed import issue_feed
    from tests.web.shop import Shop

    shop = Shop(person(WRITER), vk_group_id=123)
    made = []
    for number in range(GOODS):
        beginning = BEGINNINGS[number % len(BEGINNINGS)]
        copy = Product.objects.get(pk=shop.bread.pk)
        copy.pk, copy.evotor_id, copy._state.adding = None, f"long-{number}", True
        copy.name = (beginning * 10)[:100]
        copy.description = (beginning * (LETTERS // len(beginning) + 1))[:LETTERS]
        made.append(copy)
    Product.objects.bulk_create(made)
    secret = issue_feed(shop.user).token
    connection.close()
    return shop.bread.pk, secret
