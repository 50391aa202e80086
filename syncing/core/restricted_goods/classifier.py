"""Decides about a product by all that is known of it: the till's type, its name, its group, its flags.

Evotor's type and flags are the law's own words and nobody overrules them. A verdict by name, brand or
group the merchant may overrule, after confirming it; what is unsure they decide with one tap.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from syncing.core.categories import find_family
from syncing.core.garbled_text import is_garbled
from syncing.core.records import SourceProduct
from syncing.core.restricted_goods.decisions import Decision, Decisions, Scope
from syncing.core.restricted_goods.group_names import GroupContents, group_contents
from syncing.core.restricted_goods.head_noun import ordinary_head
from syncing.core.restricted_goods.meanings import Role
from syncing.core.restricted_goods.name_classifier import classify_name, has_brand_of
from syncing.core.restricted_goods.verdicts import (
    ALLOWED,
    Basis,
    Kind,
    Restriction,
    Verdict,
    forbidden,
    unsure,
)

# Part of Evotor's open list of types, first match first; any place in the name counts.
_TYPES = (
    ("TOBACCO", Restriction.TOBACCO),
    ("NICOTINE", Restriction.TOBACCO),
    ("BEER", Restriction.BEER),
    ("ALCOHOL", Restriction.ALCOHOL),
    ("MEDICINE", Restriction.MEDICINE),
    ("PHARMA", Restriction.MEDICINE),
)
# Types of goods that VK takes. Evotor adds types as the law has more goods labelled, and an unknown one may
# be of goods that VK forbids.
_ORDINARY_TYPES = (
    "NORMAL",
    "SERVICE",
    "SHOES",
    "PERFUME",
    "PHOTOS",
    "TYRES",
    "LIGHT_INDUSTRY",
    "DAIRY",
    "WATER",
    "BIKE",
    "FUR",
    "JEWELRY",
    "JUICE",
    "DIETARY_SUPPLEMENTS",
    "CAVIAR",
    "GROCERIES",
)

NO_DECISIONS = Decisions()
# As long as makers' and shops' own barcodes are, as they are scanned or printed.
_BARCODE = re.compile(r"\s*(?:\d\s?){12,14}\s*")
# What liquids and hookah tobacco taste of.
_TASTES = frozenset({Role.FLAVOUR, Role.SWEET, Role.DRINK})


def classify(product: SourceProduct, group_path: Sequence[str], decisions: Decisions) -> Verdict:
    """Return the verdict on a product. `group_path` holds the names of its groups from the root down."""
    if typed := _by_type(product.type):
        return typed
    verdict = undecided(product, group_path)
    path = _decisive_path(product, group_path, verdict)
    verdict = _decided(verdict, product.name, path, decisions)
    if verdict.is_allowed and product.own_title:
        verdict = classify_title(product.own_title, product.name, path, decisions)
    return _by_flags(product) or verdict if verdict.is_allowed else verdict


def undecided(product: SourceProduct, group_path: Sequence[str]) -> Verdict:
    """Return the verdict by name and groups, those included that the till told last.

    What a group forbade is unsure once the till tells no group: that it does not say so is no permission.
    So are goods of an unknown type, where their name does not say that they are ordinary.
    """
    verdict = classify_name_and_group(product.name, group_path)
    if verdict.is_allowed and product.left_groups:
        before = classify_name_and_group(product.name, product.left_groups)
        if before.basis is Basis.GROUP and before.restriction is not None:
            return unsure(before.restriction, Basis.LEFT_GROUP, before.evidence)
    if verdict.is_allowed and not _is_ordinary_type(product.type) and not says_what_it_is(product.name):
        return unsure(Restriction.OTHER, Basis.UNKNOWN_TYPE, product.type)
    return verdict


def says_what_it_is(name: str) -> bool:
    """Return True if a name by itself says that the goods are ordinary ones."""
    return bool(ordinary_head(name) or find_family(name))


def classify_title(
    title: str, name: str, group_path: Sequence[str] = (), decisions: Decisions = NO_DECISIONS
) -> Verdict:
    """Return the verdict on the merchant's own title for goods whose name and groups are allowed.

    What the name says too has been decided with the name. A doubt is settled by a decision about the same
    words, or about these goods, unless that was about goods of another kind.
    """
    verdict = classify_name(title)
    if verdict.is_allowed or classify_name(name) == verdict:
        return ALLOWED
    verdict = _decided(verdict, title, group_path, decisions)
    if verdict.kind is not Kind.UNSURE:
        return verdict
    found = decision_on(name, group_path, decisions)
    if found is None or not found[0].may_sell:
        return verdict
    decided = classify_name_and_group(name, group_path).restriction
    return ALLOWED if decided in {None, verdict.restriction} else verdict


def classify_name_and_group(name: str, group_path: Sequence[str]) -> Verdict:
    """Return the verdict on a name in its groups, without type, flags and decisions."""
    verdict = classify_name(name)
    for group in group_path:
        if verdict.kind is Kind.FORBIDDEN:
            break
        contents, restriction = group_contents(group)
        if restriction:
            verdict = _in_group(verdict, name, group, restriction, is_all=contents is GroupContents.ALL)
    if verdict.is_allowed or (verdict.kind is Kind.UNSURE and is_garbled(name)):
        # What was guessed from a volume beside a word that nobody can read tells nothing.
        return _unreadable(name, group_path) or verdict
    return verdict


def _unreadable(name: str, group_path: Sequence[str]) -> Verdict | None:
    """Return the doubt about goods whose name, or a group that could forbid them, nobody can read.

    A name without letters and digits is none, which `eligibility` refuses. A short number may be an article;
    a barcode in a name's place means that nobody has named the goods.
    """
    if any(map(str.isalnum, name)) and is_garbled(name):
        return unsure(Restriction.OTHER, Basis.UNREADABLE, name)
    if _BARCODE.fullmatch(name) and not any(map(says_what_it_is, group_path)):
        return unsure(Restriction.OTHER, Basis.BARCODE, name)
    group = next(filter(is_garbled, group_path), None)
    if group is None or says_what_it_is(name):
        return None
    return unsure(Restriction.OTHER, Basis.UNREADABLE, group)


def _in_group(verdict: Verdict, name: str, group: str, restriction: Restriction, *, is_all: bool) -> Verdict:
    """Return the verdict on a name in a group that holds forbidden goods, only them or among others."""
    head = ordinary_head(name)
    if head:
        is_taste = restriction is Restriction.TOBACCO and is_all and head <= _TASTES
        return unsure(restriction, Basis.GROUP, group) if is_taste and verdict.is_allowed else verdict
    if is_all:
        return forbidden(restriction, Basis.GROUP, group)
    if verdict.is_allowed and has_brand_of(name, restriction):
        return unsure(restriction, Basis.GROUP, group)
    return verdict


def is_marked(kind: str, *, is_excisable: bool, is_age_limited: bool, allow_to_sell: bool) -> bool:
    """Return True if the till's own type or marks keep goods out of VK."""
    return is_excisable or is_age_limited or not allow_to_sell or _by_type(kind) is not None


def is_restricted_type(kind: str) -> bool:
    """Return True if VK takes no goods of this type in the till."""
    return _by_type(kind) is not None


# A till has a few types and thousands of goods of each.
@lru_cache(maxsize=256)
def _by_type(kind: str) -> Verdict | None:
    plain = kind.upper()
    found = next((restriction for mark, restriction in _TYPES if mark in plain), None)
    return forbidden(found, Basis.TYPE, kind) if found else None


@lru_cache(maxsize=256)
def _is_ordinary_type(kind: str) -> bool:
    plain = kind.strip().upper()
    return not plain or plain.removesuffix("_MARKED") in _ORDINARY_TYPES or _by_type(kind) is not None


def _by_flags(product: SourceProduct) -> Verdict | None:
    if product.is_excisable:
        return forbidden(Restriction.EXCISABLE, Basis.FLAG, "is_excisable")
    if product.is_age_limited:
        return forbidden(Restriction.AGE, Basis.FLAG, "is_age_limited")
    return None


def decision_on(
    name: str, group_path: Sequence[str], decisions: Decisions, verdict: Verdict | None = None
) -> tuple[Decision, str] | None:
    """Return the decision that stands for a product, and the text that it is about; the nearest counts.

    `verdict` is that of name and groups, for a caller who has it.
    """
    if not decisions.by_key:
        return None
    if found := decisions.find(Scope.NAME, name):
        return found, name
    verdict = verdict or classify_name_and_group(name, group_path)
    if verdict.basis is Basis.BRAND and (found := decisions.find(Scope.BRAND, verdict.evidence)):
        return found, verdict.evidence
    if verdict.is_allowed:
        return None
    for group in reversed(group_path):
        if found := decisions.find(Scope.GROUP, group):
            return found, group
    return None


def decision_about(
    product: SourceProduct, group_path: Sequence[str], decisions: Decisions
) -> tuple[Decision, str] | None:
    """Return the decision that stands for a product as `decision_on` does, also by the groups it has left."""
    if not decisions.by_key:
        return None
    verdict = undecided(product, group_path)
    return decision_on(product.name, _decisive_path(product, group_path, verdict), decisions, verdict)


def _decisive_path(product: SourceProduct, group_path: Sequence[str], verdict: Verdict) -> Sequence[str]:
    return product.left_groups if verdict.basis is Basis.LEFT_GROUP else group_path


def _decided(verdict: Verdict, name: str, group_path: Sequence[str], decisions: Decisions) -> Verdict:
    """Return the verdict as the merchant's decision leaves it."""
    found = decision_on(name, group_path, decisions, verdict)
    return _apply(found[0], verdict, name) if found else verdict


def _apply(decision: Decision, verdict: Verdict, name: str) -> Verdict:
    if not decision.may_sell:
        reason = verdict.restriction or Restriction.OTHER
        return verdict if verdict.kind is Kind.FORBIDDEN else forbidden(reason, Basis.DECISION, name)
    if verdict.kind is Kind.FORBIDDEN and not _may_overrule(decision, verdict):
        return verdict
    return ALLOWED


def _may_overrule(decision: Decision, verdict: Verdict) -> bool:
    """Return True if a decision was confirmed against a verdict of this kind.

    A group's decision clears what the group's name alone forbids, never a bottle of vodka in it.
    """
    if not decision.overrules:
        return False
    return decision.scope is not Scope.GROUP or verdict.basis is Basis.GROUP
