"""The filters against their truth table, and against a plain reading of the rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncing.core.choices import EntityType, FilterMode
from syncing.core.filters import FilterSet
from syncing.core.records import Filter, GroupKey, ProductKey, SourceGroup, SourceProduct

STORE, GROUP, PRODUCT = EntityType.STORE, EntityType.GROUP, EntityType.PRODUCT
INCLUDE, EXCLUDE = FilterMode.INCLUDE, FilterMode.EXCLUDE
# root ─ drinks ─ tea ─ green; the same in both stores, as shops copy their tills.
PARENTS = {"drinks": "", "tea": "drinks", "green": "tea", "bread": ""}
GROUPS = [
    SourceGroup(GroupKey(store, name), name, parent) for store in "AB" for name, parent in PARENTS.items()
]


def product(group: str = "", store: str = "A", number: str = "p") -> SourceProduct:
    return SourceProduct(ProductKey(store, number), "Чай", group_id=group)


def only(entity: EntityType, *ids: str) -> list[Filter]:
    return [Filter(entity, entity_id, INCLUDE) for entity_id in ids]


def but(entity: EntityType, *ids: str) -> list[Filter]:
    return [Filter(entity, entity_id, EXCLUDE) for entity_id in ids]


TRUTH_TABLE = [
    # filters, group of the product, verdict
    ([], "", None),
    ([], "tea", None),
    (only(STORE, "A"), "tea", None),
    (only(STORE, "B"), "tea", "filter_store"),
    (but(STORE, "A"), "tea", "filter_store"),
    (but(STORE, "B"), "tea", None),
    (only(STORE, "B") + but(STORE, "C"), "tea", "filter_store"),
    (only(STORE, "A") + but(STORE, "C"), "tea", None),
    (only(PRODUCT, "p"), "tea", None),
    (only(PRODUCT, "other"), "tea", "filter_product"),
    (but(PRODUCT, "p"), "tea", "filter_product"),
    (but(PRODUCT, "other"), "tea", None),
    (only(PRODUCT, "other") + but(PRODUCT, "another"), "tea", "filter_product"),
    (only(GROUP, "tea"), "tea", None),
    (only(GROUP, "tea"), "drinks", "filter_group"),
    (only(GROUP, "drinks"), "green", None),
    (only(GROUP, "bread"), "green", "filter_group"),
    (but(GROUP, "drinks"), "green", "filter_group"),
    (but(GROUP, "bread"), "green", None),
    (only(GROUP, "drinks") + but(GROUP, "tea"), "green", "filter_group"),
    (only(GROUP, "drinks") + but(GROUP, "tea"), "drinks", None),
    (but(GROUP, "drinks") + only(GROUP, "tea"), "green", None),
    (but(GROUP, "drinks") + only(GROUP, "tea"), "drinks", "filter_group"),
    (but(GROUP, "drinks") + only(GROUP, "tea"), "bread", "filter_group"),
    (only(GROUP, "drinks") + but(GROUP, "tea") + only(GROUP, "green"), "green", None),
    # A product at the root, or in a group that the till does not know.
    (only(GROUP, "tea"), "", "filter_group"),
    (but(GROUP, "tea"), "", None),
    (only(GROUP, "tea"), "unknown", "filter_group"),
    (but(GROUP, "tea"), "unknown", None),
    # A group that was deleted in the till is still named by its goods, and the filter still names it.
    (but(GROUP, "unknown"), "unknown", "filter_group"),
    (only(GROUP, "unknown"), "unknown", None),
    # All three must agree, and the first that does not is named.
    (only(STORE, "A") + only(GROUP, "tea") + only(PRODUCT, "p"), "tea", None),
    (only(PRODUCT, "p") + but(GROUP, "tea"), "tea", "filter_group"),
    (only(PRODUCT, "p") + but(STORE, "A"), "tea", "filter_store"),
    (only(GROUP, "tea") + but(PRODUCT, "p"), "tea", "filter_product"),
    (but(STORE, "A") + but(GROUP, "tea") + but(PRODUCT, "p"), "tea", "filter_store"),
    # One id both ways is out.
    (only(PRODUCT, "p") + but(PRODUCT, "p"), "tea", "filter_product"),
]


@pytest.mark.parametrize(("filters", "group", "verdict"), TRUTH_TABLE)
def test_the_truth_table_holds(filters: list[Filter], group: str, verdict: str | None) -> None:
    assert FilterSet(filters, GROUPS).excluded_by(product(group)) == verdict
    assert FilterSet(reversed(filters), reversed(GROUPS)).excluded_by(product(group)) == verdict


def test_a_group_id_is_meant_in_every_store_that_has_it() -> None:
    filters = FilterSet(only(GROUP, "tea"), GROUPS)

    assert filters.excluded_by(product("green", store="A")) is None
    assert filters.excluded_by(product("green", store="B")) is None


def test_ancestors_are_looked_up_in_the_products_own_store() -> None:
    groups = [
        SourceGroup(GroupKey("A", "tea"), "Чай", "drinks"),
        SourceGroup(GroupKey("B", "tea"), "Чай", ""),
        SourceGroup(GroupKey("A", "drinks"), "Напитки", ""),
    ]
    filters = FilterSet(but(GROUP, "drinks"), groups)

    assert filters.excluded_by(product("tea", store="A")) == "filter_group"
    assert filters.excluded_by(product("tea", store="B")) is None


def test_groups_in_a_circle_end_the_search_and_follow_the_rule_of_the_unlisted() -> None:
    circle = [SourceGroup(GroupKey("A", "one"), "1", "two"), SourceGroup(GroupKey("A", "two"), "2", "one")]

    assert FilterSet(only(GROUP, "bread"), circle).excluded_by(product("one")) == "filter_group"
    assert FilterSet(but(GROUP, "bread"), circle).excluded_by(product("one")) is None
    assert FilterSet(but(GROUP, "two"), circle).excluded_by(product("one")) == "filter_group"


ids = st.sampled_from(["a", "b", "c", "d", "e"])
group_lists = st.lists(
    st.builds(
        SourceGroup,
        st.builds(GroupKey, st.sampled_from("AB"), ids),
        st.just("x"),
        st.one_of(st.just(""), ids),
    ),
    unique_by=lambda group: group.key,
    max_size=8,
)
filter_lists = st.lists(
    st.builds(
        Filter,
        st.sampled_from(EntityType),
        st.one_of(ids, st.sampled_from("AB")),
        st.sampled_from(FilterMode),
    ),
    unique_by=lambda line: (line.entity_type, line.entity_id),
    max_size=7,
)
products = st.builds(
    SourceProduct,
    st.builds(ProductKey, st.sampled_from("AB"), ids),
    st.just("x"),
    group_id=st.one_of(st.just(""), ids, st.just("unknown")),
)


def plain_reading(filters: list[Filter], groups: list[SourceGroup], goods: SourceProduct) -> str | None:
    """Say the verdict as DESIGN words it, with no care for speed."""
    chain = []
    here = goods.group_id
    while here and here not in chain:
        chain.append(here)
        group = next((one for one in groups if one.key == (goods.key.store_id, here)), None)
        here = group.parent_id if group else ""
    asked = [
        ("filter_store", STORE, [goods.key.store_id]),
        ("filter_group", GROUP, chain),
        ("filter_product", PRODUCT, [goods.key.product_id]),
    ]
    for reason, kind, candidates in asked:
        modes = {line.entity_id: line.mode for line in filters if line.entity_type == kind}
        nearest = next((modes[one] for one in candidates if one in modes), None)
        passes = nearest == INCLUDE if nearest else INCLUDE not in modes.values()
        if not passes:
            return reason
    return None


@given(filter_lists, group_lists, products)
def test_any_filters_say_what_a_plain_reading_says(
    filters: list[Filter], groups: list[SourceGroup], goods: SourceProduct
) -> None:
    assert FilterSet(filters, groups).excluded_by(goods) == plain_reading(filters, groups, goods)
