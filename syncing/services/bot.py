"""What our bots answer in chats: how the shop is, why a product is not in VK, pause and resume.

A chat that is not linked learns nothing but how to link it.
"""

import logging

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format, localize
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import SecurityEventKind
from accounts.models import User
from accounts.security_events import record_event
from catalog.models import Product
from connections.clients.errors import ClientError
from connections.models import EvotorConnection, VkConnection
from evosync.common import clock
from evosync.common.email import site_url
from syncing.choices import ChannelKind
from syncing.models import HeldPrice, NotificationChannel, SyncJob
from syncing.services import chat_links
from syncing.services.channels import MESSENGERS, escape_text
from syncing.services.explain import explain
from syncing.services.settings import config_for, set_enabled, text_of_off

logger = logging.getLogger(__name__)

# Of an answer, in either messenger, with some room.
LONGEST_ANSWER = 3500
LONGEST_QUESTION = 200
MOST_NAMED = 5
MARKS = {True: "✅", False: "❌", None: "•"}


def answer(kind_value: str, *, chat: str, name: str, text: str, code_hash: str) -> None:
    """Answer one message of a chat; an answer that cannot be sent is not sent later."""
    kind = ChannelKind(kind_value)
    channel = NotificationChannel.objects.at_address(kind, chat).select_related("user").first()
    if channel is not None and not channel.user.is_active:
        return
    with translation.override(channel.user.language if channel else settings.LANGUAGE_CODE):
        html = (
            _link(kind, chat=chat, name=name, code_hash=code_hash)
            if code_hash
            else _reply(channel, text)
            if channel
            else _stranger()
        )
        try:
            MESSENGERS[kind].reply(chat, html)
        except ClientError as error:
            logger.warning("no answer in a chat of %s: %s", kind.value, error.code)


def _link(kind: ChannelKind, *, chat: str, name: str, code_hash: str) -> str:
    try:
        channel = chat_links.link(kind, code_hash=code_hash, chat=chat, name=name, now=clock.now())
    except chat_links.LinkedElsewhere:
        return escape(
            _("This chat belongs to another account of EvoSync. Send /unlink first, then try again.")
        )
    except chat_links.CannotLink:
        return escape(
            _("This link was used already or is too old. Make a new one on the page “Notifications”.")
        )
    with translation.override(channel.user.language):
        return escape(_("Done: EvoSync tells you here about your shop.")) + "\n\n" + _help()


def _stranger() -> str:
    text = _("This chat is not linked to a shop. Press the button on this page of EvoSync:")
    return f"{escape(text)} {escape(site_url(reverse('syncing:notifications')))}"


def _reply(channel: NotificationChannel, text: str) -> str:
    """Return the answer to a command of a linked chat."""
    words = text[:LONGEST_QUESTION].split(None, 1)
    rest = words[1].strip() if len(words) > 1 else ""
    user = channel.user
    match words[0].partition("@")[0].lower() if words else "":
        case "/status":
            return _status(user)
        case "/why":
            return _why(user, rest)
        case "/pause" | "/resume" as command:
            return _switch(channel, enabled=command == "/resume")
        case "/unlink":
            chat_links.unlink(channel)
            return escape(_("This chat is unlinked. EvoSync tells nothing here any more."))
        case "/start" if not channel.is_on:
            # Who has unblocked the bot sends this by it.
            chat_links.switch_on(channel)
            welcome = _("Welcome back: EvoSync tells you here about your shop again.")
            return f"{escape(welcome)}\n\n{_help()}"
    return _help()


def _help() -> str:
    lines = [
        _("/status – how your shop is"),
        _("/why 4600… – why a product is in VK or not: barcode, article or name"),
        _("/pause – switch the sync by schedule off"),
        _("/resume – switch it on again"),
        _("/unlink – tell nothing here any more"),
    ]
    return escape("\n".join(lines))


def _status(user: User) -> str:
    config, jobs = config_for(user), SyncJob.objects.for_user(user)
    often = config.get_compare_every_hours_display()
    lines = [
        _("The sync is on: VK is compared with the till %(often)s.") % {"often": often}
        if config.is_enabled
        else _("The sync is off.")
    ]
    evotor = EvotorConnection.objects.claimed().for_user(user).first()
    vk = VkConnection.objects.for_user(user).first()
    for label, connection in ((_("Evotor"), evotor), ("VK", vk)):
        works = connection is not None and bool(connection.access_token) and connection.is_online
        words = _("connected") if works else _("not connected, or does not answer")
        lines.append(f"{MARKS[works]} {label}: {words}.")
    last = jobs.finished().newest().first()
    if last is not None and last.finished_at is not None:
        when = date_format(timezone.localtime(last.finished_at), "j E, H:i")
        lines.append(_("Last run, %(when)s: %(state)s.") % {"when": when, "state": last.get_status_display()})
        if last.error_count:
            text = ngettext("VK refused %(n)s product.", "VK refused %(n)s products.", last.error_count)
            lines.append(text % {"n": localize(last.error_count)})
    if jobs.awaiting_approval().exists():
        lines.append(_("A run waits for your answer: open EvoSync, or the link in the message about it."))
    if held := HeldPrice.objects.for_user(user).waiting().count():
        text = ngettext("%(n)s price waits for your yes", "%(n)s prices wait for your yes", held)
        lines.append(f"{text % {'n': localize(held)}}: {site_url(reverse('syncing:held_prices'))}")
    return escape_text("\n".join(lines), longest=LONGEST_ANSWER)


def _why(user: User, question: str) -> str:
    if not question:
        return escape(_("Write the barcode, the article or the name behind it: /why 4600000000000"))
    goods = Product.objects.for_user(user).select_related("store")
    exact = [row for row in goods.with_marks([question])[: MOST_NAMED * 4] if _is_meant(row, question)]
    found = exact or list(goods.search(question).order_by("missing_since", "name")[: MOST_NAMED + 1])
    if not found:
        return escape_text(
            _("Your till has no product “%(text)s”.") % {"text": question}, longest=LONGEST_ANSWER
        )
    if len(found) > 1:
        lines = [_("There are several. Ask by barcode or by the whole name:")]
        lines += [f"{row.name} {' '.join(row.barcodes[:1])}".strip() for row in found[:MOST_NAMED]]
        return escape_text("\n".join(lines), longest=LONGEST_ANSWER)
    steps = explain(user, found[0])
    lines = [found[0].name, *(f"{MARKS[step.ok]} {step.title}: {step.text}" for step in steps)]
    return escape_text("\n".join(lines), longest=LONGEST_ANSWER)


def _is_meant(product: Product, text: str) -> bool:
    return text in (product.name, product.article_number, product.code, *product.barcodes)


def _switch(channel: NotificationChannel, *, enabled: bool) -> str:
    user = channel.user
    if enabled and config_for(user).confirmed_at is None:
        return escape(_("The first run is confirmed on the page “Sync”, where you see what it would do."))
    with transaction.atomic():
        set_enabled(user, enabled=enabled)
        record_event(user, SecurityEventKind.SWITCHED_IN_CHAT, detail=channel.get_kind_display())
    if enabled:
        often = config_for(user).get_compare_every_hours_display()
        return escape(_("Sync is on. VK is compared with the till %(often)s.") % {"often": often})
    return escape(text_of_off(user))
