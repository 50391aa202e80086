"""Tags that merchants put on products: put on, taken off, and read for the rules that ask for them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.utils.formats import localize
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product
from evosync.common.batching import chunks
from syncing.core.goods_rules.records import Subject
from syncing.core.records import Rules
from syncing.core.tags import tidy_tag
from syncing.models import LONGEST_TAG, ProductTag

MOST_TAGS = 20
AT_ONCE = 500
Tags = dict[int, tuple[str, ...]]


class BadTag(Exception):
    """The tag was not put on; the message says why and what to do."""


def tag_products(user: User, products: Collection[Product], tag: str) -> int:
    """Put a tag on the merchant's own among these products; return how many did not have it.

    Raises BadTag for an empty or too long one, and where a product has as many as it can.
    """
    name = clean_tag(tag)
    mine = [product for product in products if product.user_id == user.pk]
    tagged = 0
    for some in chunks(mine, AT_ONCE):
        have: dict[int, set[str]] = defaultdict(set)
        for pk, known in ProductTag.objects.on(some).values_list("product_id", "name"):
            have[pk].add(known)
        fresh = [product for product in some if name not in have[product.pk]]
        if full := next((one for one in fresh if len(have[one.pk]) >= MOST_TAGS), None):
            raise BadTag(
                _("“%(product)s” has %(most)s tags already. Take one off first.")
                % {"product": full.name, "most": localize(MOST_TAGS)}
            )
        made = [ProductTag(user=user, product=product, name=name) for product in fresh]
        ProductTag.objects.bulk_create(made, ignore_conflicts=True)
        tagged += len(made)
    return tagged


def untag_products(user: User, products: Collection[Product], tag: str) -> int:
    """Take a tag off the merchant's own among these products; return how many had it."""
    name = " ".join(tag.split()).casefold()
    found = 0
    for some in chunks(list(products), AT_ONCE):
        found += ProductTag.objects.for_user(user).on(some).named(name).delete()[0]
    return found


def set_tags(user: User, wanted: Mapping[int, Collection[str]]) -> None:
    """Let the merchant's own among these products, given by row id, have exactly these tags."""
    now = tags_of(user, wanted)
    mine = set(now)
    gone = [(pk, name) for pk in mine for name in now[pk] if name not in wanted[pk]]
    for some in chunks(gone, AT_ONCE):
        by_name: dict[str, list[int]] = defaultdict(list)
        for pk, name in some:
            by_name[name].append(pk)
        for name, pks in by_name.items():
            ProductTag.objects.for_user(user).named(name).on_rows(pks).delete()
    fresh = [
        ProductTag(user=user, product_id=pk, name=name)
        for pk in sorted(mine)
        for name in sorted(wanted[pk])
        if name not in now[pk]
    ]
    ProductTag.objects.bulk_create(fresh, batch_size=AT_ONCE, ignore_conflicts=True)


def tags_of(user: User, products: Iterable[int]) -> Tags:
    """Return the tags of the merchant's own among these products, given by row id; () for one without."""
    found: Tags = {}
    for some in chunks(sorted(products), AT_ONCE):
        found |= dict.fromkeys(Product.objects.for_user(user).with_ids(some).values_list("pk", flat=True), ())
        for pk, name in ProductTag.objects.for_user(user).on_rows(some).values_list("product_id", "name"):
            found[pk] = (*found[pk], name)
    return found


def clean_tag(tag: str) -> str:
    """Return a tag as it is kept: in small letters, without needless spaces. Raises BadTag."""
    name = tidy_tag(tag)
    if not name:
        raise BadTag(_("Write the tag: a word or two, such as “gift”."))
    if len(name) > LONGEST_TAG:
        raise BadTag(
            _("The tag is too long. Keep it under %(most)s letters.") % {"most": localize(LONGEST_TAG)}
        )
    return name


def tags_for(user: User, rules: Rules, only: Iterable[Product] | None = None) -> Tags:
    """Return the tags by product, of all or of `only` these; none where no rule asks for a tag."""
    if not any(line.subject is Subject.TAG for rule in rules.goods_rules for line in rule.conditions):
        return {}
    return tags_by_product(user, only)


def tags_by_product(user: User, only: Iterable[Product] | None = None) -> Tags:
    """Return the tags by product, of all or of `only` these."""
    rows = ProductTag.objects.for_user(user)
    if only is not None:
        rows = rows.on(only)
    found: dict[int, list[str]] = defaultdict(list)
    for pk, name in rows.order_by("name").values_list("product_id", "name"):
        found[pk].append(name)
    return {pk: tuple(names) for pk, names in found.items()}
