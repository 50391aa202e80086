"""Why a product is in VK or not, step by step, for merchants, staff and operators alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from catalog.models import Product
from connections.clients.error_catalog import lookup
from connections.models import EvotorConnection, VkConnection
from evosync.common.text import inner_quotes
from syncing import mappers
from syncing.choices import ItemResult, RestrictedScope, RestrictedVerdict
from syncing.core.eligibility import REASONS
from syncing.core.evaluation import Evaluation, evaluate_all
from syncing.core.goods_rules.records import Part
from syncing.core.goods_rules.ruleset import Ruleset
from syncing.core.group_tree import GroupTree, with_left_groups
from syncing.core.records import DesiredItem, ProductKey, Skip, SyncContext, Undone
from syncing.core.refusals import is_changed
from syncing.core.restricted_goods.classifier import decision_about
from syncing.core.undone import ITEM, stays_out
from syncing.models import HeldPrice, Listing, SyncConfig, SyncJob, SyncJobItem
from syncing.services import labels
from syncing.services.context import local_context
from syncing.services.held_prices import held_price_of
from syncing.services.merge_group import merge_candidates
from syncing.services.settings import config_for
from syncing.services.standings import number_without_room

RULED_PARTS = {
    Part.EXCLUSION: gettext_noop("in VK or not"),
    Part.PRICE: gettext_noop("price"),
    Part.OLD_PRICE: gettext_noop("old price"),
    Part.STOCK: gettext_noop("stock"),
    Part.HIDDEN: gettext_noop("hidden while few are left"),
    Part.CATEGORY: gettext_noop("VK category"),
    Part.ALBUM: gettext_noop("album"),
    Part.TITLE: gettext_noop("name"),
    Part.TEXT: gettext_noop("description"),
}
# How many calls to VK about the product are told, the newest first.
LAST_CALLS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way from the till to VK; `ok` is None where nothing is decided.

    `code` is that of an error, for operators.
    """

    title: str
    text: str
    ok: bool | None = None
    url: str = ""
    code: str = ""


def explain(user: User, product: Product) -> list[Step]:
    """Return the product's way: till, filters, rules, wanted item, VK's item, last calls, and the switch.

    The cost does not grow with the catalogue: only the products that decide about this one are read.
    """
    key = ProductKey(product.store.evotor_id, product.evotor_id)
    config = config_for(user)
    context = _context(user, product, config)
    choice = evaluate_all(context)
    skip, desired = choice.skipped.get(key), choice.desired.get(key)
    vk = VkConnection.objects.filter(user=user).select_related("user__evotor_connection").first()
    listing = _listing(user, key, vk)
    steps = [_till_step(product), *_decision_steps(product, context), *_goods_rule_steps(key, context)]
    steps += _own_words_steps(product)
    steps += [
        *_setting_steps(config, desired),
        *_held_price_steps(product),
        *_undone_steps(context.undone.get(key)),
    ]
    steps += _rule_steps(skip, desired)
    is_desired = desired is not None and not stays_out(context.undone.get(key))
    is_corrected = bool(
        listing
        and listing.refused
        and desired
        and is_changed(listing.refused, desired, has_own_title=bool(product.own_title))
    )
    steps.append(_vk_step(user, listing, is_desired=is_desired, is_corrected=is_corrected))
    calls = product.job_items.select_related("job").newest()[:LAST_CALLS]
    steps += [_call_step(item, is_last=not place) for place, item in enumerate(calls)]
    return [*steps, *_switch_steps(user, config, vk)]


def verdict(user: User, product: Product) -> Evaluation:
    """Return the core's choice over this product and those that decide about it, as a whole plan makes it."""
    return evaluate_all(_context(user, product, config_for(user)))


def _context(user: User, product: Product, config: SyncConfig) -> SyncContext:
    rows = merge_candidates(user, product, stores=config.stores)
    return local_context(user, config=config, only=rows)


def _rule_steps(skip: Skip | None, desired: DesiredItem | None) -> list[Step]:
    """Return the verdict of the filters, then that of the rules with what follows from them."""
    if skip is None:
        if desired is None:
            return []
        return [
            Step(_("Filters"), _("Your filters let it through."), ok=True),
            Step(_("Rules"), _("Chosen, and VK may sell it."), ok=True),
            Step(_("VK should show"), _describe(desired), ok=None),
        ]
    sentence = _(REASONS.get(skip.reason, skip.reason))
    detail = labels.describe_detail(skip.detail)
    text = f"{sentence} ({detail})" if detail else sentence
    if skip.reason.startswith("filter_"):
        return [Step(_("Filters"), text, ok=False)]
    return [
        Step(_("Filters"), _("Your filters let it through."), ok=True),
        Step(_("Rules"), text, ok=False),
    ]


def _decision_steps(product: Product, context: SyncContext) -> list[Step]:
    """Return what the merchant decided about a product that VK may not take."""
    path = GroupTree(context.groups).path(product.store.evotor_id, product.group_evotor_id)
    record = with_left_groups(mappers.product_record(product, product.store.evotor_id), path)
    found = decision_about(record, [group.name for group in path], context.rules.decisions)
    if found is None:
        return []
    decision, label = found
    verdict = RestrictedVerdict.ALLOWED if decision.may_sell else RestrictedVerdict.FORBIDDEN
    text = _("%(scope)s “%(label)s”: %(verdict)s.") % {
        "scope": RestrictedScope(decision.scope).label,
        "label": label,
        "verdict": verdict.label,
    }
    return [Step(_("Your decision"), text)]


def _own_words_steps(product: Product) -> list[Step]:
    """Return what the merchant wrote for the product in place of the till's words."""
    own = (
        (_("Your own title"), product.own_title),
        (_("Your own text"), product.own_description),
        (_("Its own album"), product.own_album),
    )
    return [Step(title, _("“%(text)s”.") % {"text": inner_quotes(text)}) for title, text in own if text]


def _goods_rule_steps(key: ProductKey, context: SyncContext) -> list[Step]:
    """Return which of the merchant's rules for goods decided what."""
    product = next((each for each in context.products if each.key == key), None)
    if product is None or not context.rules.goods_rules:
        return []
    path = tuple(group.name for group in GroupTree(context.groups).path(key.store_id, product.group_id))
    decided = Ruleset(context.rules.goods_rules).decide(product, path).decided_by
    return [
        Step(_("Your rule"), _("%(part)s: “%(rule)s”.") % {"part": _(RULED_PARTS[part]), "rule": rule.name})
        for part, rule in decided.items()
    ]


def _setting_steps(config: SyncConfig, desired: DesiredItem | None) -> list[Step]:
    """Return what the shop's settings do to every price, where they do something."""
    if desired is None:
        return []
    parts = []
    if config.markup_percent:
        parts.append(_("markup %(percent)s %%") % {"percent": labels.with_sign(config.markup_percent)})
    if config.rounding != SyncConfig.Rounding.KOPECK:
        parts.append(_("rounding %(rounding)s") % {"rounding": config.get_rounding_display()})
    price = _("price")
    return [Step(_("Your settings"), f"{price}: {', '.join(parts)}.")] if parts else []


def _held_price_steps(product: Product) -> list[Step]:
    """Return what stands about a new price that was held, with the page where it is answered."""
    row = held_price_of(product)
    if row is None:
        return []
    text = _("%(old)s → %(new)s: %(verdict)s.") % {
        "old": labels.roubles(row.old_kopecks),
        "new": labels.roubles(row.new_kopecks),
        "verdict": row.get_verdict_display(),
    }
    if row.verdict in {HeldPrice.Verdict.WAITING, HeldPrice.Verdict.REFUSED}:
        text += " " + _("VK keeps the old price.")
    return [Step(_("Price control"), text)]


def _undone_steps(undone: Undone | None) -> list[Step]:
    """Return what VK keeps of before a run that the merchant has undone."""
    if undone is None:
        return []
    lines = [
        _("%(field)s: VK keeps %(kept)s instead of %(wanted)s.")
        % {
            "field": labels.FIELDS.get(name, name),
            "kept": labels.format_value(name, value),
            "wanted": labels.format_value(name, undone.instead_of[name]),
        }
        for name, value in undone.kept.items()
        if name != ITEM and value != undone.instead_of[name]
    ]
    if ITEM in undone.kept:
        lines.append(_("It stays in VK: you have undone the run that removed it."))
    if not stays_out(undone):
        return [Step(_("Undone by you"), " ".join(lines))]
    lines.append(_("It stays out of VK until you let it in: you have undone the run that put it there."))
    return [Step(_("Undone by you"), " ".join(lines), ok=False)]


def _till_step(product: Product) -> Step:
    if product.missing_since is not None:
        text = _("The till no longer has it, since %(when)s.") % {"when": _moment(product.missing_since)}
        return Step(_("Till"), text, ok=False)
    price = "—" if product.price is None else labels.roubles(round(product.price * 100))
    stock = "—" if product.quantity is None else number_format(f"{product.quantity.normalize():f}")
    text = _("%(name)s, price %(price)s, stock %(stock)s") % {
        "name": product.name,
        "price": price,
        "stock": f"{stock} {labels.unit(product.measure_name)}".strip(),
    }
    if product.product_type not in ("", "NORMAL"):
        text += ", " + _("Evotor type %(type)s") % {"type": labels.product_type_label(product.product_type)}
    return Step(_("Till"), f"{text}.", ok=True)


def _moment(when: datetime) -> str:
    """Return a moment in the reader's time and language."""
    return date_format(localtime(when), "j E Y, H:i")


def _describe(desired: DesiredItem) -> str:
    return _("“%(title)s”, %(price)s, stock %(stock)s, album “%(album)s”.") % {
        "title": inner_quotes(desired.title),
        "price": labels.roubles(desired.price_kopecks),
        "stock": labels.format_value("stock", desired.stock),
        "album": inner_quotes(desired.album) or "—",
    }


def _listing(user: User, key: ProductKey, connection: VkConnection | None) -> Listing | None:
    if connection is None or connection.group_id is None:
        return None
    rows = Listing.objects.for_user(user).in_community(connection.group_id)
    return rows.of_product(key.store_id, key.product_id)


def _vk_step(user: User, listing: Listing | None, *, is_desired: bool, is_corrected: bool) -> Step:
    if listing is None or listing.vk_item_id is None:
        if is_desired and listing and listing.last_error:
            return Step("VK", _refusal(listing, is_corrected=is_corrected), ok=False)
        if is_desired:
            text = _("Not in VK yet; the next run makes it.")
            if number_without_room(user):
                text = _(
                    "Not in VK yet. The last run had no room for some goods in VK: leave goods out by "
                    "filters, or remove old ones in VK."
                )
            return Step("VK", text, ok=False)
        # Neither right nor wrong: a tick would promise that buyers see it.
        return Step("VK", _("Not in VK."), ok=None)
    if listing.state == Listing.State.LIVE:
        text = _("VK shows it.") if is_desired else _("VK still shows it; the next run hides it.")
    else:
        text = _("The item in VK: %(state)s.") % {"state": listing.get_state_display()}
    is_theirs = "hidden" in listing.merchant_fields
    if is_theirs:
        text += " " + _("You have hidden it in VK, so it stays hidden until you give it back on its page.")
    if others := [name for name in listing.merchant_fields if name != "hidden"]:
        names = ", ".join(str(labels.FIELDS.get(name, name)) for name in others)
        text += " " + _("You changed in VK, so it stays as you made it: %(names)s.") % {"names": names}
    if listing.last_error:
        refusal = _refusal(listing, is_corrected=is_corrected)
        return Step("VK", f"{text} {refusal}", ok=False, url=listing.vk_url)
    is_shown = listing.state == Listing.State.LIVE
    is_right = None if is_theirs or not (is_shown or is_desired) else is_shown == is_desired
    return Step("VK", text, ok=is_right, url=listing.vk_url)


def _refusal(listing: Listing, *, is_corrected: bool) -> str:
    """Return what VK refused and what to do now."""
    row = lookup(listing.last_error)
    next_step = _("It has changed since: the next run tries again.") if is_corrected else _(row.next_step)
    return f"{_(row.text)} {next_step}"


def _call_step(item: SyncJobItem, *, is_last: bool) -> Step:
    outcome = labels.outcome_label(item)
    text = f"{_moment(item.updated_at)}: {outcome}."
    if error := labels.error_message(item.error_code, item.error_text):
        text += f" {error.text} {error.next_step}"
    title = _("Last action") if is_last else _("Before that")
    # What is only planned, or was left undone, is neither right nor wrong.
    is_right = None if item.result == ItemResult.PLANNED else item.result == ItemResult.DONE
    return Step(title, text, ok=is_right, code=item.error_code)


def _switch_steps(user: User, config: SyncConfig, vk: VkConnection | None) -> list[Step]:
    """Return what keeps the whole shop from being synced, which no rule about the product could fix."""
    return [Step(_("The shop"), text, ok=False) for text in _obstacles(user, config, vk)]


def _obstacles(user: User, config: SyncConfig, vk: VkConnection | None) -> Iterator[str]:
    if not config.is_enabled:
        yield _("The sync is switched off, so nothing changes in VK. Switch it on on the Sync page.")
    # Without a connection to VK the other one does not matter.
    evotor: EvotorConnection | None = getattr(vk.user, "evotor_connection", None) if vk else None
    if not all(each and each.access_token and each.is_online for each in (evotor, vk)):
        yield _("Evotor or VK is not connected or does not answer. Repair it on the Connections page.")
    if SyncJob.objects.for_user(user).awaiting_approval().exists():
        yield _("A run has stopped with a question. Answer it in the history, and the work goes on.")
