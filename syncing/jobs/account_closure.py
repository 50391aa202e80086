"""Close an account: first a run hides or removes its items in VK, then the account is deleted.

While an AccountClosure row exists every run of that merchant is a closing run: the plan is that of a
till without any goods, carried out by the same slices, journal and retries as all other plans. Items
that are not on the merchant's map are not ours and are not touched.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.choices import ItemsAfterClosure
from accounts.models import User
from accounts.services import delete_account, reopen_account
from accounts.signals import ClosingRefused
from connections.clients.error_catalog import OwnError, lookup
from connections.clients.vk.client import VkClient
from connections.models import VkConnection
from evosync.common import clock
from evosync.common.email import send_templated_email, site_url
from syncing import queue
from syncing.choices import ClosureResult
from syncing.core import records
from syncing.core.choices import Removal
from syncing.core.planner import sync_user
from syncing.jobs import lifecycle
from syncing.mappers import rules_record
from syncing.models import AccountClosure, Listing, SyncJob, SyncJobItem
from syncing.publishing.vk.presence import PresenceCheck
from syncing.publishing.vk.reader import read_shop
from syncing.services.context import channel_items
from syncing.services.planning import Planned, account_for_unlisted
from syncing.services.settings import config_for
from syncing.shop_mappers import VK_LIMITS, listing_record

Status = SyncJob.Status

# VK is asked again so often, and so long, before the account is opened again for the merchant to repair.
RETRY_AFTER = timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(hours=24)
# Nothing that we could do by ourselves fixes these.
NEEDS_MERCHANT = (OwnError.NO_VK, OwnError.NO_COMMUNITY)
# Items hidden by a closure stay hidden: nobody removes them after 30 days.
NEVER = 36_500
# The email names so many refused products.
NAMES = 5


def begin_closure(user: User, goods: ItemsAfterClosure) -> bool:
    """Begin to hide or remove the merchant's goods in VK; return True if there are none, so all is done.

    Raises ClosingRefused where VK cannot be reached for the merchant.
    """
    connection = VkConnection.objects.claimed().for_user(user).first()
    ours = Listing.objects.for_user(user).perhaps_in_vk()
    if connection is not None and connection.group_id is not None:
        ours = ours.in_community(connection.group_id)
    if not ours.exists():
        return True
    if connection is None or connection.group_id is None or not connection.is_online:
        raise ClosingRefused(
            _(
                "VK is not connected or does not let EvoSync in, so your goods there cannot be touched. "
                "Nothing was deleted. Connect VK again, or choose to leave the goods as they are."
            )
        )
    with transaction.atomic():
        config = config_for(user)
        config.is_enabled = False
        config.save(update_fields=["is_enabled"])
        # A second click changes nothing.
        closure, _made = AccountClosure.objects.get_or_create(
            user=user, defaults={"goods": goods.value, "then": AccountClosure.Then.DELETE}
        )
        if closure.job is None:
            _start(closure, now=clock.now())
    return False


def plan_closure(
    closure: AccountClosure, client: VkClient, *, group_id: int, check: PresenceCheck
) -> Planned:
    """Read VK and plan to hide or remove every item of the merchant's map, and nothing else."""
    user = closure.user
    listings = list(Listing.objects.for_user(user).in_community(group_id))
    expected = [row.vk_item_id for row in listings if row.vk_item_id is not None]
    shop = read_shop(client, group_id, expected=expected, with_categories=False)
    shop = account_for_unlisted(user, shop, check)
    now = clock.now()
    removal = Removal.DELETE if closure.goods == AccountClosure.ItemsAfterClosure.REMOVE else Removal.HIDE
    context = records.SyncContext(
        now=now,
        rules=replace(rules_record(config_for(user)), removal=removal, remove_after_days=NEVER),
        products=(),
        groups=(),
        filters=(),
        listings=tuple(listing_record(row, None, now=now) for row in listings),
        channel_items=channel_items(listings, shop),
        limits=VK_LIMITS,
        source=records.SourceState(complete_stores=frozenset(row.store_evotor_id for row in listings)),
    )
    plan = sync_user(context)
    actions = tuple(replace(action, reason="") for action in plan.actions)
    return Planned(context, shop, replace(plan, actions=actions), rows=listings)


def advance_closure(user_id: int, *, now: datetime) -> bool:
    """Advance a closure whose run has ended; return True if the account is gone.

    Safe to call at any time and twice. ItemsAfterClosure done: the account goes. VK away: another run, later.
    VK closed to us: the account is opened again, since only the merchant can repair that.
    """
    with transaction.atomic():
        closure = AccountClosure.objects.for_user(user_id).select_for_update().first()
        job = closure.job if closure else None
        if closure is None or (job is not None and not job.is_finished):
            return False
        if job is None or job.status == Status.CANCELLED:
            _start(closure, now=now)
        elif job.status in (Status.SUCCESS, Status.PARTIAL) and not job.error_code:
            _delete_account(closure, job)
            return True
        elif now - closure.asked_at > GIVE_UP_AFTER or _is_closed_to_us(closure.user, job):
            _reopen(closure, job)
        else:
            _start(closure, now=now, delay=RETRY_AFTER)
    return False


def _start(closure: AccountClosure, *, now: datetime, delay: timedelta = timedelta(0)) -> None:
    """Give the closure a run of its own; a run that was going on for the till is stopped first.

    Its run is made after the closure was written down, so the worker that claims it knows what it is.
    """
    not_before = now + delay if delay else None
    for _attempt in range(2):
        job, is_new = lifecycle.get_or_create_active(closure.user, SyncJob.Trigger.MANUAL, not_before)
        closure.job = job if is_new else None
        if is_new:
            break
        # A waiting one is gone at once; for one that writes `advance_closures` comes back.
        lifecycle.stop_job(job)
    closure.save(update_fields=["job"])
    if closure.job is not None:
        transaction.on_commit(partial(queue.enqueue, closure.user_id, delay_seconds=delay.total_seconds()))


def _delete_account(closure: AccountClosure, job: SyncJob) -> None:
    """Delete the account and enqueue the email that says so."""
    user = closure.user
    failed = SyncJobItem.objects.of_job(job).failed()
    refused, names = failed.count(), list(failed.values_list("product_name", flat=True)[:NAMES])
    facts = {
        "kind": ClosureResult.DELETED.value,
        "goods": closure.goods,
        "done": _count_done(closure),
        "refused": refused,
        "names": names,
        "more": refused - len(names),
    }
    delete_account(user)
    transaction.on_commit(partial(queue.enqueue_closure_email, user.email, user.language, facts))


def _count_done(closure: AccountClosure) -> int:
    """Count the items that were hidden or removed since the merchant asked for it, in all tries."""
    tries = SyncJob.objects.for_user(closure.user).asked_for_since(closure.asked_at)
    return sum(hidden + removed for hidden, removed in tries.values_list("items_hidden", "items_deleted"))


def _reopen(closure: AccountClosure, job: SyncJob) -> None:
    """Open the account again, with nothing lost, and enqueue the email that says why."""
    user = closure.user
    facts = {"kind": ClosureResult.KEPT.value, "goods": closure.goods, "code": job.error_code}
    closure.delete()
    reopen_account(user)
    transaction.on_commit(partial(queue.enqueue_closure_email, user.email, user.language, facts))


def _is_closed_to_us(user: User, job: SyncJob) -> bool:
    if job.error_code in NEEDS_MERCHANT:
        return True
    connection = VkConnection.objects.claimed().for_user(user).first()
    return connection is None or not connection.is_online


def send_closure_email_to(email: str, language: str, facts: Mapping[str, Any]) -> None:
    """Email the result of an account closure: the account is gone, or could not be closed.

    `facts` hold all that the email says: a deleted account has no rows left.
    """
    result = ClosureResult(facts["kind"])
    with translation.override(language):
        row = lookup(facts["code"]) if facts.get("code") else None
        context = {
            **facts,
            "text": _(row.text) if row else "",
            "next_step": _(row.next_step) if row and row.next_step else "",
            "url": site_url(reverse("connections:index")),
        }
    template = f"syncing/email/account_{result.name.lower()}"
    send_templated_email(email, language=language, template=template, context=context)
