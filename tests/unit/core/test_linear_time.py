"""Every function that takes text is given 80,000 characters of each adversarial kind; none takes the square.

Steps are counted where Python takes them. What the regular expressions' engine does cannot be counted from
outside; there the growth of the processor time with eight times the text is compared with the growth of a
plain reading's. No seconds are asserted.
"""

import contextlib
import functools
import importlib
import inspect
import pkgutil
import time
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

import pytest

import syncing.core
from evosync.common.phones import InvalidPhone, normalise_phone
from evosync.common.telemetry.logging import scrub
from evosync.common.text import normalize_for_search
from syncing.core import (
    descriptions,
    eligibility,
    group_choices,
    identity,
    item_builder,
    kept_forms,
    records,
    truncation,
)
from syncing.core.amounts import is_unit, write_units
from syncing.core.brands import is_namelike, may_begin_name, spell_names
from syncing.core.categories import find_family
from syncing.core.category_search import find_categories, propose_categories, suggest_categories
from syncing.core.characters import legible, to_cp1251, unescape, vk_length, weight
from syncing.core.diff import album_key
from syncing.core.distinct_titles import is_other_name, tell_apart, tell_from
from syncing.core.drawn_pictures import style_of
from syncing.core.feed import avito, links, yml
from syncing.core.feed.reader_files import model_of
from syncing.core.garbled_text import is_garbled, names_nothing, read_in_koi8
from syncing.core.goods_rules.matching import normalized
from syncing.core.goods_rules.records import NOTHING, Decision, FewLeft
from syncing.core.own_titles import refuse_title
from syncing.core.preflight.marks import has_mark
from syncing.core.quotes import pair_quotes
from syncing.core.restricted_goods import (
    classifier,
    decisions,
    drink_words,
    head_noun,
    name_classifier,
    name_parser,
    spelling,
    telling_words,
    vocabulary,
)
from syncing.core.restricted_goods.group_names import group_contents
from syncing.core.restricted_goods.meant_words import small_bases
from syncing.core.restricted_goods.verdicts import Restriction
from syncing.core.rule_words import classify_text, refuse_text, refuse_words
from syncing.core.sentence_case import to_sentence_case
from syncing.core.shop_numbers import without_pack_count, without_shop_numbers
from syncing.core.shortenings import write_out
from syncing.core.shown_stock import Before
from syncing.core.sku_stamp import find_stamp, typed_stamps
from syncing.core.store_merge import merge_by_barcode
from syncing.core.tables import cells
from syncing.core.tables.columns import column_of
from syncing.core.tags import read_tags, tidy_tag
from syncing.core.template_faults import lone_brace, unknown_words
from syncing.core.titles import clean_line, product_title, tidy_name, tidy_title
from tests.unit.core.steps import SLACK, count_steps

# What takes the square of so much takes seconds; more would only be slower to read.
LENGTH = 80_000
TIMES = 8
# Above the growth of a plain reading; what takes the square of a text grows eight times as much.
ROOM = 3.0
ATTEMPTS = 4
# Below this the clock's own steps would decide, and so much text so read harms nobody.
SHORT_SECONDS = 0.00125
KINDS: Mapping[str, str] = {
    "spaces": " ",
    "combining marks": "\u0301",
    "one letter": "А",
    "digits": "7",
    "digit groups": "1 000 000 ",
    "brackets": "([",
    "quotes": "\"'«»",
    "hyphens": "а-",
    "entities": "&amp;",
    "nested entities": "amp;",
    "tags": "<b ",
    "newlines": "\n",
    "zero width": "\u200b",
    "addresses": "a.ru@",
    "shortenings": "в/с Б ",
    "mixed": 'Ёж «1/2" & <b>м</b> 1 000-№5 с/м ',
}
# What else these functions give meaning to.
MORE_KINDS: Mapping[str, tuple[str, ...]] = {
    "restricted_goods.name_classifier.classify_name": (
        *("водка ", "(", "+а", "д/", "для ", "0а", "-аа", "L & M ", "винстон-", '"«', "№1", "бонд "),
    ),
    "titles.tidy_title": (
        *"\"'(«»/& \\😀\ud83d",
        *("1/72 ", "*1736 ", "[1a] ", '1"', "1Г", "x1", "КР.", "/аа/ ", "123456 "),
    ),
}
RULES = records.Rules()
RULED = Decision(
    title_prefix="Акция", title_suffix="свежее", add_text="Звоните.", few_left=FewLeft(3, "Мало.")
)
LIMITS = records.ChannelLimits(
    items=15_000,
    albums=100,
    items_per_album=1000,
    title_weight=100,
    album_title_weight=128,
    sku_length=50,
    stock=100_000,
)


def make(kind: str, length: int) -> str:
    """Return so much text of a kind, which stands for itself where it has no name."""
    unit = KINDS.get(kind, kind)
    text = (unit * (length // len(unit) + 1))[:length]
    return f"&{text}" if kind == "nested entities" else text


def kinds_for(name: str) -> Iterator[str]:
    """Yield the kinds of text that a function is given."""
    yield from KINDS
    yield from MORE_KINDS.get(name, ())


def product(text: str) -> records.SourceProduct:
    """Return a product all of whose texts are this one."""
    return records.SourceProduct(
        records.ProductKey("s", "p"),
        text,
        price=Decimal(100),
        quantity=Decimal(1),
        measure=text,
        article=text,
        code=text,
        barcodes=(text,),
        description=text,
    )


def _tell_apart(text: str) -> None:
    first, second = product(text), product(f"{text} я")
    second = records.SourceProduct(records.ProductKey("s", "q"), f"{text} я", price=Decimal(1))
    tell_apart([first, second], {first.key: "Чай", second.key: "Чай"}, RULES, LIMITS)


def _normalise_phone(text: str) -> None:
    with contextlib.suppress(InvalidPhone):
        normalise_phone(text)


def _parse_more(text: str) -> None:
    with contextlib.suppress(avito.InvalidLine):
        avito.parse_more(text)


def _parse_pattern(text: str) -> None:
    with contextlib.suppress(links.InvalidLinkPattern):
        links.parse_pattern(text)


SHELVES = (records.Category(1, ("Продукты", "Хлеб")),)
CALLS: Mapping[str, Callable[[str], object]] = {
    "amounts.is_unit": is_unit,
    "amounts.write_units": write_units,
    "brands.is_namelike": is_namelike,
    "brands.may_begin_name": inspect.unwrap(may_begin_name),
    "brands.spell_names": lambda text: spell_names(text.split()),
    "categories.find_family": find_family,
    "category_search.find_categories": lambda text: find_categories(text, SHELVES),
    "category_search.propose_categories": lambda text: propose_categories(text, SHELVES),
    "category_search.suggest_categories": lambda text: suggest_categories(text, SHELVES),
    "characters.legible": legible,
    "characters.to_cp1251": to_cp1251,
    "characters.unescape": unescape,
    "characters.vk_length": vk_length,
    "garbled_text.is_garbled": is_garbled,
    "garbled_text.names_nothing": names_nothing,
    "garbled_text.read_in_koi8": lambda text: list(read_in_koi8(text)),
    "descriptions.without_last_lines": descriptions.without_last_lines,
    "descriptions.describe": lambda text: descriptions.describe(
        product(text), title=text[:100], price=100, group_path=(text,), rules=RULES
    ),
    "descriptions.fill": lambda text: descriptions.fill(text, {"name": text[:100]}),
    "descriptions.plain_text": descriptions.plain_text,
    "descriptions.shorten": lambda text: descriptions.shorten(text, 3000),
    "descriptions.says_other_unit": lambda text: descriptions.says_other_unit(text, f"{text}\nЦена за 1 кг."),
    "descriptions.unit_of": descriptions.unit_of,
    "descriptions.validate_template": descriptions.validate_template,
    "diff.album_key": album_key,
    "distinct_titles.is_other_name": lambda text: is_other_name(text, f"{text} 2", name=text),
    "distinct_titles.tell_apart": _tell_apart,
    "rule_words.classify_text": classify_text,
    "rule_words.refuse_text": lambda text: refuse_text(text, text),
    "rule_words.refuse_words": lambda text: refuse_words(product(text), NOTHING, text),
    "distinct_titles.tell_from": lambda text: tell_from(
        text, product(text), lambda title: title == text, LIMITS.title_weight
    ),
    "eligibility.exclusion_reason": lambda text: eligibility.exclusion_reason(
        product(text), (text,), RULES, LIMITS
    ),
    "identity.are_alike": lambda text: identity.are_alike(text, f"{text}я"),
    "identity.global_barcodes": lambda text: identity.global_barcodes(product(text)),
    "identity.is_global": identity.is_global,
    "identity.name_stems": identity.name_stems,
    "identity.plain_name": identity.plain_name,
    "identity.shop_codes": lambda text: identity.shop_codes(product(text)),
    "group_choices.is_album_title": group_choices.is_album_title,
    "group_choices.validate_album_template": group_choices.validate_album_template,
    "item_builder.build_item": lambda text: item_builder.build_item(
        product(text),
        group_path=(text,),
        rules=RULES,
        limits=LIMITS,
        stamp="ES",
        album="",
        category_id=1,
        title="Чай",
    ),
    "item_builder.sku_of": lambda text: item_builder.sku_of(product(text), "ES", LIMITS),
    "item_builder.with_texts": lambda text: item_builder.with_texts(
        text, RULED, Before(description=text), left=1, limits=LIMITS
    ),
    "item_builder.with_title_parts": lambda text: item_builder.with_title_parts(text, RULED, LIMITS),
    "item_builder.visible_article": lambda text: item_builder.visible_article(product(text)),
    "kept_forms.is_same": lambda text: kept_forms.is_same(text, f"{text} я"),
    "kept_forms.read_back": lambda text: kept_forms.read_back("description", text, text[:-1], None),
    "quotes.pair_quotes": pair_quotes,
    "restricted_goods.classifier.classify": lambda text: classifier.classify(
        product(text), (text,), decisions.Decisions()
    ),
    "restricted_goods.classifier.classify_name_and_group": lambda text: classifier.classify_name_and_group(
        text, (text,)
    ),
    "restricted_goods.classifier.is_marked": lambda text: classifier.is_marked(
        text, is_excisable=False, is_age_limited=False, allow_to_sell=True
    ),
    "restricted_goods.classifier.classify_title": lambda text: classifier.classify_title(text, text),
    "restricted_goods.classifier.decision_on": lambda text: classifier.decision_on(
        text, (text,), decisions.Decisions()
    ),
    "restricted_goods.decisions.key_of": decisions.key_of,
    "restricted_goods.classifier.is_restricted_type": classifier.is_restricted_type,
    "restricted_goods.classifier.says_what_it_is": classifier.says_what_it_is,
    "restricted_goods.group_names.group_contents": group_contents,
    "restricted_goods.meant_words.small_bases": lambda text: list(small_bases(text)),
    "restricted_goods.name_classifier.classify_name": name_classifier.classify_name,
    "restricted_goods.head_noun.ordinary_head": head_noun.ordinary_head,
    "restricted_goods.name_parser.is_suspicious": lambda text: name_parser.is_suspicious(
        spelling.tokens(text)
    ),
    "restricted_goods.name_parser.parse_name": name_parser.parse_name,
    "restricted_goods.spelling.cyrillic_homoglyphs": spelling.cyrillic_homoglyphs,
    "restricted_goods.spelling.is_cyrillic": spelling.is_cyrillic,
    "restricted_goods.spelling.is_one_edit": lambda text: spelling.is_one_edit(text, f"{text}я"),
    "restricted_goods.spelling.other_readings": lambda text: list(spelling.other_readings(text)),
    "restricted_goods.spelling.sound_key": spelling.sound_key,
    "restricted_goods.spelling.tokens": spelling.tokens,
    "restricted_goods.telling_words.may_tell": telling_words.may_tell,
    "restricted_goods.vocabulary.brand_written_apart": lambda text: vocabulary.brand_written_apart(
        text, text
    ),
    "restricted_goods.vocabulary.look_up": vocabulary.look_up,
    "restricted_goods.vocabulary.misspelt_pair": lambda text: vocabulary.misspelt_pair(text, text),
    "restricted_goods.drink_words.is_water_or_sausage": drink_words.is_water_or_sausage,
    "sentence_case.to_sentence_case": to_sentence_case,
    "shop_numbers.without_pack_count": without_pack_count,
    "shop_numbers.without_shop_numbers": lambda text: without_shop_numbers(text, ("12345",)),
    "shortenings.write_out": write_out,
    "sku_stamp.find_stamp": find_stamp,
    "sku_stamp.typed_stamps": lambda text: typed_stamps([text]),
    "store_merge.merge_by_barcode": lambda text: merge_by_barcode([product(text)], RULES),
    "template_faults.lone_brace": lone_brace,
    "template_faults.unknown_words": lambda text: unknown_words(text, ("name",)),
    "titles.clean_line": lambda text: clean_line(text, sentence_case=True, own_numbers=("12345",)),
    "titles.product_title": lambda text: product_title(product(text), RULES, LIMITS),
    "titles.tidy_name": lambda text: inspect.unwrap(tidy_name)(text, sentence_case=True, longest=100),
    "titles.tidy_title": lambda text: inspect.unwrap(tidy_title)(
        text, sentence_case=True, longest=100, written_out=True
    ),
    "truncation.cut": lambda text: truncation.cut(text, 3000, lambda _char: 1),
    "truncation.cut by weight": lambda text: truncation.cut(text, 100, weight),
    "drawn_pictures.style_of": style_of,
    "feed.avito.parse_more": _parse_more,
    "feed.links.fields_of": links.fields_of,
    "feed.links.parse_pattern": _parse_pattern,
    "feed.links.site_of": links.site_of,
    "feed.reader_files.model_of": lambda text: model_of(text, text[:100]),
    "feed.yml.is_barcode": yml.is_barcode,
    "feed.yml.text": yml.text,
    "goods_rules.matching.normalized": inspect.unwrap(normalized),
    "preflight.marks.has_mark": has_mark,
    "restricted_goods.name_classifier.has_brand_of": lambda text: name_classifier.has_brand_of(
        text, Restriction.BEER
    ),
    "restricted_goods.vocabulary.begins_brand": inspect.unwrap(vocabulary.begins_brand),
    "restricted_goods.vocabulary.sizes_of_brands": inspect.unwrap(vocabulary.sizes_of_brands),
    "own_titles.refuse_title": lambda text: refuse_title(text, text, longest=100, legal_filter=True),
    "tables.cells.answer_of": cells.answer_of,
    "tables.cells.error_of": cells.error_of,
    "tables.cells.guarded": cells.guarded,
    "tables.cells.has_lost_letters": lambda text: cells.has_lost_letters(f"{text}?", f"{text}→"),
    "tables.cells.is_error": cells.is_error,
    "tables.cells.is_same_truth": lambda text: cells.is_same_truth(text, text),
    "tables.cells.is_scientific": cells.is_scientific,
    "tables.cells.is_same_number": lambda text: cells.is_same_number(text, f"{text}0"),
    "tables.cells.number_of": cells.number_of,
    "tables.cells.one_line": cells.one_line,
    "tables.cells.plain": cells.plain,
    "tables.cells.unguarded": cells.unguarded,
    "tables.columns.column_of": column_of,
    "tags.read_tags": read_tags,
    "tags.tidy_tag": tidy_tag,
    "evosync.normalise_phone": _normalise_phone,
    "evosync.normalize_for_search": normalize_for_search,
    "evosync.scrub": scrub,
}
# Why the others need no proof.
EXEMPT = {
    "albums.may_enter": "compares two keys",
    "diff.album_change": "compares titles of albums; album_key is listed",
    "diff.difference": "compares fields; read_back and album_key are listed",
    "feed.links.link_for": "its pattern was bounded by parse_pattern()",
    "characters.weight": "takes one character",
    "eligibility.gettext_noop": "returns it",
    "planner.renames_the_same": "compares the ends of two fingerprints",
    "restricted_goods.spelling.one_letter_less": "its words are cut by tokens(); its answer is their square",
    "restricted_goods.verdicts.forbidden": "keeps it",
    "restricted_goods.verdicts.unsure": "keeps it",
    "tables.cells.is_date": "looks at one character",
    "tables.cells.says_by_rules": "asks answer_of()",
    "tables.writing.table_rows": "takes a language",
    "undone.stays_in_vk": "takes the code of a reason",
    "undone.stays_shown": "takes the code of a reason",
}


def functions_of_the_core() -> Iterator[str]:
    """Yield the name of every public function of the core with a parameter of text."""
    for module in pkgutil.walk_packages(syncing.core.__path__, "syncing.core."):
        for name, found in vars(importlib.import_module(module.name)).items():
            function = inspect.unwrap(found) if callable(found) else None
            if name.startswith("_") or not inspect.isfunction(function) or function.__module__ != module.name:
                continue
            if any(one.annotation is str for one in inspect.signature(function).parameters.values()):
                yield f"{module.name.removeprefix('syncing.core.')}.{name}"


def processor_time(call: Callable[[str], object], text: str) -> float:
    """Return this thread's processor time for one call."""
    before = time.thread_time()
    call(text)
    return time.thread_time() - before


def growth(call: Callable[[str], object], kind: str) -> float:
    """Return how many times longer a text takes that is TIMES as long; 0 where it is too short to tell."""
    long = processor_time(call, make(kind, LENGTH))
    if long < SHORT_SECONDS:
        return 0.0
    short = make(kind, LENGTH // TIMES)
    return long / max(min(processor_time(call, short) for _time in range(2)), 1e-6)


@functools.cache
def growth_of_a_plain_reading(kind: str) -> float:
    """Return the growth where every character is looked at once."""
    return max(growth(lambda text: sum(map(str.isspace, text)), kind), TIMES)


def min_growth(call: Callable[[str], object], kind: str) -> float:
    """Return the growth; where it looks large, the least of several, for a busy machine only adds to it."""
    found = growth(call, kind)
    for _attempt in range(ATTEMPTS):
        if found <= ROOM * growth_of_a_plain_reading(kind):
            break
        found = min(found, growth(call, kind))
    return found


def test_every_function_of_the_core_that_takes_text_is_named_here() -> None:
    assert set(functions_of_the_core()) - EXEMPT.keys() - CALLS.keys() == set()


@pytest.mark.parametrize("name", CALLS)
def test_twice_the_text_takes_at_most_twice_the_steps(name: str) -> None:
    call = CALLS[name]
    too_many = {}
    for kind in kinds_for(name):
        # What is loaded or cached at the first call is no part of the text.
        count_steps(call, make(kind, 1000))
        once, twice = (count_steps(call, make(kind, length)) for length in (4_000, 8_000))
        if twice > 2.2 * once + SLACK:
            too_many[kind] = (once, twice)
    assert too_many == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", CALLS)
def test_much_text_takes_no_more_than_a_plain_reading_would_grow(name: str) -> None:
    call = CALLS[name]
    too_long = {}
    for kind in kinds_for(name):
        found = min_growth(call, kind)
        if found > ROOM * growth_of_a_plain_reading(kind):
            too_long[kind] = round(found, 1)
    assert too_long == {}
