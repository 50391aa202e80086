"""Questions about many rows of the sync, as adjectives that chain."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from accounts.querysets import split_search
from syncing.choices import ItemResult, JobDecision, JobStatus, JobTrigger, ListingState
from syncing.core.choices import ActionKind

if TYPE_CHECKING:
    from accounts.models import User

    # The bases name their models in strings, which the linter does not read.
    from syncing.models import (  # noqa: F401
        AccountClosure,
        Album,
        Feed,
        Listing,
        Notification,
        RestrictedDecision,
        ShopLimits,
        SyncConfig,
        SyncJob,
        SyncJobItem,
    )

NUMBER = re.compile(r"[0-9]{1,18}")
# The two numbers at the end of an item's address in VK.
ITEM = re.compile(r"(?:product)?-?([0-9]{1,18})_([0-9]{1,18})$")


class SyncConfigQuerySet(models.QuerySet["SyncConfig"]):
    """Merchants' rules."""

    def search(self, text: str) -> Self:
        """Filter to those of merchants whose address begins so."""
        return self.filter(user__in=split_search(text)[0] or [])

    def of_user(self, user: "User") -> Self:
        """Filter to one merchant's; there is at most one."""
        return self.filter(user=user)

    def enabled(self) -> Self:
        """Filter to those that the merchant switched on and confirmed."""
        return self.filter(is_enabled=True, confirmed_at__isnull=False, user__is_active=True)

    def ready(self, now: datetime) -> Self:
        """Filter to the enabled ones whose two connections are online and not paused at `now`."""
        ends = self.enabled().filter(
            user__evotor_connection__is_online=True, user__vk_connection__is_online=True
        )
        return ends.exclude(user__vk_connection__paused_until__gt=now)


class RestrictedDecisionQuerySet(models.QuerySet["RestrictedDecision"]):
    """Merchants' decisions on restricted goods."""

    def for_user(self, user: "User | int") -> Self:
        """Filter to one merchant's, given as a user or an id."""
        return self.filter(user=user)

    def in_order(self) -> Self:
        """Order so that equal decisions always come out equal."""
        return self.order_by("scope", "key")

    def newest(self) -> Self:
        """Order from the newest."""
        return self.order_by("-decided_at", "-pk")

    def search(self, text: str) -> Self:
        """Filter to those of merchants whose address begins so."""
        return self.filter(user__in=split_search(text)[0] or [])


class FeedQuerySet(models.QuerySet["Feed"]):
    """Merchants' YML feeds."""

    def search(self, text: str) -> Self:
        """Filter to those of merchants whose address begins so."""
        return self.filter(user__in=split_search(text)[0] or [])

    def for_user(self, user: "User | int") -> Self:
        """Filter to one merchant's, given as a user or an id; there is at most one."""
        return self.filter(user=user)

    def with_token_hash(self, token_hash: str) -> Self:
        """Filter to the one at this address, while its merchant is with us."""
        return self.of_active().filter(token_hash=token_hash)

    def of_active(self) -> Self:
        """Filter to those of merchants who are with us."""
        return self.filter(user__is_active=True)


class AlbumQuerySet(models.QuerySet["Album"]):
    """The albums that we made."""

    def in_shop(self, user: "User", vk_group_id: int) -> Self:
        """Filter to those of one merchant's community."""
        return self.filter(user=user, vk_group_id=vk_group_id)


class ShopLimitsQuerySet(models.QuerySet["ShopLimits"]):
    """What communities turned out to hold."""

    def for_user(self, user: "User") -> Self:
        """Filter to one merchant's."""
        return self.filter(user=user)

    def of_shop(self, user: "User", vk_group_id: int) -> "ShopLimits | None":
        """Return the row of one merchant's community, if a limit of it was ever met."""
        return self.filter(user=user, vk_group_id=vk_group_id).first()


class ListingQuerySet(models.QuerySet["Listing"]):
    """The map from products to VK items."""

    def search(self, text: str) -> Self:
        """Filter to those of a merchant's address, or the one in an item's address: `product-77_501`."""
        users, rest = split_search(text)
        if users is not None:
            return self.filter(user__in=users)
        if found := ITEM.search(rest):
            return self.filter(vk_group_id=int(found[1]), vk_item_id=int(found[2]))
        return self.none()

    def for_user(self, user: "User") -> Self:
        """Filter to one merchant's."""
        return self.filter(user=user)

    def in_community(self, vk_group_id: int) -> Self:
        """Filter to those of one VK community."""
        return self.filter(vk_group_id=vk_group_id)

    def of_product(self, store_id: str, product_id: str) -> "Listing | None":
        """Return the one that stands for a product, by Evotor's ids."""
        return self.filter(store_evotor_id=store_id, product_evotor_id=product_id).first()

    def of_items(self, item_ids: Collection[int]) -> Self:
        """Filter to those of these VK items."""
        return self.filter(vk_item_id__in=item_ids)

    def known_items(self, item_ids: list[int]) -> set[int]:
        """Return those of these VK items that are on somebody's map."""
        return {pk for pk in self.filter(vk_item_id__in=item_ids).values_list("vk_item_id", flat=True) if pk}

    def being_created(self) -> Self:
        """Filter to items that VK was asked to make and has not confirmed."""
        return self.filter(state=ListingState.CREATING)

    def in_vk(self) -> Self:
        """Filter to those that shoppers can see."""
        return self.filter(state=ListingState.LIVE)

    def perhaps_in_vk(self) -> Self:
        """Filter to those that have an item, visible or not, and those whose creation has begun."""
        return self.filter(models.Q(vk_item_id__isnull=False) | models.Q(state=ListingState.CREATING))

    def troubled(self) -> Self:
        """Filter to those whose last step failed."""
        return self.exclude(last_error="")


class SyncJobQuerySet(models.QuerySet["SyncJob"]):
    """Runs."""

    def search(self, text: str) -> Self:
        """Filter to those of a merchant's address, or the one with this number."""
        users, rest = split_search(text)
        if users is not None:
            return self.filter(user__in=users)
        number = rest.removeprefix("#")
        return self.filter(pk=int(number)) if NUMBER.fullmatch(number) else self.none()

    def for_user(self, user: "User") -> Self:
        """Filter to one merchant's."""
        return self.filter(user=user)

    def active(self) -> Self:
        """Filter to the unfinished ones, at most one per merchant."""
        return self.filter(active_key__isnull=False)

    def finished(self) -> Self:
        """Filter to those to which nothing more happens by itself."""
        return self.filter(active_key__isnull=True)

    def asking(self) -> Self:
        """Filter to those whose plan waits for the merchant's decision."""
        return self.filter(status=JobStatus.NEEDS_APPROVAL)

    def dead(self, before: datetime) -> Self:
        """Filter to running ones without a sign of life since `before`."""
        return self.filter(status=JobStatus.RUNNING, heartbeat_at__lt=before)

    def waiting(self, now: datetime) -> Self:
        """Filter to pending ones that may start at `now`."""
        return self.filter(status=JobStatus.PENDING).exclude(not_before__gt=now)

    def untouched(self, since: datetime) -> Self:
        """Filter to those that nobody made, gave back or nudged after `since`."""
        return self.exclude(created_at__gt=since).exclude(heartbeat_at__gt=since)

    def scheduled_since(self, moment: datetime) -> Self:
        """Filter to those that the schedule asked for at `moment` or later."""
        return self.filter(triggered_by=JobTrigger.SCHEDULE, created_at__gte=moment)

    def asked_for_since(self, moment: datetime) -> Self:
        """Filter to those that were asked for at `moment` or later."""
        return self.filter(created_at__gte=moment)

    def newest(self) -> Self:
        """Order from the newest."""
        return self.order_by("-pk")

    def finished_since(self, moment: datetime) -> Self:
        """Filter to those that ended at `moment` or later."""
        return self.finished().filter(finished_at__gte=moment)

    def with_error_code(self) -> Self:
        """Filter to those that an error ended or marred as a whole."""
        return self.exclude(error_code="")

    def with_item_errors(self) -> Self:
        """Filter to those in which VK refused single goods."""
        return self.filter(error_count__gt=0)

    def of_outcome(self, *statuses: str) -> Self:
        """Filter to those in one of these states."""
        return self.filter(status__in=statuses)

    def finished_before(self, before: datetime) -> Self:
        """Filter to those that ended before `before`."""
        return self.finished().filter(finished_at__lt=before)


class SyncJobItemQuerySet(models.QuerySet["SyncJobItem"]):
    """Single products in runs."""

    def search(self, text: str) -> Self:
        """Filter to those of a run's number, of an address's goods by name, or of a product's Evotor id."""
        users, words = split_search(text)
        if users is not None:
            found = self.filter(product__user__in=users)
            return found.filter(product_name__icontains=words) if words else found
        number = words.removeprefix("#")
        if NUMBER.fullmatch(number):
            return self.filter(job=int(number))
        return self.filter(product__evotor_id=words)

    def planned(self) -> Self:
        """Filter to those not yet carried out."""
        return self.filter(result=ItemResult.PLANNED)

    def creations(self) -> Self:
        """Filter to those that make an item."""
        return self.filter(action=ActionKind.CREATE)

    def carried_out_since(self, moment: datetime) -> Self:
        """Filter to those that VK has answered since this moment."""
        return self.exclude(result=ItemResult.PLANNED).filter(updated_at__gte=moment)

    def failed(self) -> Self:
        """Filter to those that VK refused."""
        return self.filter(result=ItemResult.FAILED)

    def newest(self) -> Self:
        """Order from the newest."""
        return self.order_by("-pk")

    def of_job_ids(self, ids: list[int]) -> Self:
        """Filter to those of the runs with these numbers."""
        return self.filter(job__in=ids)

    def of_jobs(self, jobs: models.QuerySet["SyncJob", Any]) -> Self:
        """Filter to those of these runs."""
        return self.filter(job__in=jobs)

    def of_job(self, job: "SyncJob") -> Self:
        """Filter to those of one run, in the order of work."""
        return self.filter(job=job).order_by("pk")

    def of_replaced(self, ids: list[int]) -> Self:
        """Filter to the lists of those of these stopped plans that a newer run has replaced."""
        return self.filter(job__in=ids, job__decision=JobDecision.REPLACED, result=ItemResult.PLANNED)


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Troubles that merchants are told of."""

    def for_user(self, user: "User") -> Self:
        """Filter to one merchant's."""
        return self.filter(user=user)

    def open(self) -> Self:
        """Filter to those whose trouble lasts."""
        return self.filter(open_key__isnull=False)

    def of_trouble(self, *troubles: str) -> Self:
        """Filter to those of these troubles."""
        return self.filter(trouble__in=troubles)

    def told(self) -> Self:
        """Filter to those whose e-mail was sent, the latest first."""
        return self.filter(sent_at__isnull=False).order_by("-sent_at")

    def due(self, now: datetime) -> Self:
        """Filter to those with an e-mail to be sent at `now`: of a trouble that lasts, or of its end."""
        begin = models.Q(open_key__isnull=False, sent_at__isnull=True)
        end = models.Q(open_key__isnull=True, tell_end=True, sent_at__isnull=False, end_sent_at__isnull=True)
        return self.filter(begin | end, not_before__lte=now, user__is_active=True, user__wants_notices=True)

    def closed_before(self, before: datetime) -> Self:
        """Filter to those whose trouble ended before `before`."""
        return self.filter(closed_at__lt=before)


class AccountClosureQuerySet(models.QuerySet["AccountClosure"]):
    """Account closures under way."""

    def for_user(self, user: "User | int") -> Self:
        """Filter to one merchant's, given as a user or an id; there is at most one."""
        return self.filter(user=user)

    def of_job(self, job: "SyncJob") -> Self:
        """Filter to the one that this run serves."""
        return self.filter(job=job)

    def unattended(self) -> Self:
        """Filter to those whose run has ended or is gone."""
        return self.filter(models.Q(job__isnull=True) | models.Q(job__active_key__isnull=True))
