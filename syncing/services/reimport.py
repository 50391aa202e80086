"""Lets the merchant's choices follow goods, groups and stores that came back under other ids."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Exists, Q, QuerySet

from accounts.models import User
from catalog.models import Product, ProductGroup, ProductPhoto, Store
from evosync.common.batching import chunks
from evosync.common.kept_statements import has_rows
from syncing import mappers
from syncing.core.records import ProductKey
from syncing.core.reimport import Succession, Till, dead_groups, find_store_succession, find_succession
from syncing.core.undone import takes_out
from syncing.models import HeldPrice, ProductTag, SyncConfig, SyncFilter, UndoneChange
from syncing.services.gone import gone_groups, gone_products

Entity, Mode = SyncFilter.Entity, SyncFilter.Mode
# Old id → the ids that it came back as, the surest first.
Ids = Mapping[str, tuple[str, ...]]
BATCH = 500
# The merchant's choices by Evotor's ids: of products, then of groups.
BY_ID = (
    "category_by_product",
    "category_by_group",
    "guessed_by_group",
    "template_by_group",
    "album_by_group",
)
OWN_WORDS = ("own_title", "own_description", "own_album")


def follow_reimport(user_id: int) -> None:
    """Give filters, VK categories and pictures to what came back under another id. Safe to be repeated.

    A filter's old line stays in force beside the new one, since an id may return.
    """
    if not _may_have_successors(user_id):
        return
    stores = list(Store.objects.for_user(user_id))
    succession, store_ids = _succession(user_id, stores)
    products = _ids((old.product_id, (new.product_id,)) for old, new in succession.products.items())
    alike = _ids((old.product_id, (succession.products[old].product_id,)) for old in sorted(succession.alike))
    groups = _ids(
        (old.group_id, tuple(new.group_id for new in keys)) for old, keys in succession.groups.items()
    )
    with transaction.atomic():
        config = SyncConfig.objects.select_for_update().filter(user=user_id).first()
        if config is not None:
            _follow_filters(config, Entity.PRODUCT, products)
            _follow_filters(config, Entity.GROUP, groups)
            _follow_filters(config, Entity.STORE, {old: (new,) for old, new in store_ids.items()})
            _follow_rules(config, alike, groups, store_ids)
        _follow_photos(succession, stores)
        _follow_words(succession, stores)
        _follow_tags(user_id, succession, stores)
        _follow_undone(user_id, succession, stores)
        _follow_prices(user_id, succession, stores)


def _may_have_successors(user_id: int) -> bool:
    """Return True if something that the merchant's choices name is gone."""
    if not has_rows(_with_gone_goods, user_id):
        return False
    config = SyncConfig.objects.filter(user=user_id).first()
    if config is None:
        # Nothing runs before there are rules, and photos can wait for them.
        return False
    if has_rows(_with_gone_marks, user_id):
        return True
    lines = list(config.filters.all())
    goods = {*_open_ids(lines, Entity.PRODUCT), *(config.category_by_product or ())}
    chosen = (config.category_by_group, config.template_by_group, config.album_by_group)
    folders = {*_open_ids(lines, Entity.GROUP), *(key for one in chosen for key in one or ())}
    stores = {*_open_ids(lines, Entity.STORE), *config.store_order}
    rows = (
        (Product.objects.for_user(user_id).missing(), goods),
        (ProductGroup.objects.for_user(user_id).unlisted(), folders),
        (Store.objects.for_user(user_id).missing(), stores),
    )
    return any(
        gone.filter(evotor_id__in=part).exists() for gone, ids in rows for part in chunks(sorted(ids), BATCH)
    )


def _with_gone_goods(user_id: int) -> QuerySet[Any]:
    """Return the merchant if a product, a group or a store has left the till: else no choice names any."""
    gone: tuple[QuerySet[Any], ...] = (
        Product.objects.for_user(user_id).missing(),
        ProductGroup.objects.for_user(user_id).unlisted(),
        Store.objects.for_user(user_id).missing(),
    )
    return User.objects.filter(reduce(or_, (Q(Exists(rows)) for rows in gone)), pk=user_id)


def _with_gone_marks(user_id: int) -> QuerySet[Any]:
    """Return the merchant if a choice of theirs that is a row, or words of their own, name what is gone."""
    marks: tuple[QuerySet[Any], ...] = (
        ProductPhoto.objects.for_user(user_id).of_gone(),
        ProductTag.objects.for_user(user_id).of_gone(),
        UndoneChange.objects.for_user(user_id).of_gone().hiding(),
        HeldPrice.objects.for_user(user_id).of_gone(),
        Product.objects.for_user(user_id).missing().with_own_words(),
    )
    return User.objects.filter(reduce(or_, (Q(Exists(rows)) for rows in marks)), pk=user_id)


def _open_ids(lines: Iterable[SyncFilter], entity: str) -> set[str]:
    """Return the ids that filters name and that no other line follows."""
    mine = [line for line in lines if line.entity_type == entity]
    return {line.entity_id for line in mine} - {line.follows for line in mine}


def _succession(user_id: int, stores: Collection[Store]) -> tuple[Succession, dict[str, str]]:
    ids = {store.pk: store.evotor_id for store in stores}
    listed = [store.pk for store in stores if store.missing_since is None]
    rows = Product.objects.for_user(user_id).present().in_stores(listed).order_by("pk")
    seen = {store.pk: store.goods_seen_at for store in stores}
    products = [
        mappers.product_record(row, ids[row.store_id], store_seen_at=seen[row.store_id])
        for row in rows.iterator(chunk_size=2000)
    ]
    groups = [
        mappers.group_record(row, ids[row.store_id], store_seen_at=seen[row.store_id])
        for row in ProductGroup.objects.for_user(user_id).present()
    ]
    left = [*gone_groups(user_id, stores), *dead_groups(groups, products)]
    gone = Till(tuple(gone_products(user_id, stores).values()), left)
    found = find_succession(gone, Till(products, groups))
    return found, find_store_succession([mappers.store_record(store) for store in stores])


def _ids(pairs: Iterable[tuple[str, tuple[str, ...]]]) -> Ids:
    """Return the successors by id: the same id may stand in several stores."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for old, new in pairs:
        found[old].update(dict.fromkeys(new))
    return {old: tuple(one for one in new if one != old) for old, new in found.items()}


def _follow_filters(config: SyncConfig, entity: str, successors: Ids) -> None:
    """Add a line for what came back; one that the merchant has made meanwhile stays as it is."""
    lines = {row.entity_id: row for row in config.filters.filter(entity_type=entity)}
    for old in sorted(_open_ids(lines.values(), entity) & successors.keys()):
        line = lines[old]
        # Two groups may be meant: leaving out both is safe, showing both is not.
        keys = successors[old] if line.filter_mode == Mode.EXCLUDE else successors[old][:1]
        fresh = [key for key in keys if key not in lines]
        for key in fresh:
            lines[key] = SyncFilter.objects.create(
                sync_config=config,
                entity_type=entity,
                entity_id=key,
                entity_name=line.entity_name,
                filter_mode=line.filter_mode,
                parent_entity_id=line.parent_entity_id,
                follows=old,
                answered_at=line.answered_at,
            )
        if fresh and line.follows:
            # Of a line's past one step is enough.
            config.filters.filter(entity_type=entity, entity_id=line.follows).delete()


def _follow_rules(config: SyncConfig, products: Ids, groups: Ids, stores: Mapping[str, str]) -> None:
    """Move VK categories, texts, albums and the order of stores."""
    followed = (products, groups, groups, groups, groups)
    before = tuple(getattr(config, name) for name in BY_ID)
    after = tuple(_moved(chosen, ids) for chosen, ids in zip(before, followed, strict=True))
    order = [stores.get(store_id, store_id) for store_id in config.store_order]
    if (*after, order) == (*before, config.store_order):
        return
    for name, chosen in zip(BY_ID, after, strict=True):
        setattr(config, name, chosen)
    config.store_order = list(dict.fromkeys(order))
    config.save(update_fields=[*BY_ID, "store_order"])


def _moved(chosen: Any, successors: Ids) -> Any:
    if not chosen:
        return chosen
    moved = dict(chosen)
    for old in chosen.keys() & successors.keys():
        category = moved.pop(old)
        for key in successors[old]:
            moved.setdefault(key, category)
    return moved


def _follow_words(succession: Succession, stores: Iterable[Store]) -> None:
    """Give the merchant's own words to the same goods of now, where those have none."""
    ids = {store.evotor_id: store.pk for store in stores}
    heirs = {
        (ids[old.store_id], old.product_id): new
        for old, new in succession.products.items()
        if old in succession.alike
    }
    gone = Product.objects.in_stores(ids.values()).missing().with_own_words()
    for row in gone.only("store", "evotor_id", *OWN_WORDS):
        if new := heirs.get((row.store_id, row.evotor_id)):
            heir = Product.objects.in_store(ids[new.store_id]).with_evotor_id(new.product_id)
            words = {name: getattr(row, name) for name in OWN_WORDS}
            if heir.filter(**dict.fromkeys(OWN_WORDS, "")).update(**words):
                Product.objects.with_ids([row.pk]).update(**dict.fromkeys(OWN_WORDS, ""))


def _follow_photos(succession: Succession, stores: Iterable[Store]) -> None:
    """Give the merchant's pictures to the same goods and groups of now."""
    ids = {store.evotor_id: store.pk for store in stores}
    goods = {
        (ids[old.store_id], old.product_id): (ids[new.store_id], new.product_id)
        for old, new in succession.products.items()
        if old in succession.alike
    }
    folders = {
        (ids[old.store_id], old.group_id): (ids[keys[0].store_id], keys[0].group_id)
        for old, keys in succession.groups.items()
    }
    user_id = next((store.user_id for store in stores), 0)
    for photo in ProductPhoto.objects.for_user(user_id).of_gone().select_related("product", "group"):
        product, group = photo.product, photo.group
        if product and (home := goods.get((product.store_id, product.evotor_id))):
            heir = Product.objects.in_store(home[0]).with_evotor_id(home[1]).first()
            if heir and not heir.photos.of_content(photo.content_hash).exists():
                photo.product = heir
                photo.save(update_fields=["product"])
        if group and (home := folders.get((group.store_id, group.evotor_id))):
            photo.group = ProductGroup.objects.in_store(home[0]).with_evotor_id(home[1]).first()
            photo.save(update_fields=["group"])


def _follow_tags(user_id: int, succession: Succession, stores: Iterable[Store]) -> None:
    """Put the merchant's tags on the same goods of now; one that is taken off there does not come back."""
    ids = {store.evotor_id: store.pk for store in stores}
    for tag in ProductTag.objects.for_user(user_id).of_gone().select_related("product__store"):
        if heir := _heir(tag.product, succession, ids):
            ProductTag.objects.get_or_create(product=heir, name=tag.name, defaults={"user_id": user_id})
            tag.delete()


def _follow_undone(user_id: int, succession: Succession, stores: Iterable[Store]) -> None:
    """Keep out of VK under their new ids the goods that the merchant took out of it.

    The other kept values go with the item, in the run that finds whose it is now.
    """
    ids = {store.evotor_id: store.pk for store in stores}
    rows = UndoneChange.objects.for_user(user_id).of_gone().hiding().select_related("product__store")
    for row in rows:
        heir = _heir(row.product, succession, ids) if takes_out(row.kept, row.instead_of) else None
        if heir and not UndoneChange.objects.filter(product=heir).exists():
            row.product = heir
            row.save(update_fields=["product"])


def _follow_prices(user_id: int, succession: Succession, stores: Iterable[Store]) -> None:
    """Let prices that wait, and the answers to them, stand about the same goods of now."""
    ids = {store.evotor_id: store.pk for store in stores}
    for row in HeldPrice.objects.for_user(user_id).of_gone().select_related("product__store"):
        heir = _heir(row.product, succession, ids)
        if heir and not HeldPrice.objects.filter(product=heir).exists():
            row.product = heir
            row.save(update_fields=["product"])


def _heir(product: Product, succession: Succession, ids: Mapping[str, int]) -> Product | None:
    """Return the same goods of now, of a product that has left the till; `ids` are of stores, by Evotor's."""
    old = ProductKey(product.store.evotor_id, product.evotor_id)
    new = succession.products.get(old) if old in succession.alike else None
    if new is None:
        return None
    return Product.objects.in_store(ids[new.store_id]).with_evotor_id(new.product_id).first()
