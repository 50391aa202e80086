"""The Evotor stand-in's memory: merchants, stores, groups, products, and what happens at the till.

Ids and times are deterministic for equal actions and an equal clock. Product fields are kept under
their V2 names, exactly as given: a field that was never set is absent, None answers null.
"""

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

from sandbox.evotor.records import EvotorCall, EvotorRules, Merchant
from sandbox.evotor.till import NAMESPACE, TillActions
from sandbox.faults import EVOTOR_KINDS, Fault, FaultPlan
from sandbox.numbers import Numbers


class EvotorState(TillActions):
    """Everything that Evotor's cloud knows, with the actions at the till."""

    def __init__(self, *, rules: EvotorRules | None = None, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.lock = threading.RLock()
        self.clock = clock
        self.rules = rules or EvotorRules()
        self.faults = FaultPlan(EVOTOR_KINDS)
        self.merchants: dict[str, Merchant] = {}
        self.calls: list[EvotorCall] = []
        self.warnings: list[str] = []
        self.requests = 0
        self._oauth_tokens: dict[str, tuple[str, float]] = {}
        self._token_numbers = Numbers(1)
        self.user_id = self.add_merchant().user_id

    # -- accounts --------------------------------------------------------------------------------

    def add_merchant(self) -> Merchant:
        """Add an Evotor account with a token of its own."""
        with self.lock:
            merchant = Merchant(f"01-{42 + len(self.merchants):015d}", self._new_token())
            self.merchants[merchant.user_id] = merchant
            return merchant

    @property
    def merchant(self) -> Merchant:
        """The first account, which most tests mean."""
        return self.merchants[self.user_id]

    @property
    def token(self) -> str:
        """The first account's valid token."""
        return self.merchant.token

    def rotate_token(self, user_id: str | None = None) -> str:
        """Issue a new token, as a reinstall does; the old one answers 401."""
        with self.lock:
            merchant = self.merchants[user_id or self.user_id]
            merchant.token = self._new_token()
            return merchant.token

    def revoke_token(self, user_id: str | None = None) -> None:
        """Take the token back: everything answers 401 until `rotate_token`."""
        with self.lock:
            chosen = user_id or self.user_id
            self.merchants[chosen].token = ""
            for token in [one for one, (owner, _) in self._oauth_tokens.items() if owner == chosen]:
                del self._oauth_tokens[token]

    def find_merchant(self, token: str) -> Merchant | None:
        """Return whose token this is."""
        user_id, until = self._oauth_tokens.get(token, ("", 0.0))
        if until > self.clock():
            return self.merchants[user_id]
        return next((one for one in self.merchants.values() if token and one.token == token), None)

    def add_oauth_token(self, token: str, *, lives: float, user_id: str | None = None) -> None:
        """Let an OAuth token open an account for `lives` seconds."""
        with self.lock:
            self._oauth_tokens[token] = (user_id or self.user_id, self.clock() + lives)

    # -- what tests read, and faults -------------------------------------------------------------

    def counts(self) -> Counter[str]:
        """Return how many requests each kind had."""
        with self.lock:
            return Counter(call.method for call in self.calls)

    def forget_calls(self) -> None:
        """Empty the call log."""
        with self.lock:
            self.calls.clear()
            self.warnings.clear()
            self.requests = 0

    def fault(
        self, kind: str, *, nth: int = 1, times: int = 1, method: str | None = None, **more: Any
    ) -> Fault:
        """Plan a fault; the kinds and the other keywords are those of `faults.Fault`."""
        return self.faults.add(Fault(kind, method, nth, times, **more))

    def _new_token(self) -> str:
        return str(uuid.uuid5(NAMESPACE, f"token/{next(self._token_numbers)}"))
