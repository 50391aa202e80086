"""Which new values of a table cannot be taken: VK's rules for titles, templates, categories, decisions."""

from collections.abc import Mapping

from accounts.models import User
from catalog.models import Product
from syncing.core.category_search import find_categories
from syncing.core.descriptions import validate_template
from syncing.core.group_choices import is_album_title
from syncing.core.own_titles import TitleProblem
from syncing.core.rule_words import refuse_text
from syncing.core.tables.columns import Column
from syncing.core.tables.comparing import Check
from syncing.core.tables.records import BadCell, LineProblem, TableGoods
from syncing.core.tags import read_tags
from syncing.models import LONGEST_TAG
from syncing.services import own_titles
from syncing.services.bulk.decisions import unsure_goods
from syncing.services.bulk.records import Goods
from syncing.services.categories import known_categories
from syncing.services.own_words import LONGEST_ALBUM, LONGEST_TEXT
from syncing.services.settings import rules_of
from syncing.services.tags import MOST_TAGS

LONGEST_TITLE = 200
# A search looks through all of VK's categories; more names that differ are no table of goods.
MOST_SEARCHES = 300
MOST_NAMED = 3


def checks_for(user: User) -> Mapping[Column, Check]:
    """Return the checks of a merchant's new values."""
    legal_filter = rules_of(user).legal_filter
    return {
        Column.CATEGORY: _Categories(),
        Column.ALBUM: _check_album,
        Column.TITLE: _Titles(user),
        Column.DESCRIPTION: _Texts(legal_filter=legal_filter),
        Column.DECISION: _Decisions(user),
        Column.TAGS: _check_tags,
    }


class _Categories:
    """Finds VK's category by its number, its path or words that only one has."""

    def __init__(self) -> None:
        self._known = known_categories()
        self._ids = {str(category.id) for category in self._known}
        self._found: dict[str, str | BadCell] = {
            str(category): str(category.id) for category in reversed(self._known)
        }
        self._searches = 0

    def __call__(self, goods: TableGoods, text: str) -> str:
        if text in self._ids:
            return text
        if not self._known:
            raise BadCell(LineProblem.CATEGORIES_UNREAD)
        if text not in self._found:
            self._found[text] = self._search(text)
        found = self._found[text]
        if isinstance(found, BadCell):
            raise BadCell(found.problem, found.detail)
        return found

    def _search(self, text: str) -> str | BadCell:
        self._searches += 1
        found = find_categories(text, self._known) if self._searches <= MOST_SEARCHES else []
        if not found:
            return BadCell(LineProblem.CATEGORY_UNKNOWN, text[:100])
        if len(found) == 1:
            return str(found[0].id)
        return BadCell(LineProblem.CATEGORY_UNCLEAR, "; ".join(map(str, found[:MOST_NAMED])))


class _Titles:
    def __init__(self, user: User) -> None:
        self._checker = own_titles.TitleChecker(user)

    def __call__(self, goods: TableGoods, text: str) -> str:
        if len(text) > LONGEST_TITLE:
            raise BadCell(LineProblem.TITLE_LONG, f"{len(text)}/{own_titles.LONGEST}")
        refusal = self._checker.refuse(text, goods.name, store_id=goods.store_id, group_id=goods.group_id)
        if refusal is None:
            return text
        if refusal.problem is TitleProblem.SHORT:
            raise BadCell(LineProblem.TITLE_SHORT)
        if refusal.verdict is None:
            raise BadCell(LineProblem.TITLE_LONG, f"{refusal.length}/{own_titles.LONGEST}")
        if refusal.problem is TitleProblem.UNSURE:
            kind, word = refusal.verdict.restriction, refusal.verdict.evidence
            raise BadCell(LineProblem.TITLE_UNSURE, f"{kind}:{word}")
        raise BadCell(LineProblem.TITLE_FORBIDDEN, refusal.verdict.evidence)


class _Texts:
    def __init__(self, *, legal_filter: bool) -> None:
        self._legal_filter = legal_filter

    def __call__(self, goods: TableGoods, text: str) -> str:
        if len(text) > LONGEST_TEXT:
            raise BadCell(LineProblem.TOO_LONG, f"{len(text)}/{LONGEST_TEXT}")
        if faults := validate_template(text):
            raise BadCell(LineProblem.TEMPLATE, f"{faults[0].sentence}\n{faults[0].word}")
        if self._legal_filter and (verdict := refuse_text(text, goods.name)):
            raise BadCell(LineProblem.TEXT_FORBIDDEN, verdict.evidence)
        return text


def _check_album(goods: TableGoods, text: str) -> str:
    if len(text) > LONGEST_ALBUM:
        raise BadCell(LineProblem.TOO_LONG, f"{len(text)}/{LONGEST_ALBUM}")
    if not is_album_title(text):
        raise BadCell(LineProblem.ALBUM_EMPTY)
    return text


def _check_tags(goods: TableGoods, text: str) -> str:
    tags = read_tags(text)
    longest = max(map(len, tags), default=0)
    if longest > LONGEST_TAG:
        raise BadCell(LineProblem.TOO_LONG, f"{longest}/{LONGEST_TAG}")
    if len(tags) > MOST_TAGS:
        raise BadCell(LineProblem.TOO_MANY_TAGS, f"{len(tags)}/{MOST_TAGS}")
    return text


class _Decisions:
    """Lets goods be decided about that EvoSync is unsure of. What is sure is confirmed on its own page."""

    def __init__(self, user: User) -> None:
        self._user = user
        self._unsure: set[str] | None = None

    def __call__(self, goods: TableGoods, text: str) -> str:
        if goods.name not in self._names():
            raise BadCell(LineProblem.NOT_UNSURE)
        return text

    def _names(self) -> set[str]:
        """Return the names that are unsure, found when the first decision asks for them."""
        if self._unsure is None:
            rows = Product.objects.for_user(self._user).present().values_list("pk", "evotor_id", "name")
            goods = [Goods(pk, evotor_id, name, "") for pk, evotor_id, name in rows]
            self._unsure = {one.name for one in unsure_goods(self._user, goods)}
        return self._unsure
