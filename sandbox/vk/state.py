"""The VK stand-in's memory: communities with shops, people, tokens, photos, the call log.

Ids come from counters and times from one clock, so equal calls give equal answers. Every method
takes the lock; code that changes the records directly holds `lock` itself.
"""

import copy
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sandbox.faults import VK_KINDS, Fault, FaultPlan
from sandbox.numbers import Numbers
from sandbox.vk.merchant import MerchantActions
from sandbox.vk.records import (
    ADMINISTRATOR,
    PRODUCT_PHOTOS,
    Album,
    CallRecord,
    Community,
    Doubts,
    Item,
    Limits,
    Person,
    Photo,
    Token,
    TokenKind,
)

ALL_SCOPES = frozenset({"market", "photos", "groups"})
FIRST_GROUP = 218_000_001
FIRST_USER = 700_000_001


def watch_nothing(_method: str) -> None:
    """Let a write pass: nobody looks at what it made."""


class VkState(MerchantActions):
    """Everything that VK knows, with what the merchant can do there by hand.

    `requests` counts API requests (an `execute` is one), `uploads` uploaded files, `address` is the
    stand-in's own.
    """

    def __init__(self, *, limits: Limits | None = None, clock: Callable[[], float] = time.time) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.limits = limits or Limits()
        self.doubts = Doubts()
        # Field → what this VK gives back in place of what it was sent.
        self.reshape: dict[str, Callable[[Any], Any]] = {}
        self.faults = FaultPlan(VK_KINDS)
        self.people: dict[int, Person] = {}
        self.tokens: dict[str, Token] = {}
        self.communities: dict[int, Community] = {}
        self.photos: dict[int, Photo] = {}
        self.calls: list[CallRecord] = []
        self.warnings: list[str] = []
        self.requests = 0
        self.uploads = 0
        self.address = ""
        # Called with a method's name after each write that took effect, to check what was ever visible.
        self.watch: Callable[[str], None] = watch_nothing
        self._frozen: dict[int, Community] = {}
        # The shops as they were before each write that some reading does not show yet.
        self._before: deque[tuple[float, dict[int, Community]]] = deque()
        self._used_today: Counter[tuple[int, str, str]] = Counter()
        self._recent: dict[str, deque[float]] = {}
        self._item_ids = Numbers(7_940_001)
        self._photo_ids = Numbers(457_239_001)
        self._token_numbers = Numbers(1)
        self._numbers = Numbers(1)
        self.user_id = self.add_person("Мария", "Чайная").id
        self.group_id = self.add_community("Чайная лавка", "tea_shop", {self.user_id: ADMINISTRATOR}).id
        self.token = self.add_token().value

    @property
    def merchant(self) -> MerchantActions:
        """Return this memory with only what the merchant can do on VK's own pages."""
        return self

    # -- seeding ---------------------------------------------------------------------------------

    def add_person(self, first_name: str, last_name: str) -> Person:
        """Add a VK user."""
        with self.lock:
            person = Person(FIRST_USER + len(self.people), first_name, last_name)
            self.people[person.id] = person
            return person

    def add_community(self, name: str, screen_name: str, roles: Mapping[int, int]) -> Community:
        """Add a community; `roles` maps a user to their admin level (1 moderator to 3 administrator)."""
        with self.lock:
            community = Community(FIRST_GROUP + len(self.communities), name, screen_name, dict(roles))
            self.communities[community.id] = community
            return community

    def add_token(
        self,
        *,
        kind: TokenKind = "user",
        user_id: int | None = None,
        scope: Iterable[str] = ALL_SCOPES,
        lives: float | None = None,
        group_id: int | None = None,
    ) -> Token:
        """Issue an access token; `lives` is its life in seconds, None for a perpetual one.

        A "group" one is of `group_id`, by default the first community.
        """
        with self.lock:
            number = next(self._token_numbers)
            expires_at = None if lives is None else self.clock() + lives
            token = Token(
                f"vk2.a.sandbox-{kind}-{number:04d}",
                kind,
                user_id or self.user_id,
                frozenset(scope),
                expires_at,
                group_id=(group_id or self.group_id) if kind == "group" else 0,
            )
            self.tokens[token.value] = token
            return token

    # -- what tests and the demo read ------------------------------------------------------------

    @property
    def community(self) -> Community:
        """The first community, which most tests mean."""
        return self.communities[self.group_id]

    @property
    def items(self) -> dict[int, Item]:
        """The first community's items by id, deleted ones included."""
        return self.community.items

    @property
    def albums(self) -> dict[int, Album]:
        """The first community's albums by id."""
        return self.community.albums

    def live_items(self, group_id: int | None = None) -> list[Item]:
        """Return the items that are not deleted, in the shop's order."""
        with self.lock:
            community = self.communities[group_id or self.group_id]
            return [community.items[item_id] for item_id in community.order]

    def counts(self) -> Counter[str]:
        """Return how many calls each method had, inner ones under their own names."""
        with self.lock:
            return Counter(call.method for call in self.calls)

    def forget_calls(self) -> None:
        """Empty the call log and its counters."""
        with self.lock:
            self.calls.clear()
            self.warnings.clear()
            self.requests = self.uploads = 0

    def fault(
        self, kind: str, *, nth: int = 1, times: int = 1, method: str | None = None, **more: Any
    ) -> Fault:
        """Plan a fault; the kinds and the other keywords are those of `faults.Fault`."""
        return self.faults.add(Fault(kind, method, nth, times, **more))

    def freeze_lists(self) -> None:
        """Let `market.get` show the shops as they are now, whatever is written: VK's lists may lag behind."""
        with self.lock:
            self._frozen = copy.deepcopy(self.communities)

    def thaw_lists(self) -> None:
        """Let `market.get` show what is there again."""
        with self.lock:
            self._frozen = {}

    # -- what the methods use --------------------------------------------------------------------

    def log(
        self, method: str, params: dict[str, str], *, inner: bool, error: int | None, broken: bool = False
    ) -> None:
        """Append to the call log. `params` must come without the token."""
        with self.lock:
            self.calls.append(CallRecord(method, params, inner, self.clock(), error, broken))

    def too_fast(self, token: str) -> bool:
        """Count a request of this token; return True if it is over the limit of the last second."""
        if not self.limits.per_second:
            return False
        with self.lock:
            now = time.monotonic()
            recent = self._recent.setdefault(token, deque())
            while recent and now - recent[0] >= 1.0:
                recent.popleft()
            if len(recent) >= self.limits.per_second:
                return True
            recent.append(now)
            return False

    def next_item_id(self) -> int:
        """Return a fresh item id; ids grow over the whole installation."""
        return next(self._item_ids)

    def as_listed(self, community: Community) -> Community:
        """Return the community as lists show it."""
        return self._frozen.get(community.id) or self._lagging(community, self.limits.list_lag)

    def as_found(self, community: Community) -> Community:
        """Return the community as readings by id show it."""
        return self._lagging(community, self.limits.by_id_lag)

    def before_write(self) -> None:
        """Keep the shops for the readings that lag behind."""
        longest = max(self.limits.list_lag, self.limits.by_id_lag)
        now = self.clock()
        while self._before and self._before[0][0] <= now - longest:
            self._before.popleft()
        if longest:
            self._before.append((now, copy.deepcopy(self.communities)))

    def _lagging(self, community: Community, lag: float) -> Community:
        shown_at = self.clock() - lag
        for written_at, shops in self._before:
            if lag and written_at > shown_at:
                return shops.get(community.id, community)
        return community

    def used_up(self, token: str, method: str) -> bool:
        """Count a call of this method; return True if it is over the token's limit of the day."""
        most = self.limits.daily.get(method)
        if most is None:
            return False
        use = (int(self.clock() // 86_400), token, method)
        self._used_today[use] += 1
        return self._used_today[use] > most

    def next_number(self) -> int:
        """Return a fresh id of a property, a property's value, a group of variants or an order."""
        return next(self._numbers)

    def add_photo(
        self,
        community: Community,
        user_id: int,
        width: int,
        height: int,
        *,
        sha: str,
        album_id: int = PRODUCT_PHOTOS,
    ) -> Photo:
        """Save a picture of a community and return it."""
        number, now = next(self._photo_ids), int(self.clock())
        photo = Photo(number, -community.id, user_id, width, height, sha, now, album_id=album_id)
        self.photos[photo.id] = photo
        return photo

    def add_item(self, community: Community, item: Item) -> None:
        """Put an item first in its shop and give it its photos."""
        community.items[item.id] = item
        community.order.insert(0, item.id)
        self.claim_photos(item)

    def claim_photos(self, item: Item) -> None:
        """Tie the item's photos to it for ever."""
        for photo_id in (item.main_photo_id, *item.photo_ids):
            self.photos[photo_id].item_id = item.id
