"""The merchant decides about goods that VK may not take: a name, a brand or a group at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product, ProductGroup
from evosync.common import clock
from syncing import mappers
from syncing.choices import RestrictedScope, RestrictedVerdict
from syncing.core.group_tree import GroupTree, with_left_groups
from syncing.core.records import SourceGroup, SourceProduct
from syncing.core.restricted_goods.classifier import classify, undecided
from syncing.core.restricted_goods.decisions import Decisions, key_of
from syncing.core.restricted_goods.verdicts import Basis, Kind, Restriction, Verdict, unsure
from syncing.models import RestrictedDecision
from syncing.services.forbidden_words import restricted_goods_label
from syncing.services.lost_marks import waiting_for_decision
from syncing.services.settings import lock_config


class CannotDecide(Exception):
    """The decision was not kept; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What can be decided about a product: the verdict without decisions, and a text for each scope."""

    verdict: Verdict
    # The till's own type or mark, which no decision overrules.
    marked: Verdict | None
    texts: dict[RestrictedScope, str]

    @property
    def is_certain(self) -> bool:
        """Return True where a decision to sell must be confirmed."""
        return self.verdict.kind is Kind.FORBIDDEN


def subject_of(
    product: Product,
    path: Sequence[SourceGroup] | None = None,
    *,
    description: str | None = None,
    has_lost_mark: bool | None = None,
) -> Subject | None:
    """Return what can be decided about a product, or None for ordinary goods.

    A caller who has read its groups gives them from the root down; one who has not read the description
    gives another, for it decides nothing. `has_lost_mark` says whether the product waits because the till may
    have lost its mark; None where the caller does not know.
    """
    source = mappers.product_record(product, product.store.evotor_id, description=description)
    path = _groups(product) if path is None else path
    source, names = with_left_groups(source, path), [group.name for group in path]
    plain = classify(source, names, Decisions())
    verdict, name = undecided(source, names), product.name
    marked = plain if plain.basis in {Basis.TYPE, Basis.FLAG} else _marks(source)
    if verdict.is_allowed and marked is None:
        if plain.kind is Kind.UNSURE:
            # Only the merchant's own title is doubtful.
            verdict, name = plain, product.own_title
        elif _waits_for_its_mark(product) if has_lost_mark is None else has_lost_mark:
            verdict = unsure(Restriction.OTHER, Basis.LOST_MARK, "")
            return Subject(verdict, None, {RestrictedScope.NAME: name})
        else:
            return None
    texts = {RestrictedScope.NAME: name}
    if verdict.basis is Basis.BRAND:
        texts[RestrictedScope.BRAND] = verdict.evidence
    if verdict.basis in {Basis.GROUP, Basis.LEFT_GROUP}:
        texts[RestrictedScope.GROUP] = verdict.evidence
    elif names and verdict.kind is Kind.UNSURE:
        texts[RestrictedScope.GROUP] = names[-1]
    return Subject(verdict, marked, texts)


def _waits_for_its_mark(product: Product) -> bool:
    return product.pk in waiting_for_decision(product.user_id)


def decide(product: Product, *, scope: str, verdict: str, confirmed: bool = False) -> RestrictedDecision:
    """Keep the merchant's decision about the product's name, brand or group; a later one replaces it.

    Raises CannotDecide for ordinary goods, for what the till itself marks, and for goods that are
    certainly forbidden while the merchant has not confirmed that they are something else.
    """
    subject = subject_of(product)
    if subject is None or scope not in subject.texts:
        raise CannotDecide(_("There is nothing to decide about this product now."))
    may_sell = verdict == RestrictedVerdict.ALLOWED
    if may_sell and subject.marked is not None:
        raise CannotDecide(
            _(
                "In Evotor this product has the type or mark of goods that VK forbids, so it cannot be sold. "
                "If that is wrong, correct it in Evotor."
            )
        )
    if may_sell and subject.is_certain and not confirmed:
        raise CannotDecide(
            _("EvoSync takes it for %(goods)s. Confirm first that it is something else.")
            % {"goods": restricted_goods_label(str(subject.verdict.restriction))}
        )
    text, overrules = subject.texts[RestrictedScope(scope)], may_sell and subject.is_certain
    return _keep(product.user, RestrictedScope(scope), text, verdict=verdict, overrules=overrules)


def allow_words(user: User, text: str) -> None:
    """Keep the merchant's word that a title of their own, of which EvoSync is unsure, may be sold."""
    _keep(user, RestrictedScope.NAME, text, verdict=RestrictedVerdict.ALLOWED, overrules=False)


def _keep(
    user: User, scope: RestrictedScope, text: str, *, verdict: str, overrules: bool
) -> RestrictedDecision:
    """Write one decision down, while no other about the same words is written."""
    values = {
        "label": text[:255],
        "verdict": verdict,
        "overrules": overrules,
        "decided_at": clock.now(),
    }
    with transaction.atomic():
        lock_config(user)
        decision, _created = RestrictedDecision.objects.update_or_create(
            user=user, scope=scope, key=key_of(text), defaults=values
        )
    return decision


def undo(user: User, pk: int) -> bool:
    """Delete a decision, so that the question comes back; return False where there is none."""
    with transaction.atomic():
        lock_config(user)
        deleted, _rows = RestrictedDecision.objects.for_user(user).filter(pk=pk).delete()
    return bool(deleted)


def decision_about(product: Product, subject: Subject) -> RestrictedDecision | None:
    """Return the decision that stands for the product: of its name, else its brand, else its group."""
    keys = {(scope, key_of(text)) for scope, text in subject.texts.items()}
    rows = RestrictedDecision.objects.for_user(product.user_id).in_order()
    found = {row.scope: row for row in rows if (row.scope, row.key) in keys}
    return next((found[scope] for scope in RestrictedScope.values if scope in found), None)


def _marks(source: SourceProduct) -> Verdict | None:
    """Return the verdict of the till's flags, which stands behind whatever is decided by name."""
    plain = classify(
        SourceProduct(source.key, "", is_excisable=source.is_excisable, is_age_limited=source.is_age_limited),
        (),
        Decisions(),
    )
    return None if plain.is_allowed else plain


def _groups(product: Product) -> tuple[SourceGroup, ...]:
    rows = ProductGroup.objects.for_user(product.user_id).present().in_stores([product.store])
    tree = GroupTree([mappers.group_record(row, product.store.evotor_id) for row in rows])
    return tree.path(product.store.evotor_id, product.group_evotor_id)
