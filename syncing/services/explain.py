"""Why a product is in VK or not, step by step, for merchants, staff and operators alike."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product
from connections.clients.codes import describe
from connections.models import VkConnection
from syncing.core.eligibility import REASONS
from syncing.core.engine import choose
from syncing.core.records import Product as ProductRecord
from syncing.core.records import ProductKey, Skip, Wanted
from syncing.models import Listing, SyncJobItem
from syncing.selectors import words
from syncing.services.planning import local_context


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way from the till to VK; `ok` is None where nothing is decided."""

    title: str
    text: str
    ok: bool | None = None
    url: str = ""


def explain(user: User, product: Product) -> list[Step]:
    """Return the product's way: till, filters and rules, wanted item, VK's item, last answer."""
    key = ProductKey(product.store.evotor_id, product.evotor_id)
    steps = [_till_step(product)]
    skip, wanted = _verdict(user, key)
    if skip is not None:
        sentence = _(REASONS.get(skip.reason, skip.reason))
        steps.append(Step(_("Rules"), f"{sentence} ({skip.detail})" if skip.detail else sentence, ok=False))
    elif wanted is not None:
        steps.append(Step(_("Rules"), _("Chosen, and VK may sell it."), ok=True))
        steps.append(Step(_("VK should show"), _describe(wanted), ok=None))
    listing = _listing(user, key)
    steps.append(_vk_step(listing, is_wanted=wanted is not None))
    if last := _last_item(product):
        steps.append(_last_step(last))
    return steps


def _verdict(user: User, key: ProductKey) -> tuple[Skip | None, Wanted | None]:
    """Run the core's choice, over this product alone unless stores are merged."""
    context = local_context(user)
    if context.rules.stores != "merge":
        context = replace(context, products=_only(context.products, key))
    choice = choose(context)
    return choice.skipped.get(key), choice.wanted.get(key)


def _only(products: tuple[ProductRecord, ...], key: ProductKey) -> tuple[ProductRecord, ...]:
    return tuple(product for product in products if product.key == key)


def _till_step(product: Product) -> Step:
    if product.missing_since is not None:
        text = _("The till no longer has it, since %(when)s.") % {"when": _moment(product.missing_since)}
        return Step(_("Till"), text, ok=False)
    price = "—" if product.price is None else words.roubles(round(product.price * 100))
    stock = "—" if product.quantity is None else number_format(f"{product.quantity.normalize():f}")
    text = _("%(name)s, price %(price)s, stock %(stock)s") % {
        "name": product.name,
        "price": price,
        "stock": f"{stock} {product.measure_name}".strip(),
    }
    if product.product_type not in ("", "NORMAL"):
        text += ", " + _("Evotor type %(type)s") % {"type": product.product_type}
    return Step(_("Till"), f"{text}.", ok=True)


def _moment(when: datetime) -> str:
    """Return a moment in the reader's time and language."""
    return date_format(localtime(when), "j E Y, H:i")


def _describe(wanted: Wanted) -> str:
    return _("“%(title)s”, %(price)s, stock %(stock)s, album “%(album)s”.") % {
        "title": wanted.title,
        "price": words.roubles(wanted.price_kopecks),
        "stock": words.value_in_words("stock", wanted.stock),
        "album": wanted.album or "—",
    }


def _listing(user: User, key: ProductKey) -> Listing | None:
    connection = VkConnection.objects.filter(user=user).first()
    if connection is None or connection.group_id is None:
        return None
    rows = Listing.objects.for_user(user).in_community(connection.group_id)
    return rows.of_product(key.store_id, key.product_id)


def _vk_step(listing: Listing | None, *, is_wanted: bool) -> Step:
    if listing is None or listing.vk_item_id is None:
        text = _("Not in VK yet; the next run makes it.") if is_wanted else _("Not in VK.")
        return Step("VK", text, ok=not is_wanted)
    text = f"{listing.get_state_display()}."
    if listing.merchant_fields:
        names = ", ".join(str(words.FIELDS.get(name, name)) for name in listing.merchant_fields)
        text += " " + _("You changed in VK, so it stays as you made it: %(names)s.") % {"names": names}
    if listing.last_error:
        row = describe(listing.last_error)
        return Step("VK", f"{text} {_(row.text)} {_(row.next_step)}", ok=False, url=listing.vk_url)
    return Step("VK", text, ok=(listing.state == Listing.State.LIVE) == is_wanted, url=listing.vk_url)


def _last_item(product: Product) -> SyncJobItem | None:
    return product.job_items.order_by("-pk").first()


def _last_step(item: SyncJobItem) -> Step:
    text = f"{_moment(item.updated_at)}, {item.get_action_display()}: {item.get_result_display()}."
    if trouble := words.trouble(item.error_code, item.error_text):
        text += f" {trouble.text} {trouble.next_step} ({item.error_code})"
    return Step(_("Last call"), text, ok=item.result != SyncJobItem.Result.FAILED)
