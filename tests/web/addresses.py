"""Every address of the site that is a merchant's, out of the URL map, and what it is."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

# Not a merchant's: allauth's own (tested with it), machines', staff's.
OTHERS = ("account_", "mfa_", "usersessions_", "socialaccount_", "webhooks:", "bots:", "admin:")
# Open to everybody: the welcome page, the language, the app's files, what carries a secret in its address.
OPEN = {
    "manifest",
    "offline",
    "service_worker",
    "syncing:dashboard",
    "accounts:language",
    "feed:file",
    "feed:picture",
    "feed:reader_file",
    "syncing:decide",
    "syncing:decide_prices",
    "shelf:product",
    "shelf:queue",
    "shelf:thumbnail",
}
# These only take a press of a button.
BUTTONS = {
    "accounts:download",
    "accounts:end_visit",
    "accounts:support",
    "catalog:add_photo",
    "catalog:bulk_undo",
    "catalog:category",
    "catalog:check_again",
    "catalog:decide",
    "catalog:give_back",
    "catalog:move_photo",
    "catalog:order_photos",
    "catalog:photo_import_cancel",
    "catalog:photo_import_discard",
    "catalog:photo_import_place",
    "catalog:photo_import_save",
    "catalog:photo_import_undo",
    "catalog:remove_photo",
    "catalog:shelf_end",
    "catalog:shelf_renew",
    "catalog:tags",
    "catalog:table_apply",
    "catalog:table_drop",
    "catalog:table_undo",
    "catalog:table_upload",
    "catalog:table_write",
    "catalog:undo_decision",
    "catalog:words_back",
    "connections:evotor_check",
    "connections:evotor_code",
    "connections:evotor_connect",
    "connections:evotor_disconnect",
    "connections:vk_check",
    "connections:vk_communities",
    "connections:vk_community",
    "connections:vk_connect",
    "connections:vk_disconnect",
    "evotor_oauth:start",
    "feed:accept",
    "feed:count",
    "feed:end",
    "feed:new",
    "feed:reader_accept",
    "feed:reader_end",
    "feed:reader_new",
    "syncing:approve",
    "syncing:filters_clear",
    "syncing:find_again",
    "syncing:goods_rule_delete",
    "syncing:goods_rule_move",
    "syncing:goods_rule_try",
    "syncing:goods_rule_try_new",
    "syncing:held_price",
    "syncing:held_prices_kind",
    "syncing:add_browser",
    "syncing:link_chat",
    "syncing:plan_again",
    "syncing:read_till",
    "syncing:reject",
    "syncing:rules_albums",
    "syncing:run",
    "syncing:send_test",
    "syncing:stop",
    "syncing:switch",
    "syncing:take_over",
    "syncing:unlink_chat",
    "syncing:undone_release",
    "vk_id:start",
}
# These answer with a part of a page, a file, or a way back from VK or Evotor.
PARTS = {
    "catalog:counts",
    "catalog:photo",
    "catalog:photo_import_preview",
    "catalog:shelf_code",
    "catalog:table_csv",
    "catalog:table_xlsx",
    "catalog:thumbnail",
    "catalog:why",
    "evotor_oauth:callback",
    "feed:goods",
    "feed:reader_refusals",
    "syncing:category_search",
    "syncing:goods_rule_tried",
    "syncing:job_csv",
    "syncing:job_progress",
    "syncing:readiness",
    "syncing:rules_card",
    "syncing:rules_categories",
    "vk_id:callback",
}


def named(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every named address below a resolver with its namespaces."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from named(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif entry.name:
            yield f"{prefix}{entry.name}", entry


def merchant_addresses() -> dict[str, URLPattern]:
    """Return the merchant's addresses by name."""
    return {name: entry for name, entry in named(get_resolver()) if not name.startswith(OTHERS)}


def pages() -> set[str]:
    """Return the names of those that are whole pages."""
    return set(merchant_addresses()) - BUTTONS - PARTS - OPEN | {"syncing:dashboard"}
