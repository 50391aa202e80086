"""The demo's page beside the site: what Evotor and VK would show, and a till whose prices can be changed.

A newcomer takes the second shop's tokens from it, or installs EvoSync there with the site's code as in
Evotor's market. The site knows nothing of this page.
"""

import html
import math
from typing import Final, Self

from sandbox.demo.second_shop import SecondShop
from sandbox.evotor.pushes import InstallRefused, Pushes
from sandbox.evotor.records import TillProduct, TillStore
from sandbox.server import Sandbox
from sandbox.wire import Request, Response, Server

MOST_PRODUCTS: Final = 12
PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>The demo's till and VK</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 1.5rem auto; padding: 0 1rem }}
section {{ border: 1px solid #bbb; border-radius: .6rem; padding: 0 1rem 1rem; margin: 1rem 0 }}
code {{ overflow-wrap: anywhere; user-select: all }}
td, th {{ text-align: left; padding: .25rem .75rem .25rem 0 }}
td.n {{ white-space: nowrap }} input {{ font: inherit; width: 9rem }} button {{ font: inherit }}
.said {{ background: #eef6ee; padding: .5rem 1rem; border-radius: .6rem }}</style></head>
<body><h1>The demo's till and VK</h1>
<p>The site is at <a href="{site}">{site}</a>, its mails are at <a href="{mailbox}">{mailbox}</a>.</p>
{said}
<section><h2>A shop of your own</h2>
<p>Sign up at <a href="{site}accounts/signup/">{site}accounts/signup/</a>, open the confirmation link in the
mailbox, then connect this till and this community. They belong to nobody yet.</p>
<table><tr><th>Evotor token</th><td><code id="evotor-token">{evotor_token}</code></td></tr>
<tr><th>VK token</th><td><code id="vk-token">{vk_token}</code></td></tr>
<tr><th>VK community</th><td><code id="vk-community">{community}</code></td></tr>
<tr><th>With VK ID</th><td>log in as {person}</td></tr></table>
<h3>Or with a code, as in Evotor's market</h3>
<p>Take the code from the site's page “Connect Evotor”. Either way the till reports its changes and its
sales to the site at once, as it does in life.</p>
<form method="post" action="/install"><label>Code <input name="code" required autocomplete="off"></label>
<button>Install EvoSync on this till</button></form></section>
{tills}
</body></html>
"""
TILL: Final = """<section><h2>{name}</h2><table>
<tr><th>Product</th><th>In the till</th><th>In VK</th><th></th><th></th></tr>
{rows}</table></section>"""
ROW: Final = """<tr data-product="{id}"><td>{name}</td><td class="n">{till}</td><td class="n">{vk}</td>
<td class="n"><form method="post" action="/price"><input type="hidden" name="store_id" value="{store_id}">
<input type="hidden" name="product_id" value="{id}">
<input name="price" type="number" min="0" step="0.01" value="{price}" aria-label="Price of {name}">
<button>Change</button></form></td>
<td><form method="post" action="/sell"><input type="hidden" name="store_id" value="{store_id}">
<input type="hidden" name="product_id" value="{id}">
<button aria-label="Sell one {name}">Sell one</button></form></td></tr>"""


class DemoPage:
    """Serves the page at `url` while the block lasts."""

    def __init__(self, box: Sandbox, shop: SecondShop, *, site: str, mailbox: str) -> None:
        self.pushes: Pushes | None = None
        self._box, self._shop, self._site, self._mailbox = box, shop, site, mailbox
        self._server = Server(self)

    @property
    def url(self) -> str:
        """The page's address."""
        return f"{self._server.url}/"

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.stop()

    def handle(self, request: Request) -> Response:
        """Answer with the page, or do what its forms ask for and then show it."""
        match (request.verb, request.path):
            case ("GET" | "HEAD", "/"):
                return self._page(request.query.get("said", ""))
            case ("POST", "/install"):
                return self._page(self._install(request.form().get("code", "")))
            case ("POST", "/price"):
                return self._page(self._change_price(request.form()))
            case ("POST", "/sell"):
                return self._page(self._sell_one(request.form()))
            case _:
                return Response.of_html("<h1>404</h1>", 404)

    def _install(self, code: str) -> str:
        if self.pushes is None:
            return "The site is not open yet."
        try:
            self.pushes.install(user_id=self._shop.evotor_user_id, code=code)
        except InstallRefused as refused:
            return f"Not installed. {refused}. Take a new code from the site."
        except OSError as error:
            return f"Not installed: the site does not answer ({error})."
        return "EvoSync is installed on this till. Go back to the site and go on there."

    def _change_price(self, form: dict[str, str]) -> str:
        try:
            price = round(float(form["price"].replace(",", ".")), 2)
            product = self._box.evotor.stores[form["store_id"]].products[form["product_id"]]
        except (KeyError, ValueError):
            return "Nothing has changed: this is no price, or the product is gone."
        if not math.isfinite(price) or price < 0:
            return "Nothing has changed: a price is zero or above."
        self._box.evotor.edit_product(form["store_id"], product.id, price=price)
        try:
            if self.pushes is not None:
                self.pushes.report(form["store_id"], [product.id])
        except OSError as error:
            return f"The till has the new price, but the site does not answer its push ({error})."
        return f"{product.fields['name']} now costs {price:.2f} in the till. Reload in ten seconds to see VK."

    def _sell_one(self, form: dict[str, str]) -> str:
        till = self._box.evotor
        try:
            product = till.stores[form["store_id"]].products[form["product_id"]]
        except KeyError:
            return "Nothing was sold: the product is gone."
        till.sell(form["store_id"], product.id)
        if self.pushes is not None:
            self.pushes.report_sale(form["store_id"], {product.id: 1})
        left = product.fields["quantity"]
        return (
            f"One {product.fields['name']} was sold; the till has {left:g}. VK has the same in ten seconds."
        )

    def _page(self, said: str) -> Response:
        box, shop = self._box, self._shop
        with box.evotor.lock:
            tills = [
                self._till(store, box.group_id if store.user_id == box.evotor.user_id else shop.group_id)
                for store in (box.evotor.stores[shop.store_id], next(iter(box.evotor.stores.values())))
            ]
        text = PAGE.format(
            site=html.escape(self._site),
            mailbox=html.escape(self._mailbox),
            said=f'<p class="said" role="status">{html.escape(said)}</p>' if said else "",
            evotor_token=html.escape(shop.evotor_token),
            vk_token=html.escape(shop.vk_token),
            community=html.escape(shop.community),
            person=html.escape(shop.person),
            tills="".join(tills),
        )
        return Response.of_html(text)

    def _till(self, store: TillStore, group_id: int) -> str:
        prices = {item.title: item.price_kopecks for item in self._box.vk.live_items(group_id)}
        # Those in VK first: in the large till the others are its oddities.
        chosen = sorted(store.products.values(), key=lambda one: one.fields["name"] not in prices)
        rows = "".join(_row(product, prices) for product in chosen[:MOST_PRODUCTS])
        return TILL.format(name=html.escape(store.name), rows=rows)


def _row(product: TillProduct, prices: dict[str, int]) -> str:
    name, price = str(product.fields["name"]), product.fields.get("price") or 0
    in_vk = prices.get(name)
    return ROW.format(
        id=product.id,
        store_id=html.escape(product.store_id),
        name=html.escape(name),
        price=price,
        till=f"{price:.2f}",
        vk="–" if in_vk is None else f"{in_vk / 100:.2f}",
    )
