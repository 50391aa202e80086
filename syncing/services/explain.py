"""Why a product is in VK or not, step by step, for merchants, staff and operators alike."""

from dataclasses import dataclass, replace

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
from syncing.services.planning import local_context


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way from the till to VK; `ok` is None where nothing is decided."""

    title: str
    text: str
    ok: bool | None = None


def explain(user: User, product: Product) -> list[Step]:
    """Return the product's way: till, filters and rules, wanted item, VK's item, last answer."""
    key = ProductKey(product.store.evotor_id, product.evotor_id)
    steps = [_till_step(product)]
    skip, wanted = _verdict(user, key)
    if skip is not None:
        sentence = _(REASONS.get(skip.reason, skip.reason))
        steps.append(Step(_("Rules"), f"{sentence} {skip.detail}".strip(), ok=False))
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
        text = _("The till no longer has it, since %(when)s.") % {
            "when": f"{product.missing_since:%d.%m.%Y %H:%M}"
        }
        return Step(_("Till"), text, ok=False)
    price = "?" if product.price is None else f"{product.price.normalize():f}"
    quantity = "?" if product.quantity is None else f"{product.quantity.normalize():f}"
    text = _("%(name)s, price %(price)s, stock %(stock)s %(unit)s, type %(type)s.") % {
        "name": product.name,
        "price": price,
        "stock": quantity,
        "unit": product.measure_name,
        "type": product.product_type,
    }
    return Step(_("Till"), text, ok=True)


def _describe(wanted: Wanted) -> str:
    stock = _("unlimited") if wanted.stock < 0 else str(wanted.stock)
    roubles, kopecks = divmod(wanted.price_kopecks, 100)
    return _("“%(title)s”, %(price)s ₽, stock %(stock)s, album “%(album)s”.") % {
        "title": wanted.title,
        "price": f"{roubles},{kopecks:02}",
        "stock": stock,
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
    text = f"{listing.get_state_display()}: {listing.vk_url}"
    if listing.merchant_fields:
        names = ", ".join(listing.merchant_fields)
        text += " " + _("You changed in VK, so it stays as you made it: %(names)s.") % {"names": names}
    if listing.last_error:
        row = describe(listing.last_error)
        return Step("VK", f"{text} {_(row.text)} {_(row.next_step)}", ok=False)
    return Step("VK", text, ok=(listing.state == Listing.State.LIVE) == is_wanted)


def _last_item(product: Product) -> SyncJobItem | None:
    return product.job_items.order_by("-pk").first()


def _last_step(item: SyncJobItem) -> Step:
    text = f"{item.updated_at:%d.%m.%Y %H:%M} {item.get_action_display()}: {item.get_result_display()}"
    if item.error_code:
        text += f" ({item.error_code}: {item.error_text})"
    return Step(_("Last call"), text, ok=item.result != SyncJobItem.Result.FAILED)
