"""What a merchant of the soak does in EvoSync itself: rules, words, tags, many goods at once, undo.

At the end they take it all back, and then VK has to be what the till alone makes of it.
"""

import random
from collections.abc import Callable
from typing import Any

RULES: tuple[tuple[list[dict[str, str]], list[dict[str, str]]], ...] = (
    ([], [{"kind": "percent", "value": "10"}]),
    ([{"subject": "group", "comparison": "is", "value": "Посуда"}], [{"kind": "percent", "value": "-90"}]),
    ([], [{"kind": "hide_at", "value": "2"}, {"kind": "few_left", "value": "4"}]),
    ([], [{"kind": "keep_back", "value": "1"}, {"kind": "show_at_most", "value": "5"}]),
    ([{"subject": "name", "comparison": "contains", "value": "7"}], [{"kind": "exclude", "value": ""}]),
    ([{"subject": "price", "comparison": "above", "value": "300"}], [{"kind": "album", "value": "Дорогое"}]),
    (
        [{"subject": "tag", "comparison": "is", "value": "подарок"}],
        [{"kind": "title_prefix", "value": "Подарок:"}],
    ),
    ([], [{"kind": "percent", "value": "-20"}, {"kind": "old_price", "value": ""}]),
)
ANSWERS = ("approved", "accepted", "refused")


class Choices:
    """One merchant's work in EvoSync, by chance."""

    def __init__(self, user: Any, chance: random.Random) -> None:
        self.user, self.chance = user, chance

    def make(self) -> None:
        """Do one thing."""
        kinds: tuple[Callable[[], object], ...] = (
            self.write_rule,
            self.drop_rule,
            self.leave_out,
            self.put_in,
            self.take_back_last,
            self.give_words,
            self.tag,
            self.undo_last_run,
            self.undo_one_product,
            self.answer_prices,
        )
        self.chance.choices(kinds, (4, 3, 3, 3, 2, 4, 2, 2, 3, 4))[0]()

    def some(self) -> list[Any]:
        """Return a few products that the till has."""
        from catalog.models import Product

        found = list(Product.objects.for_user(self.user).filter(missing_since=None).order_by("pk"))
        return self.chance.sample(found, min(len(found), self.chance.randint(1, 3)))

    def write_rule(self) -> None:
        """Write one of the rules, for all time."""
        from syncing.models import GoodsRule
        from syncing.services.goods_rules import RuleValues, save_rule

        conditions, actions = self.chance.choice(RULES)
        number = GoodsRule.objects.for_user(self.user).count()
        if number < len(RULES):
            save_rule(self.user, RuleValues(f"Правило {number}", conditions, actions))

    def drop_rule(self) -> None:
        """Delete a rule, or switch it off."""
        from syncing.models import GoodsRule

        rules = list(GoodsRule.objects.for_user(self.user).in_order())
        if not rules:
            return
        rule = self.chance.choice(rules)
        if self.chance.choice((True, False)):
            rule.delete()
        else:
            rule.is_enabled = not rule.is_enabled
            rule.save()

    def _carry_out(self, action: str, **fields: Any) -> None:
        from contextlib import suppress

        from catalog.models import Product
        from syncing.choices import BulkAction
        from syncing.services.bulk.actions import Order, carry_out
        from syncing.services.bulk.records import CannotChange, goods_of

        rows = Product.objects.filter(pk__in=[product.pk for product in self.some()])
        with suppress(CannotChange):
            carry_out(self.user, goods_of(rows), Order(BulkAction(action), **fields))

    def leave_out(self) -> None:
        """Leave goods out of VK."""
        self._carry_out("exclude")

    def put_in(self) -> None:
        """Put goods into VK."""
        self._carry_out("include")

    def take_back_last(self) -> None:
        """Take the last change of many goods back."""
        from syncing.services.bulk.undo import last_change, take_back

        last = last_change(self.user)
        if last is not None:
            take_back(self.user, last.token)

    def give_words(self) -> None:
        """Give a product a title or an album of the merchant's own, or the till's again."""
        from syncing.services.own_words import set_words

        for product in self.some()[:1]:
            number = self.chance.randint(1, 99)
            set_words(
                product,
                self.chance.choice(
                    (
                        {"own_title": f"Чашка с узором {number}"},
                        {"own_album": f"Витрина {number % 3}"},
                        {"own_title": "", "own_album": ""},
                    )
                ),
            )

    def tag(self) -> None:
        """Put a tag on products."""
        from syncing.services.tags import tag_products

        tag_products(self.user, self.some(), "подарок")

    def undo_last_run(self) -> None:
        """Put the goods back as they were before the last run."""
        from syncing.models import SyncJob
        from syncing.services.undo import undo

        job = SyncJob.objects.for_user(self.user).filter(active_key=None).order_by("-pk").first()
        if job is not None:
            undo(job)

    def undo_one_product(self) -> None:
        """Put one product back as it was before one of the last runs."""
        from syncing.models import SyncJob
        from syncing.services.undo import undo

        jobs = list(SyncJob.objects.for_user(self.user).filter(active_key=None).order_by("-pk")[:4])
        if jobs:
            for product in self.some()[:1]:
                undo(self.chance.choice(jobs), product)

    def answer_prices(self) -> None:
        """Answer each price that waits, yes or no."""
        from syncing.services.held_prices import decide, waiting

        for row in waiting(self.user):
            verdict = self.chance.choice(ANSWERS)
            decide(row.product, verdict=verdict, seen=row.new_kopecks)

    def take_all_back(self) -> None:
        """Leave everything to the till again, and say yes to every price."""
        from catalog.models import Product
        from syncing.models import GoodsRule, HeldPrice, ProductTag, SyncConfig, SyncFilter
        from syncing.services.own_words import set_words
        from syncing.services.undo import release

        GoodsRule.objects.for_user(self.user).delete()
        ProductTag.objects.for_user(self.user).delete()
        SyncFilter.objects.filter(sync_config__user=self.user).delete()
        for product in Product.objects.for_user(self.user):
            set_words(product, {"own_title": "", "own_album": "", "own_description": ""})
        release(self.user)
        HeldPrice.objects.for_user(self.user).delete()
        SyncConfig.objects.filter(user=self.user).update(price_hold_percent=None)
