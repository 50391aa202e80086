"""Answers to the signals of the apps below and of our own photos. Each receiver is named after its signal."""

import logging
from functools import partial
from typing import Any

from django.db import transaction

from catalog.models import PhotoImportFile, ProductPhoto, Store

logger = logging.getLogger(__name__)


def on_store_named(sender: object, *, user_id: int, store_id: str, **_kwargs: object) -> bool:
    """Return True if the store is another merchant's and not this one's as well."""
    stores = Store.objects.with_evotor_id(store_id)
    return not stores.for_user(user_id).exists() and stores.present().exists()


def on_photo_deleted(
    sender: object, *, instance: ProductPhoto | PhotoImportFile, using: str, **_kwargs: object
) -> None:
    """Delete the file of a photo, or of one that was sent, after the commit; whatever deleted the row."""
    if instance.file.name:
        delete = partial(_delete_file, instance.file.storage, instance.file.name)
        transaction.on_commit(delete, using=using)


def _delete_file(storage: Any, name: str) -> None:
    try:
        storage.delete(name)
    except OSError:
        # The row is gone and the page must not fail; the log names what is left.
        logger.exception("the photo's file %s was not deleted", name)
