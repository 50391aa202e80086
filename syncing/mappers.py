"""From rows of the till and of the merchant's choices to the core's records; VK's are `shop_mappers`'.

Nothing else knows both.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from catalog import models as rows
from evosync.common import clock
from syncing import models
from syncing.choices import RestrictedVerdict
from syncing.core import choices, records
from syncing.core.goods_rules import records as goods_rules
from syncing.core.group_tree import GroupTree
from syncing.core.last_known import kept_fields
from syncing.core.restricted_goods.decisions import Decision, Decisions, Scope


def product_record(
    row: rows.Product,
    store_id: str,
    photo_keys: tuple[str, ...] = (),
    *,
    description: str | None = None,
    store_seen_at: datetime | None = None,
    tags: tuple[str, ...] = (),
) -> records.SourceProduct:
    """Return the core's view of a product row; `store_id` is Evotor's id of its store.

    A caller who has not read the description gives another; one who asks when goods were last seen gives
    the store's `goods_seen_at`.
    """
    return records.SourceProduct(
        key=records.ProductKey(store_id, row.evotor_id),
        name=row.name,
        price=row.price,
        quantity=row.quantity,
        measure=row.measure_name,
        article=row.article_number,
        code=row.code,
        barcodes=tuple(row.barcodes),
        description=row.description if description is None else description,
        allow_to_sell=row.allow_to_sell,
        type=row.product_type,
        is_excisable=row.is_excisable,
        is_age_limited=row.is_age_limited,
        group_id=row.group_evotor_id,
        kept_fields=kept_fields(row.untold_fields),
        left_groups=tuple(row.left_groups or ()),
        photo_keys=photo_keys,
        cost=row.cost_price,
        own_title=row.own_title,
        own_description=row.own_description,
        own_album=row.own_album,
        tags=tags,
        since=row.present_since,
        seen_at=row.last_seen(store_seen_at),
        unmarked_at=row.unmarked_at,
        unmarked_type=row.unmarked_type,
    )


def group_record(
    row: rows.ProductGroup, store_id: str, *, store_seen_at: datetime | None = None
) -> records.SourceGroup:
    """Return the core's view of a group row; `store_seen_at` as for a product."""
    return records.SourceGroup(
        records.GroupKey(store_id, row.evotor_id),
        row.name,
        row.parent_evotor_id,
        is_listed=row.unlisted_since is None and row.missing_since is None,
        since=row.present_since,
        seen_at=row.last_seen(store_seen_at),
        left_groups=tuple(row.left_groups or ()),
    )


def store_record(row: rows.Store) -> records.SourceStore:
    """Return the core's view of a store row."""
    return records.SourceStore(
        row.evotor_id, row.name, row.missing_since is None, row.present_since, row.fetched_at
    )


def filter_record(row: models.SyncFilter) -> records.Filter:
    """Return the core's view of a filter row."""
    return records.Filter(
        choices.EntityType(row.entity_type),
        row.entity_id,
        choices.FilterMode(row.filter_mode),
        row.follows,
        row.answered_at,
    )


def decisions_record(rows: Iterable[models.RestrictedDecision]) -> Decisions:
    """Return the core's view of the merchant's decisions on restricted goods."""
    return Decisions.of(
        Decision(
            Scope(row.scope),
            row.key,
            may_sell=row.verdict == RestrictedVerdict.ALLOWED,
            overrules=row.overrules,
        )
        for row in rows
    )


def goods_rule_record(row: models.GoodsRule) -> goods_rules.GoodsRule:
    """Return the core's view of a rule for goods."""
    return goods_rules.GoodsRule(
        id=row.pk,
        name=row.name,
        conditions=tuple(
            goods_rules.Condition(
                goods_rules.Subject(each["subject"]),
                goods_rules.Comparison(each["comparison"]),
                each["value"],
            )
            for each in row.conditions
        ),
        actions=_actions(row),
    )


def _actions(row: models.GoodsRule) -> tuple[goods_rules.RuleAction, ...]:
    """Return a rule's actions; a promotion crosses out the price before it, unless it says otherwise."""
    actions = tuple(
        goods_rules.RuleAction(goods_rules.RuleActionKind(each["kind"]), each["value"])
        for each in row.actions
    )
    kinds = {action.kind for action in actions}
    is_promotion = row.ends_at is not None and bool(kinds & goods_rules.PRICE_ACTIONS)
    if is_promotion and goods_rules.RuleActionKind.OLD_PRICE not in kinds:
        return (*actions, goods_rules.RuleAction(goods_rules.RuleActionKind.OLD_PRICE))
    return actions


def rules_record(
    config: models.SyncConfig, *, has_goods_rules: bool = True, has_decisions: bool = True
) -> records.Rules:
    """Return the core's view of the merchant's rules and decisions.

    A caller who knows that there are no rules for goods, or no decisions, says so.
    """
    decided, ruled = models.RestrictedDecision.objects.all(), models.GoodsRule.objects.all()
    decisions = decided.for_user(config.user_id).in_order() if has_decisions else decided.none()
    rules = ruled.for_user(config.user_id) if has_goods_rules else ruled.none()
    now = clock.now()
    timed = [
        (goods_rules.TimedRule(goods_rule_record(row), row.starts_at, row.ends_at), row.has_ended(now))
        for row in rules.begun(now).in_order()
    ]
    return records.Rules(
        markup_percent=config.markup_percent,
        rounding=choices.Rounding(config.rounding),
        out_of_stock=choices.OutOfStock(config.out_of_stock),
        sentence_case=config.sentence_case,
        write_out_shortenings=config.write_out_shortenings,
        description_template=config.description_template,
        card_style=choices.CardStyle(config.card_style),
        default_category_id=config.default_category_id or 0,
        category_by_group={key: int(value) for key, value in config.category_by_group.items()},
        category_by_product={key: int(value) for key, value in (config.category_by_product or {}).items()},
        guessed_by_group={key: int(value) for key, value in (config.guessed_by_group or {}).items()},
        template_by_group=dict(config.template_by_group or {}),
        album_by_group=dict(config.album_by_group or {}),
        albums=choices.Albums(config.albums),
        album_template=config.album_template,
        removal=choices.Removal(config.removal),
        stores=choices.Stores(config.stores),
        store_order=tuple(config.store_order),
        legal_filter=config.legal_filter,
        goods_rules=tuple(one.rule for one, has_ended in timed if not has_ended),
        timed_rules=tuple(one for one, _has_ended in timed),
        decisions=decisions_record(decisions),
        brake_items=config.brake_items,
        brake_percent=config.brake_percent,
        price_hold_percent=config.price_hold_percent,
    )


class PhotoKeys:
    """The merchant's own pictures, looked up by product, then by the nearest group above, then the default.

    `stores` maps a store's row id to its Evotor id.
    """

    def __init__(
        self,
        photos: Iterable[rows.ProductPhoto],
        groups: Iterable[records.SourceGroup],
        stores: Mapping[int, str],
    ) -> None:
        self._by_product: dict[int, list[str]] = defaultdict(list)
        self._by_group: dict[records.GroupKey, list[str]] = defaultdict(list)
        self._default: list[str] = []
        self._tree, self._stores = GroupTree(groups), stores
        for photo in photos:
            if photo.product_id:
                self._by_product[photo.product_id].append(photo.content_hash)
            elif photo.group:
                key = records.GroupKey(stores[photo.group.store_id], photo.group.evotor_id)
                self._by_group[key].append(photo.content_hash)
            else:
                self._default.append(photo.content_hash)

    def of(self, row: rows.Product) -> tuple[str, ...]:
        """Return the content hashes of the pictures for this product, best first."""
        if own := self._by_product.get(row.pk):
            return tuple(own)
        if self._by_group:
            path = self._tree.path(self._stores[row.store_id], row.group_evotor_id)
            for group in reversed(path):
                if shared := self._by_group.get(group.key):
                    return tuple(shared)
        return tuple(self._default)
