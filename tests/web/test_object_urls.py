"""Made from the URL map: no address with an id in it shows or changes another merchant's things."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from model_bakery import baker

from catalog.models import PhotoImport, PhotoImportFile, ProductPhoto
from syncing.models import GoodsRule, NotificationChannel, SyncJob, TableImport
from tests.web.shop import GROUP_ID, Shop, a_merchant

# What the id in an address stands for.
JOB, PRODUCT, PHOTO, GROUP, RULE, CHAT, IMPORTED, TABLE = (
    "job",
    "product",
    "photo",
    "group",
    "rule",
    "chat",
    "imported",
    "table",
)
OBJECTS = {
    "syncing:job": JOB,
    "syncing:job_progress": JOB,
    "syncing:job_csv": JOB,
    "syncing:stop": JOB,
    "syncing:undo": JOB,
    "syncing:approve": JOB,
    "syncing:reject": JOB,
    "syncing:category": GROUP,
    "syncing:goods_rule": RULE,
    "syncing:held_price": PRODUCT,
    "syncing:goods_rule_try": RULE,
    "syncing:goods_rule_move": RULE,
    "syncing:goods_rule_delete": RULE,
    "syncing:unlink_chat": CHAT,
    "catalog:category": PRODUCT,
    "catalog:product": PRODUCT,
    "catalog:why": PRODUCT,
    "catalog:words": PRODUCT,
    "catalog:words_back": PRODUCT,
    "syncing:group_text": GROUP,
    "catalog:product_history": PRODUCT,
    "catalog:tags": PRODUCT,
    "catalog:thumbnail": PRODUCT,
    "catalog:decide": PRODUCT,
    "catalog:give_back": PRODUCT,
    "catalog:add_photo": PRODUCT,
    "catalog:photo": PHOTO,
    "catalog:remove_photo": PHOTO,
    "catalog:move_photo": PHOTO,
    "catalog:edit_photo": PHOTO,
    "catalog:order_photos": PRODUCT,
    "catalog:table_import": TABLE,
    "catalog:table_apply": TABLE,
    "catalog:table_undo": TABLE,
    "catalog:table_drop": TABLE,
    "catalog:photo_import_file": IMPORTED,
    "catalog:photo_import_preview": IMPORTED,
}
# What stands in these addresses is a secret or a kind, not the id of a merchant's row.
NO_OBJECTS = (
    "account_",
    "mfa_",
    "usersessions_",
    "socialaccount_",
    "webhooks:",
    "admin:",
    "feed:",
    "shelf:",
    "syncing:rules_card",
    "syncing:decide",
)


def _named(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every named address below a resolver with its namespaces."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _named(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif entry.name:
            yield f"{prefix}{entry.name}", entry


def _with_an_id() -> list[str]:
    found = {name for name, entry in _named(get_resolver()) if entry.pattern.converters}
    return sorted(name for name in found if not name.startswith(NO_OBJECTS))


@pytest.mark.once
def test_every_address_with_an_id_is_known_here() -> None:
    assert set(OBJECTS) <= set(_with_an_id())


@pytest.mark.same_statements
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", _with_an_id())
def test_another_merchants_object_is_not_found(db: None, name: str, method: str) -> None:
    assert name in OBJECTS, "Say in OBJECTS what this address's id stands for."
    theirs = Shop(a_merchant("other@example.com"), vk_group_id=GROUP_ID + 1)
    photo = baker.make(ProductPhoto, user=theirs.user, product=theirs.bread)
    job = theirs.job(SyncJob.Status.NEEDS_APPROVAL, plan_hash="abc")
    rule = baker.make(GoodsRule, user=theirs.user, position=1, name="Чай")
    chat = baker.make(NotificationChannel, user=theirs.user, kind="telegram", key="telegram:1")
    sent = baker.make(PhotoImport, user=theirs.user, state="open", changed_at=theirs.now)
    file = baker.make(PhotoImportFile, photo_import=sent, state="ready")
    objects = {JOB: job, PRODUCT: theirs.bread, PHOTO: photo, GROUP: theirs.bakery, RULE: rule, CHAT: chat}
    objects[IMPORTED] = file
    objects[TABLE] = baker.make(TableImport, user=theirs.user, state="ready", file_name="goods.csv")
    pk = objects[OBJECTS[name]].pk
    client = Client()
    client.force_login(a_merchant("me@example.com"))
    answer = client.generic(method.upper(), reverse(name, args=[pk]))
    assert answer.status_code in (404, 405)
    job.refresh_from_db()
    assert job.status == SyncJob.Status.NEEDS_APPROVAL
    assert ProductPhoto.objects.exists()
    assert GoodsRule.objects.exists()
    assert NotificationChannel.objects.exists()
    assert TableImport.objects.filter(state="ready").exists()


@pytest.mark.once
@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_one_of_both_methods_reaches_the_lookup(db: None, name: str) -> None:
    """A 405 alone would prove nothing: with the right method, too, the answer is 404."""
    client = Client()
    client.force_login(a_merchant("me@example.com"))
    url = reverse(name, args=[10**9])
    assert 404 in {client.get(url).status_code, client.post(url).status_code}
