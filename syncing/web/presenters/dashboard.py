"""The first page: accuracy, the last and next jobs, and what needs the merchant's attention."""

from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from accounts.models import User
from catalog.models import Store
from connections.models import EvotorConnection, VkConnection
from connections.presenters import State, VkLogin, operator_trouble, pause_text, vk_login
from evosync.common import clock
from syncing.choices import ComputationKind
from syncing.jobs import computations
from syncing.jobs.due import next_run_of
from syncing.models import HeldPrice, Listing, ShopLimits, SyncConfig, SyncJob, SyncJobItem
from syncing.services.labels import ErrorMessage, error_message, format_share
from syncing.web.presenters.readiness import Readiness, readiness
from syncing.web.presenters.shop_days import ShopDays, shop_days

Status = SyncJob.Status


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How many of the goods in VK agree with the till, as last compared."""

    agree: int
    total: int
    checked_at: datetime | None

    @property
    def percent(self) -> str:
        """The share with one digit, rounded down: 99.96 % is not yet all, and all is 100."""
        return format_share(self.agree, self.total)


@dataclass(frozen=True, slots=True)
class ConnectionStates:
    """The two connections, None while there is none, with what is wrong."""

    evotor: EvotorConnection | None
    vk: VkConnection | None
    evotor_error: ErrorMessage | None
    vk_error: ErrorMessage | None
    vk_login: VkLogin | None
    # Until when a service has asked us to wait, and that in a sentence.
    paused_until: datetime | None = None
    pause: str = ""

    @property
    def are_there(self) -> bool:
        """Whether a till and a community are chosen, online or not."""
        return bool(self.evotor and self.vk and self.vk.group_id)

    @property
    def are_online(self) -> bool:
        """Whether both connections are there and answered when last asked."""
        return bool(self.evotor and self.evotor.is_online and self.vk and self.vk.is_online)


def is_cut_off(user: User) -> bool:
    """Return True where a first run was confirmed and none can begin now: a connection is lost."""
    user = _with_connections(user)
    return _is_cut_off(getattr(user, "sync_config", None), connection_states(user, now=clock.now()))


def _is_cut_off(config: SyncConfig | None, connections: ConnectionStates) -> bool:
    return bool(config and config.confirmed_at) and not connections.are_online


def _with_connections(user: User) -> User:
    return User.objects.select_related("evotor_connection", "vk_connection", "sync_config").get(pk=user.pk)


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All that the first page shows."""

    accuracy: Accuracy
    connections: ConnectionStates
    config: SyncConfig | None
    active: SyncJob | None
    asking: SyncJob | None
    last: SyncJob | None
    items_with_errors: int
    next_run: datetime | None
    days: ShopDays
    partially_read: list[str]
    # Goods that wait for a decision, as last counted.
    undecided: int
    # What keeps the runs waiting, where only the operator can fix it.
    operator_trouble: State | None
    # Store and records, for stores that Evotor sends unreadable records of.
    unreadable: list[tuple[str, str]]
    readiness: Readiness | None = None
    # When a worker counted it, None before.
    readiness_at: datetime | None = None
    # New prices that wait for the merchant's yes.
    held_prices: int = 0

    @property
    def is_cut_off(self) -> bool:
        """Whether there was a run, and VK cannot follow the till now: a connection is lost."""
        return _is_cut_off(self.config, self.connections)

    @property
    def is_first_run_unfinished(self) -> bool:
        """Whether the last run ended before VK had any goods; another one can go on."""
        ended_early = bool(self.last and self.last.status in {Status.CANCELLED, Status.FAILED})
        is_idle = not (self.active or self.asking)
        return (
            ended_early
            and is_idle
            and self._is_on
            and self.connections.are_online
            and not self.accuracy.total
        )

    @property
    def _is_on(self) -> bool:
        return bool(self.config and self.config.is_enabled)

    @property
    def has_no_action_items(self) -> bool:
        """Whether the merchant need do nothing."""
        last_failed = bool(self.last and self.last.status == Status.FAILED)
        stores = self.partially_read or self.unreadable
        waiting = self.asking or self.undecided or self.held_prices
        unfinished = last_failed or self.is_first_run_unfinished
        quiet = not (waiting or self.items_with_errors or unfinished or stores)
        return self.connections.are_online and self._is_on and quiet


def dashboard(user: User, *, now: datetime) -> Dashboard:
    """Return the merchant's first page as of `now`."""
    user = _with_connections(user)
    connections = connection_states(user, now=now)
    config = getattr(user, "sync_config", None)
    jobs = SyncJob.objects.for_user(user)
    community = (connections.vk and connections.vk.group_id) or 0
    asking = jobs.awaiting_approval().newest().first()
    numbers = _count_listings(user, community, asking)
    active = jobs.active().first()
    last = jobs.finished().newest().first()
    stores = list(Store.objects.for_user(user).present().partially_read())
    counted = computations.find(user, ComputationKind.CATALOG)
    ready = readiness(
        user,
        counted,
        community=community,
        in_vk=numbers["live"],
        last=last,
        is_cut_off=_is_cut_off(config, connections),
    )
    return Dashboard(
        accuracy=Accuracy(
            numbers["agree"],
            numbers["total"] + _being_made(active, begun=numbers["creating"]),
            numbers["checked_at"],
        ),
        connections=connections,
        config=config,
        active=active,
        asking=asking,
        last=last,
        undecided=ready.undecided if ready else 0,
        held_prices=HeldPrice.objects.for_user(user).waiting().count(),
        items_with_errors=numbers["items_with_errors"],
        next_run=_next_run(connections, config, now),
        days=shop_days(user, now=now),
        operator_trouble=operator_trouble() if active or (config and config.is_enabled) else None,
        partially_read=[store.name for store in stores if store.proves_absence],
        unreadable=[(store.name, store.problem_detail) for store in stores if not store.proves_absence],
        # Without a till or a community nobody knows which goods are in VK.
        readiness=ready if last and connections.are_there else None,
        readiness_at=counted.computed_at if counted else None,
    )


def _count_listings(user: User, group_id: int, asking: SyncJob | None) -> dict[str, Any]:
    """Count the community's items in two queries: in all, in agreement with the till, begun, failed.

    What a run has found different and may not change before it is `asking` no more does not agree.
    """
    listings = Listing.objects.for_user(user).in_community(group_id)
    # Neither in the till nor in VK: there is no error to repair.
    is_nowhere = Q(vk_item_id=None) & (Q(product=None) | Q(product__missing_since__isnull=False))
    is_begun = Q(state=Listing.State.CREATING, vk_item_id=None)
    is_there = Q(state__in=[Listing.State.LIVE, Listing.State.CREATING, Listing.State.FAILED]) & ~is_begun
    waiting = _goods_of(asking) if asking else []
    found = listings.aggregate(
        total=Count("pk", filter=~is_nowhere & is_there),
        live=Count("pk", filter=Q(state=Listing.State.LIVE)),
        agree=Count(
            "pk",
            filter=Q(
                state=Listing.State.LIVE,
                last_error="",
                last_verified_at__isnull=False,
                # What the till no longer has should not be on sale, though VK's item was right once.
                product__isnull=False,
                product__missing_since__isnull=True,
            )
            & ~Q(product__in=waiting),
        ),
        creating=Count("pk", filter=~is_nowhere & is_begun),
        # As the catalogue lists them, to which the number leads.
        items_with_errors=Count("pk", filter=~Q(last_error="") & ~is_nowhere & Q(product__isnull=False)),
        checked_at=Max("last_verified_at"),
    )
    shop = ShopLimits.objects.of_shop(user, group_id)
    moments = [found["checked_at"], shop and found["total"] and shop.verified_at]
    return found | {"checked_at": max(filter(None, moments), default=None)}


def _goods_of(asking: SyncJob) -> QuerySet[SyncJobItem, Any]:
    planned = SyncJobItem.objects.of_job(asking).planned()
    return planned.filter(product__isnull=False).order_by().values("product")


def _being_made(active: SyncJob | None, *, begun: int) -> int:
    """Return how many items the run under way makes; most of them have no row in the map yet.

    Without a run there are none: one that was stopped or has failed may not have made what it began.
    """
    return max(begun, SyncJobItem.objects.of_job(active).planned().creations().count()) if active else 0


def connection_states(user: User, *, now: datetime) -> ConnectionStates:
    """Return both connections of a user who was just read, with their troubles in words."""
    evotor: EvotorConnection | None = getattr(user, "evotor_connection", None)
    vk: VkConnection | None = getattr(user, "vk_connection", None)
    pauses = [
        (row.paused_until, row) for row in (evotor, vk) if row and row.is_paused(now) and row.paused_until
    ]
    until, paused = max(pauses, key=itemgetter(0), default=(None, None))
    return ConnectionStates(
        evotor,
        vk,
        _connection_error(evotor),
        _connection_error(vk),
        vk_login(vk),
        paused_until=until,
        pause=pause_text(paused) if paused else "",
    )


def _connection_error(connection: EvotorConnection | VkConnection | None) -> ErrorMessage | None:
    return error_message(connection.last_error) if connection and not connection.is_online else None


def _next_run(connections: ConnectionStates, config: SyncConfig | None, now: datetime) -> datetime | None:
    """Return when the next scheduled run begins, None while it is switched off or a connection offline."""
    if not (config and config.is_enabled and config.confirmed_at and connections.are_online):
        return None
    planned = next_run_of(config, now=now)
    return max(planned, connections.paused_until or planned)
