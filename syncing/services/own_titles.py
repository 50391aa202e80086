"""Checks a merchant's own titles against VK's rules and against what the merchant has decided."""

from functools import cached_property

from accounts.models import User
from catalog.models import ProductGroup, Store
from syncing import mappers
from syncing.core.group_tree import GroupTree
from syncing.core.own_titles import TitleProblem, TitleRefusal, refuse_title
from syncing.core.restricted_goods.decisions import Decisions
from syncing.models import RestrictedDecision
from syncing.services.settings import rules_of
from syncing.shop_mappers import VK_LIMITS

LONGEST = VK_LIMITS.title_weight
_JUDGED = frozenset({TitleProblem.FORBIDDEN, TitleProblem.UNSURE})


class TitleChecker:
    """Checks titles. Decisions and groups are read when the first title asks for them."""

    def __init__(self, user: User) -> None:
        self._user = user
        self._legal_filter = rules_of(user).legal_filter

    def refuse(self, text: str, name: str, *, store_id: str, group_id: str) -> TitleRefusal | None:
        """Return why goods of this name in this group of the till cannot have the title, None if they can."""
        refusal = refuse_title(text, name, longest=LONGEST, legal_filter=self._legal_filter)
        if refusal is None or refusal.problem not in _JUDGED or not self._decisions.by_key:
            return refusal
        path = tuple(group.name for group in self._tree.path(store_id, group_id))
        return refuse_title(
            text,
            name,
            longest=LONGEST,
            legal_filter=self._legal_filter,
            group_path=path,
            decisions=self._decisions,
        )

    @cached_property
    def _decisions(self) -> Decisions:
        return mappers.decisions_record(RestrictedDecision.objects.for_user(self._user).in_order())

    @cached_property
    def _tree(self) -> GroupTree:
        stores = dict(Store.objects.for_user(self._user).values_list("pk", "evotor_id"))
        groups = ProductGroup.objects.for_user(self._user).present()
        return GroupTree([mappers.group_record(row, stores[row.store_id]) for row in groups])
