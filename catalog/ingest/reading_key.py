"""A short key of a whole reading of a store: two equal readings have the same key.

There are two: of the records, and of the text that they stand in. The text tells the same records only to
the same program.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from operator import attrgetter

from catalog.ingest.reader import StoreSnapshot
from connections.clients.evotor.records import EvotorGroup, EvotorProduct
from evosync.common.program import program_digest

# What makes rows of a text.
CODE = ("catalog", "connections/clients", "evosync/common", "syncing/core")
# Raise this when the same record is stored in the columns in another way.
FORMAT = 1

_product = attrgetter(*(one.name for one in fields(EvotorProduct) if one.name != "nulls"))
_group = attrgetter(*(one.name for one in fields(EvotorGroup) if one.name != "nulls"))


def reading_key(snapshot: StoreSnapshot, changed_at: datetime | None) -> str:
    """Return the key of a reading that met the rows as they have been since `changed_at`."""
    digest = hashlib.sha256(repr((FORMAT, changed_at)).encode())
    for group in (snapshot.groups or {}).values():
        digest.update(repr((_group(group), sorted(group.nulls))).encode())
    digest.update(b"products")
    for product in snapshot.products.values():
        digest.update(repr((_product(product), sorted(product.nulls))).encode())
    return digest.hexdigest()


def pages_key(digest: str, changed_at: datetime | None, products: Iterable[str]) -> str:
    """Return the key of a text that told these products, of rows as they have been since `changed_at`.

    "" where the text is not known.
    """
    if not digest:
        return ""
    found = repr((program_digest(*CODE), digest, changed_at, sorted(products)))
    return hashlib.sha256(found.encode()).hexdigest()
