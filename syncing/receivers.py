"""What syncing does when an app below announces something. Each receiver is named after its signal."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.choices import ItemsAfterClosure
from accounts.models import User
from syncing.feed import editions
from syncing.jobs import account_closure, approval, computations, lifecycle, triggers
from syncing.models import Feed, ReaderFeed, TableExport, TableImport
from syncing.services import chat_links, data_export, reimport
from syncing.services.tables import imports


def on_all_sessions_ended(sender: object, *, user: User, **_kwargs: object) -> None:
    """Unlink the merchant's chats: who else was in the account may have linked one."""
    chat_links.unlink_all(user)


def on_other_sessions_ended(sender: object, *, user: User, request: HttpRequest, **_kwargs: object) -> None:
    """Name the chats that stay linked, so that the merchant unlinks what is not theirs."""
    chat_links.end_code(user)
    chats = chat_links.names_of_chats(user)
    if chats:
        text = _("These chats stay linked: %(chats)s. If one is not yours, unlink it under “Notifications”.")
        messages.warning(request, text % {"chats": ", ".join(chats)}, fail_silently=True)


def on_products_pushed(sender: object, *, user_id: int, store_id: str, **_kwargs: object) -> None:
    """Ask for a run of the store that the till pushed."""
    triggers.on_till_push(user_id, store_id)


def on_receipts_pushed(sender: object, *, user_id: int, store_id: str, **_kwargs: object) -> None:
    """Ask for a run that reads the stock of the store."""
    triggers.on_till_receipts(user_id, store_id)


def on_service_connected(sender: object, *, user_id: int, service: str, **_kwargs: object) -> None:
    """Ask for a run, so that work resumes by itself after a repair."""
    triggers.on_connected(user_id, service)


def on_service_disconnected(sender: object, *, user_id: int, **_kwargs: object) -> None:
    """Stop the run that reads or writes what the merchant has just given up, and ask about it no more."""
    lifecycle.stop_run_of(user_id)
    approval.close_held(user_id)


def on_till_read(sender: object, *, user_id: int, **_kwargs: object) -> None:
    """Let the merchant's choices follow goods and groups that came back under other ids."""
    reimport.follow_reimport(user_id)


def on_goods_changed(sender: object, *, user_id: int, **_kwargs: object) -> None:
    """Have the feed built from the goods as they are now."""
    computations.ask_for_feed(user_id)


def on_account_closing(sender: object, *, user: User, goods: ItemsAfterClosure, **_kwargs: object) -> bool:
    """Hide or remove the merchant's items first; return True if there is nothing to do in VK."""
    return account_closure.begin_closure(user, goods)


def on_account_deleting(sender: object, *, user: User, **_kwargs: object) -> None:
    """End the merchant's run, so that it writes no row beside those that are being deleted."""
    lifecycle.take_run_away(user)


def on_data_export_requested(
    sender: object, *, user: User, **_kwargs: object
) -> Mapping[str, Iterable[Mapping[str, Any]]]:
    """Return the files of the sync and of the catalog."""
    return data_export.files_of(user)


def on_feed_deleted(sender: object, *, instance: Feed | ReaderFeed, using: str, **_kwargs: object) -> None:
    """Delete the feed's file after the commit; also where its merchant was deleted."""
    transaction.on_commit(partial(editions.delete_file, str(instance.file)), using=using)


def on_table_deleted(sender: object, *, instance: TableImport, using: str, **_kwargs: object) -> None:
    """Delete the uploaded file after the commit; also where its merchant was deleted."""
    transaction.on_commit(partial(imports.delete_file, str(instance.file)), using=using)


def on_table_export_deleted(sender: object, *, instance: TableExport, using: str, **_kwargs: object) -> None:
    """Delete the written file and what is being written, as above."""
    for name in (str(instance.file), instance.draft):
        transaction.on_commit(partial(imports.delete_file, name), using=using)
