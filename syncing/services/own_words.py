"""The merchant's own words for VK: titles, texts and albums of products, and what they chose for groups."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from catalog.models import Product, ProductGroup, Store
from evosync.common import clock
from evosync.common.batching import chunks
from evosync.common.bulk import update_rows
from syncing.services.settings import lock_config, rules_of

# What of a product is the merchant's own.
FIELDS = ("own_title", "own_description", "own_album")
LONGEST_TEXT = 2000
LONGEST_ALBUM = 100
ROWS_AT_ONCE = 500
# More are written product by product: a statement for each would be one a product in a table.
FEW_TEXTS = 20


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """What the merchant chose for a group; None lets the group above, or all goods' rules, decide.

    An empty album title means no album.
    """

    template: str | None = None
    album: str | None = None


def set_words(product: Product, values: Mapping[str, str]) -> bool:
    """Keep the merchant's own words for a product, "" for the till's; return whether they are new."""
    if all(getattr(product, name) == text for name, text in values.items()):
        return False
    with transaction.atomic():
        for name, text in values.items():
            setattr(product, name, text)
        product.save(update_fields=list(values))
        note_change(product.user)
    return True


def set_words_of_many(user: User, field: str, texts: Mapping[int, str]) -> None:
    """Keep one kind of own words for many products, by row id."""
    by_text: dict[str, list[int]] = {}
    for pk, text in texts.items():
        by_text.setdefault(text, []).append(pk)
    with transaction.atomic():
        if len(by_text) > FEW_TEXTS:
            for some in chunks(texts, ROWS_AT_ONCE):
                pks = Product.objects.for_user(user).with_ids(some).values_list("pk", flat=True)
                update_rows([Product(pk=pk, **{field: texts[pk]}) for pk in pks], [field])
        else:
            for text, same in by_text.items():
                for some in chunks(same, ROWS_AT_ONCE):
                    Product.objects.for_user(user).with_ids(some).update(**{field: text})
        note_change(user)


def note_change(user: User) -> None:
    """Have what was computed from the goods computed again, as after a reading that found changes."""
    Store.objects.for_user(user).update(changed_at=clock.now())


def choice_for(group: ProductGroup) -> GroupChoice:
    """Return what the merchant has chosen for this very group."""
    config = rules_of(group.user)
    return GroupChoice(
        (config.template_by_group or {}).get(group.evotor_id),
        (config.album_by_group or {}).get(group.evotor_id),
    )


def choose_for_group(group: ProductGroup, choice: GroupChoice) -> None:
    """Keep the merchant's template and album for a group."""
    with transaction.atomic():
        config = lock_config(group.user)
        config.template_by_group = with_choice(config.template_by_group, group.evotor_id, choice.template)
        config.album_by_group = with_choice(config.album_by_group, group.evotor_id, choice.album)
        config.save(update_fields=["template_by_group", "album_by_group"])


def with_choice(chosen: Mapping[str, str] | None, key: str, text: str | None) -> dict[str, str]:
    """Return the choices by group with this one among them, or without it for None."""
    kept = {name: value for name, value in (chosen or {}).items() if name != key}
    return kept if text is None else kept | {key: text}
