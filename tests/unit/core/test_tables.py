"""Goods as a table: files of any spelling are read, lines compared, and an export changes nothing."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncing.core.tables import cells, comparing, parts
from syncing.core.tables.columns import HEADERS, Column, column_letters, find_layout
from syncing.core.tables.comparing import Comparer, layout_of
from syncing.core.tables.records import BadCell, Comparison, LineKind, LineProblem, TableGoods
from syncing.core.tables.texts import (
    LONGEST_CELL,
    MOST_CELLS,
    MOST_CHARACTERS,
    MOST_ROWS,
    Bounds,
    FileProblem,
    UnreadableTable,
    read_text,
)
from syncing.core.tables.writing import csv_pieces, table_rows
from syncing.core.tags import read_tags, tidy_tag, written_tags

TEA = TableGoods(
    1,
    "tea-1",
    "Чай чёрный",
    code="0012",
    article="Ч-1",
    barcodes=("4600000000017", "0012345678905"),
    price="99.50",
)
CUP = TableGoods(2, "cup-2", "Кружка", code="13", barcodes=("4600000000024",), store="Лавка", store_id="s1")
CUP_TOO = replace(CUP, pk=3, store="Киоск", store_id="s2")
GOODS = (TEA, CUP)
CATEGORIES = {"7": "Продукты → Чай", "8": "Дом → Посуда"}
BY_NAME = {name: key for key, name in CATEGORIES.items()}


def category(goods: TableGoods, text: str) -> str:
    if text in CATEGORIES:
        return text
    if text not in BY_NAME:
        raise BadCell(LineProblem.CATEGORY_UNKNOWN, text)
    return BY_NAME[text]


def compare(
    rows: Sequence[Sequence[str]], goods: Sequence[TableGoods] = GOODS, *, is_list: bool = False
) -> Comparison:
    comparer = Comparer(goods, checks={Column.CATEGORY: category}, is_list=is_list)
    return comparer.compare(rows, layout_of(rows))


def changes(*rows: Sequence[str], goods: Sequence[TableGoods] = GOODS) -> list[dict[str, tuple[str, str]]]:
    found = compare(rows, goods).lines
    assert [line.problem for line in found if line.problem] == []
    return [{str(column): change for column, change in line.changes.items()} for line in found]


def problem(*rows: Sequence[str], goods: Sequence[TableGoods] = GOODS) -> LineProblem | None:
    return compare(rows, goods).lines[-1].problem


def file_problem(data: bytes) -> FileProblem:
    with pytest.raises(UnreadableTable) as refused:
        layout_of(read_text(data))
    return refused.value.problem


def exported(goods: Sequence[TableGoods], language: str = "ru") -> list[list[str]]:
    return list(table_rows(goods, language=language, category_names=CATEGORIES))


TABLE = [
    ["ID товара", "Своё название", "Своё описание"],
    ["tea-1", 'Чай "Утро"; крепкий', "строка 1\nстрока 2"],
]


def as_csv(delimiter: str = ";", end: str = "\r\n") -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(TABLE)
    return file.getvalue()


@pytest.mark.parametrize(
    "encoding",
    [
        *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"),
        *("cp1251", "cp866", "mac_cyrillic", "koi8_r", "iso8859_5"),
    ],
)
@pytest.mark.parametrize("delimiter", [";", "\t", ",", "|"])
def test_a_file_of_every_encoding_and_delimiter_is_read(encoding: str, delimiter: str) -> None:
    assert read_text(as_csv(delimiter).encode(encoding)) == TABLE


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "mac_cyrillic", "koi8_r", "iso8859_5"])
@pytest.mark.parametrize(
    "titles",
    [
        ("Кружка синяя", "Чай чёрный листовой", "Щётка для одежды"),
        ("КРУЖКА СИНЯЯ", "ЧАЙ ЧЁРНЫЙ ЛИСТОВОЙ", "ЩЁТКА ДЛЯ ОДЕЖДЫ"),
        ("Полка Ikea", "Cola 0,5 л", "Батончик Mars"),
    ],
)
def test_the_words_below_latin_headers_tell_the_encoding(encoding: str, titles: Sequence[str]) -> None:
    rows = [["ID", "Own title"], *([f"p-{number}", title] for number, title in enumerate(titles))]
    text = "\r\n".join(";".join(row) for row in rows)
    assert read_text(text.encode(encoding)) == rows


@pytest.mark.parametrize("sign", ["°", "№", "±", "«5»", "–", "®"])
def test_a_sign_alone_below_latin_headers_is_read_as_windows_writes_it(sign: str) -> None:
    assert read_text(f"ID;Own title\r\na;Lamp 5 {sign}".encode("cp1251"))[1] == ["a", f"Lamp 5 {sign}"]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_every_kind_of_line_end_is_read_and_breaks_in_quotes_stay(end: str) -> None:
    assert read_text(as_csv(end=end).encode()) == TABLE


def test_commas_in_numbers_and_texts_do_not_pass_for_a_delimiter() -> None:
    text = "Код;Цена;Своё название\n12;1 234,50;Чай, крепкий, 100 г\n"
    assert read_text(text.encode("cp1251"))[1] == ["12", "1 234,50", "Чай, крепкий, 100 г"]


def test_a_first_line_that_names_the_delimiter_is_obeyed_and_counts_as_no_row() -> None:
    assert read_text(b"sep=,\r\ncode,title\r\n12,A;B\r\n") == [["code", "title"], ["12", "A;B"]]


def test_a_quotation_mark_that_is_not_closed_is_told_with_its_line() -> None:
    with pytest.raises(UnreadableTable) as refused:
        read_text('Код;Своё название\n12;"Чай\n13;Кружка\n'.encode())
    assert (refused.value.problem, refused.value.detail) == (FileProblem.QUOTES, "3")


def test_a_table_with_too_many_rows_or_too_long_a_cell_is_refused() -> None:
    assert file_problem(b"code;title\n" + b"1;a\n" * MOST_ROWS) is FileProblem.TOO_MANY_ROWS
    assert file_problem(b"code;title\n1;" + b"a" * 40_000) is FileProblem.LONG_CELL
    assert file_problem(b"code;title\n1;" + b"a" * 200_000) is FileProblem.LONG_CELL
    assert file_problem(b"code;title\n" + b";" * 600_001) is FileProblem.TOO_MANY_CELLS


def test_empty_rows_below_a_table_are_none_of_it_and_those_within_count() -> None:
    below = b"code;title\n1;a\n" + b";\n" * (2 * MOST_ROWS)
    assert read_text(below) == [["code", "title"], ["1", "a"]]
    assert read_text(b"code;title\n;\n1;a\n") == [["code", "title"], [], ["1", "a"]]
    assert file_problem(below + b"2;b\n") is FileProblem.TOO_MANY_ROWS


def test_headers_are_known_in_both_languages_in_any_order_below_lines_of_text() -> None:
    layout = find_layout([["Прайс от 1 мая"], [], ["Own title", "  КАТЕГОРИЯ VK ", "Цвет", "", "Штрих-код"]])
    assert layout is not None
    assert layout.row == 2
    assert layout.places == {Column.TITLE: 0, Column.CATEGORY: 1, Column.BARCODE: 4}
    assert layout.unknown == ("Цвет",)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("Цвет;Вес", FileProblem.NO_HEADERS),
        ("Название;Своё название", FileProblem.NO_KEY),
        ("ID;Название;Цена", FileProblem.NOTHING_TO_SET),
        ("ID;Своё название;Own title", FileProblem.HEADER_TWICE),
    ],
)
def test_a_table_that_cannot_be_used_says_why(headers: str, expected: FileProblem) -> None:
    assert file_problem(f"{headers}\n1;2;3\n".encode()) is expected


def test_what_two_rows_of_headers_name_together_is_known() -> None:
    rows = [
        ["Товары на май"],
        [],
        ["Штрихкод", "Название в кассе", "VK", "", "Вес"],
        ["", "", "Категория VK", "Своё название", ""],
        ["4600000000017", "Чай чёрный", "7", "Чай утренний", "1"],
    ]
    [line] = compare(rows).lines

    assert layout_of(rows).unknown == ("Вес",)
    assert line.number == 5
    assert line.changes == {Column.CATEGORY: ("", "7"), Column.TITLE: ("", "Чай утренний")}


def test_a_product_named_like_a_column_makes_no_second_row_of_headers() -> None:
    rows = [["Код", "Товар", "Своё название"], ["13", "Товар", "Описание"], ["0012", "Код", "Альбом"]]

    assert layout_of(rows).row == 0
    assert [line.number for line in compare(rows).lines] == [2, 3]


def test_headers_that_come_again_and_numbers_below_them_are_no_goods() -> None:
    rows = [
        ["Код", "Название", "Своё название"],
        ["1", "2", "3"],
        ["Code", "Name in the till", "Own title"],
        ["13", "Кружка", "Кружка синяя"],
        ["Код", "Название", "Своё название"],
        ["1", "2", "3"],
    ]

    assert [(line.number, line.kind) for line in compare(rows).lines] == [
        (4, LineKind.CHANGED),
        (6, LineKind.BAD),
    ]


@pytest.mark.parametrize(("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_named_as_a_spreadsheet_names_them(place: int, letters: str) -> None:
    assert column_letters(place) == letters


@pytest.mark.parametrize("headers", ["ID;Own title", "ID товара;Своё название"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_letters_that_are_lost_in_a_file_of_utf_8_are_told_with_their_line(headers: str, mark: bytes) -> None:
    whole = f"{headers}\r\ntea-1;Чай чёрный\r\ncup-2;Кружка синяя\r\n".encode()
    broken = mark + whole.replace("синяя".encode(), "синяя".encode()[:-1])

    with pytest.raises(UnreadableTable) as refused:
        read_text(broken)

    assert (refused.value.problem, refused.value.detail) == (FileProblem.LOST_LETTERS, "3")


def test_letters_that_windows_does_not_have_are_told_with_their_line() -> None:
    text = "ID товара;Своё название\r\ntea-1;Чай чёрный\r\n".encode("cp1251")

    with pytest.raises(UnreadableTable) as refused:
        read_text(text.replace(b"\r\ntea", b"\r\n\x98tea"))

    assert (refused.value.problem, refused.value.detail) == (FileProblem.LOST_LETTERS, "2")


def test_letters_of_another_alphabet_are_not_read_as_russian_ones() -> None:
    assert file_problem("ID;Own title\r\ntea-1;中国绿茶茶叶\r\n".encode("gbk")) is FileProblem.ENCODING
    assert read_text("ID;Own title\r\ntea-1;中国绿茶茶叶".encode())[1] == ["tea-1", "中国绿茶茶叶"]


@pytest.mark.parametrize("above", ["", "Прайс;от;1;мая;2026;года\r\n"])
def test_a_row_that_a_comma_has_made_longer_than_the_headers_is_told(above: str) -> None:
    text = f"{above}code,price,category\r\n13,12,7\r\n0012,99,50,7\r\n".replace("Прайс;", "Прайс,")

    with pytest.raises(UnreadableTable) as refused:
        read_text(text.encode())

    assert (refused.value.problem, refused.value.detail) == (FileProblem.SHIFTED, "4" if above else "3")


def test_empty_cells_to_the_right_of_the_headers_do_not_matter() -> None:
    assert read_text(b"code;title\r\n13;Mug;;\r\n")[1][:2] == ["13", "Mug"]


def test_a_product_is_found_by_id_barcode_code_and_article_without_the_zeros_that_excel_drops() -> None:
    for key, text in (
        ("ID", "TEA-1"),
        ("Штрихкод", "4600000000017"),
        ("Штрихкод", "12345678905"),
        ("Штрихкод", "4600000000017, 0012345678905"),
        ("Штрихкод", "4 600 000 000 017"),
        ("Штрихкод", "12\u00a0345\u00a0678\u00a0905"),
        ("Код", "12"),
        ("Код", "0012"),
        ("Артикул", "ч-1"),
    ):
        assert changes([key, "Свой альбом"], [text, "Чаи"]) == [{"album": ("", "Чаи")}], (key, text)


def test_a_code_that_is_written_exactly_wins_over_one_without_its_zeros() -> None:
    seven, bond = replace(TEA, code="7"), replace(CUP, code="007")
    assert compare([["Код", "Альбом"], ["007", "Чаи"]], [seven, bond]).lines[0].pk == bond.pk


@pytest.mark.parametrize("text", ["4.6E+12", "4,6E+12", "4,60000E+12", "4,6е+12"])
def test_a_barcode_in_scientific_notation_is_a_bad_line(text: str) -> None:
    assert problem(["Штрихкод", "Альбом"], [text, "Чаи"]) is LineProblem.SCIENTIFIC


def test_such_a_barcode_does_no_harm_beside_an_id() -> None:
    assert changes(["Штрихкод", "ID", "Альбом"], ["4.6E+12", "tea-1", "Чаи"]) == [{"album": ("", "Чаи")}]


def test_goods_of_nobody_and_lines_without_a_key_are_bad() -> None:
    assert problem(["ID", "Альбом"], ["other-merchants", "Чаи"]) is LineProblem.NOT_FOUND
    assert problem(["ID", "Альбом"], ["", "Чаи"]) is LineProblem.NO_KEY


def test_the_store_tells_two_products_with_one_id_apart() -> None:
    head = ["ID", "Магазин", "Альбом"]
    assert problem(head, ["cup-2", "", "Дом"], goods=[CUP, CUP_TOO]) is LineProblem.SEVERAL
    found = compare([head, ["cup-2", "КИОСК", "Дом"], ["cup-2", "s1", "Дом"]], [CUP, CUP_TOO]).lines
    assert [line.pk for line in found] == [CUP_TOO.pk, CUP.pk]


def test_a_line_with_the_name_of_another_product_is_bad_and_a_renamed_one_is_not() -> None:
    head = ["ID", "Название в кассе", "Альбом"]
    assert problem(head, ["tea-1", "Кружка", "Дом"]) is LineProblem.NAME_OF_ANOTHER
    assert changes(head, ["tea-1", "Чай, новое имя", "Дом"]) == [{"album": ("", "Дом")}]


def test_the_second_line_about_a_product_is_bad_and_names_the_first() -> None:
    line = compare([["Код", "Альбом"], ["12", "Чаи"], ["0012", "Дом"]]).lines[1]
    assert (line.number, line.problem, line.detail) == (3, LineProblem.TWICE, "2")


def test_lines_that_say_different_things_of_one_shared_value_are_bad() -> None:
    both = [replace(one, scopes={Column.IN_VK: "cup-2"}) for one in (CUP, CUP_TOO)]
    head, first = ["ID", "Магазин", "В VK"], ["cup-2", "Лавка", "нет"]
    assert problem(head, first, ["cup-2", "Киоск", "нет"], goods=both) is None
    assert problem(head, first, ["cup-2", "Киоск", "да"], goods=both) is None, "that is as it was"
    listed = [replace(one, values={Column.IN_VK: comparing.YES}) for one in both]
    rows = [head, first, ["cup-2", "Киоск", "по правилам"]]
    assert compare(rows, listed, is_list=True).lines[-1].problem is LineProblem.CONTRADICTS


def test_an_empty_cell_and_a_missing_column_change_nothing_and_words_take_a_value_back() -> None:
    own = replace(TEA, values={Column.TITLE: "Утро", Column.ALBUM: "Чаи", Column.IN_VK: comparing.NO})
    head = ["ID", "В VK", "Своё название", "Категория VK"]
    assert changes(head, ["tea-1", "", "", ""], ["cup-2", "", "  ", ""], goods=[own, CUP]) == [{}, {}]
    back = ["tea-1", "По правилам", "по  правилам", ""]
    assert changes(head, back, goods=[own]) == [{"in_vk": (comparing.NO, ""), "title": ("Утро", "")}]


def test_yes_puts_goods_on_the_merchants_list_only_where_there_is_one() -> None:
    rows = [["ID", "В VK"], ["tea-1", "Да"]]
    assert compare(rows).lines[0].kind is LineKind.SAME
    assert compare(rows, is_list=True).lines[0].changes == {Column.IN_VK: ("", comparing.YES)}
    assert problem(["ID", "В VK"], ["tea-1", "может быть"]) is LineProblem.NOT_YES_OR_NO


@pytest.mark.parametrize("emoji", ["?", "??"])
@pytest.mark.parametrize("column", [Column.TITLE, Column.DESCRIPTION, Column.ALBUM])
def test_letters_that_an_old_encoding_lacks_are_not_lost_by_a_table_saved_in_it(
    column: Column, emoji: str
) -> None:
    own = replace(TEA, values={column: "Чай «Утро» 🔥 — {price} ₽. Вкусно?"})
    head = ["ID", HEADERS["ru"][column]]
    assert changes(head, ["tea-1", f"Чай «Утро» {emoji} — {{price}} ?. Вкусно?"], goods=[own]) == [{}]
    assert changes(head, ["tea-1", f"Чай «Вечер» {emoji} — {{price}} ?. Вкусно?"], goods=[own]) != [{}]


def test_what_a_spreadsheet_has_spoilt_is_a_bad_line() -> None:
    head = ["ID", "Своё название"]
    assert problem(head, ["tea-1", "#ИМЯ?"]) is LineProblem.EXCEL_ERROR
    assert problem(head, ["tea-1", f"{cells.DATE_MARK}2026-12-10"]) is LineProblem.EXCEL_DATE
    assert problem(head, ["#N/A", "Чай"]) is LineProblem.EXCEL_ERROR


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("007", "7"),
        ("12,50", "12.5"),
        ("1.0", "1"),
        ("1E5", "100000"),
        ("2026", "2026.0"),
        ("1 234,50", "1234.5"),
    ],
)
def test_a_text_that_a_spreadsheet_has_taken_for_a_number_is_not_changed_by_that(
    text: str, kept: str
) -> None:
    head = ["ID", "Своё название", "Описание", "Альбом"]
    own = replace(TEA, values=dict.fromkeys((Column.TITLE, Column.DESCRIPTION, Column.ALBUM), text))
    assert changes(head, ["tea-1", kept, kept, kept], goods=[own]) == [{}]
    assert changes(head, ["tea-1", f"{kept}1", "", ""], goods=[own]) == [{Column.TITLE: (text, f"{kept}1")}]


@pytest.mark.parametrize(
    ("text", "kept"), [("True", "TRUE"), ("true", "ИСТИНА"), ("Истина", "TRUE"), ("Ложь", "FALSE")]
)
def test_a_text_that_a_spreadsheet_has_taken_for_true_or_false_is_not_changed_by_that(
    text: str, kept: str
) -> None:
    own = replace(TEA, values={Column.TITLE: text})
    assert changes(["ID", "Своё название"], ["tea-1", kept], goods=[own]) == [{}]
    other = "FALSE" if kept != "FALSE" else "TRUE"
    assert changes(["ID", "Своё название"], ["tea-1", other], goods=[own]) == [{Column.TITLE: (text, other)}]


@pytest.mark.parametrize("text", ["12 ₽", "", "чай", "-"])
def test_a_number_is_not_what_is_no_number_alone(text: str) -> None:
    own = replace(TEA, values={Column.TITLE: text})
    assert changes(["ID", "Своё название"], ["tea-1", "12"], goods=[own]) == [{Column.TITLE: (text, "12")}]


@pytest.mark.parametrize("text", ["=Чай", "'Чай'", "-50%", "@дом", "по правилам", "#Н/Д", "'"])
def test_an_export_whose_first_apostrophe_a_spreadsheet_drops_changes_nothing(text: str) -> None:
    values = dict.fromkeys((Column.TITLE, Column.DESCRIPTION, Column.ALBUM, Column.TAGS), text)
    goods = [replace(TEA, values=values)]
    table = [[cell.removeprefix("'") for cell in row] for row in exported(goods)]
    assert changes(*table, goods=goods) == [{}]


@pytest.mark.parametrize("space", ["\xa0", "\u202f", "\t", "\n", " "])
def test_spaces_of_any_kind_around_a_cell_say_nothing(space: str) -> None:
    values = dict.fromkeys((Column.TITLE, Column.DESCRIPTION, Column.ALBUM), "=Чай")
    goods = [replace(TEA, values={**values, Column.IN_VK: comparing.NO})]
    table = [[f"{space}{cell}{space}" if cell else "" for cell in row] for row in exported(goods)]
    assert changes(*table, goods=goods) == [{}]
    assert changes(["ID", "Альбом"], ["tea-1", space], goods=goods) == [{}]


def test_a_code_that_a_spreadsheet_has_made_a_date_of_is_a_bad_line_that_shows_the_date() -> None:
    for key in ("ID", "Штрихкод", "Код", "Артикул"):
        line = compare([[key, "Альбом"], [f"{cells.DATE_MARK}2026-12-10", "Чаи"]]).lines[0]
        assert (line.problem, line.detail) == (LineProblem.EXCEL_DATE, "2026-12-10"), key


def test_a_value_that_a_check_refuses_makes_a_bad_line_with_its_column() -> None:
    line = compare([["ID", "Категория VK"], ["tea-1", "Нет такой"]]).lines[0]
    assert (line.problem, line.column, line.detail) == (
        LineProblem.CATEGORY_UNKNOWN,
        Column.CATEGORY,
        "Нет такой",
    )
    assert (line.number, line.pk, line.name) == (2, TEA.pk, TEA.name)


def test_lines_are_numbered_as_a_spreadsheet_numbers_rows() -> None:
    rows = read_text('Код;Своё описание\n12;"раз\nдва"\n\n13;Кружка\n'.encode())
    assert [line.number for line in compare(rows).lines] == [2, 4]


def test_other_prices_are_counted_for_they_are_not_read() -> None:
    head = ["ID", "Цена", "Альбом"]
    assert compare([head, ["tea-1", "99,50 ₽", ""]]).other_prices == 0
    assert compare([head, ["tea-1", "1 099,50", ""]]).other_prices == 1


@pytest.mark.parametrize("sign", sorted(cells.DANGEROUS))
def test_no_text_of_an_export_begins_like_a_formula(sign: str) -> None:
    text = f"{sign}HYPERLINK(1)"
    goods = [replace(TEA, name=text, group=text, values={Column.TITLE: text, Column.DESCRIPTION: text})]
    for cell in exported(goods)[1]:
        assert cell[:1] not in cells.DANGEROUS
    for guarded in (text, f"'{text}", f"''{text}", "'по правилам", "по правилам", "'как есть'", "'"):
        assert cells.unguarded(cells.guarded(guarded)) == guarded


ERRORS = ("#N/A", "#VALUE!", "#Н/Д", "#ЗНАЧ!", "#ссылка!", "#ИМЯ?", "Err:508", "######")


@pytest.mark.parametrize("error", ERRORS)
def test_a_text_that_looks_like_an_error_of_a_spreadsheet_is_read_back_as_it_is(error: str) -> None:
    values = dict.fromkeys((Column.ALBUM, Column.TITLE, Column.DESCRIPTION), error)
    values[Column.TAGS] = error.casefold()
    goods = [replace(TEA, evotor_id=error, name=error, article=error, code=error, values=values), CUP]
    table = exported(goods)
    assert [line.kind for line in compare(table, goods=goods).lines] == [LineKind.SAME] * 2
    # An export from before it was guarded.
    table = [[cell.removeprefix("'") for cell in row] for row in table]
    table[1][0] = ""
    table[1][6] = "460"
    assert problem(*table, goods=[replace(goods[0], barcodes=("460",)), CUP]) is None
    # Without an id the article is looked for.
    row = [["Артикул", "Альбом"], [f"'{error}", "Новый"]]
    assert changes(*row, goods=goods) == [{Column.ALBUM: (error, "Новый")}]


@pytest.mark.parametrize("error", [*ERRORS, f"{cells.ERROR_MARK}#N/A"])
def test_a_cell_that_a_formula_has_broken_is_a_bad_line_wherever_it_says_something(error: str) -> None:
    for head in ("Альбом", "Своё название", "Описание", "В VK", "Категория VK", "Можно продавать", "Метки"):
        assert problem(["ID", head], ["tea-1", error]) is LineProblem.EXCEL_ERROR
    for head in ("ID", "Артикул", "Код", "Штрихкод"):
        assert problem([head, "Альбом"], [error, "Новый"]) is LineProblem.EXCEL_ERROR
    # A name, a price or a store that is broken says nothing, and the id is there.
    goods = [TEA, replace(CUP, name=cells.error_of(error))]
    for head in ("Название", "Цена", "Магазин", "Остаток"):
        table = [["ID", head, "Альбом"], ["tea-1", error, "Новый"]]
        assert problem(*table, goods=goods) is None
    (line,) = compare([["ID", "Альбом"], ["tea-1", error]]).lines
    assert line.detail == cells.error_of(error)


def text_of(most: int) -> st.SearchStrategy[str]:
    awkward = st.sampled_from("=+-@'\"\t\r\n;,|\\ \u2028\x85\xa0₽ё😀\x00\x1f_")
    return st.text(st.one_of(awkward, st.characters(codec="utf-8")), max_size=most)


@given(st.lists(text_of(12), max_size=5))
def test_tags_that_are_written_are_read_back(tags: list[str]) -> None:
    kept = {tidy for tag in tags if (tidy := tidy_tag(tag))}
    assert set(read_tags(written_tags(kept))) == kept


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Подарок, лето", ("лето", "подарок")),
        ("подарок;Лето\nлето", ("лето", "подарок")),
        ('"чай, кофе", "по ""акции"""', ('по "акции"', "чай, кофе")),
        ('не "закрыта, кавычка', ("закрыта", "кавычка", "не")),
        (" , ;; ", ()),
    ],
)
def test_tags_are_divided_by_commas_semicolons_and_lines(text: str, tags: tuple[str, ...]) -> None:
    assert read_tags(text) == tags


@st.composite
def any_goods(draw: st.DrawFn) -> list[TableGoods]:
    made = []
    for number in range(draw(st.integers(1, 6))):
        values = {
            Column.IN_VK: draw(st.sampled_from(["", comparing.NO])),
            Column.DECISION: draw(st.sampled_from(["", comparing.ALLOWED, comparing.FORBIDDEN])),
            Column.CATEGORY: draw(st.sampled_from(["", *CATEGORIES])),
            Column.TITLE: cells.one_line(
                draw(st.one_of(text_of(20), st.sampled_from(["по правилам", *ERRORS])))
            ),
            Column.ALBUM: cells.one_line(draw(st.one_of(text_of(20), st.sampled_from(ERRORS)))),
            Column.DESCRIPTION: cells.plain(draw(text_of(80))),
            Column.TAGS: written_tags(read_tags(written_tags(draw(st.lists(text_of(8), max_size=3))))),
        }
        goods = TableGoods(number, f"id-{number}", draw(text_of(20)), code=draw(text_of(5)), values=values)
        made.append(replace(goods, barcodes=tuple(draw(st.lists(text_of(13), max_size=2)))))
    return made


@settings(max_examples=40)
@given(any_goods(), st.sampled_from(["ru", "en"]))
def test_an_untouched_export_changes_nothing_whatever_the_goods_hold(
    goods: list[TableGoods], language: str
) -> None:
    written = "".join(csv_pieces(exported(goods, language)))
    rows = read_text(written.encode())
    found = compare(rows, goods).lines
    assert [(line.kind, line.changes) for line in found] == [(LineKind.SAME, {})] * len(goods)


@settings(max_examples=40)
@given(any_goods(), any_goods())
def test_an_export_of_other_values_sets_exactly_those(
    goods: list[TableGoods], others: list[TableGoods]
) -> None:
    wanted = {one.pk: one.values for one in others}
    edited = [replace(one, values=wanted.get(one.pk, one.values)) for one in goods]
    found = compare(read_text("".join(csv_pieces(exported(edited))).encode()), goods).lines
    for line, before, after in zip(found, goods, edited, strict=True):
        new = {
            column: value
            for column, value in after.values.items()
            if value and value != before.values[column]
            # What a spreadsheet may have made of the old value.
            if not cells.is_same_number(value, before.values[column])
        }
        # An empty cell changes nothing; "by the rules" stands in every empty cell of IN_VK.
        if before.values[Column.IN_VK] and not after.values[Column.IN_VK]:
            new[Column.IN_VK] = ""
        assert {column: change[1] for column, change in line.changes.items()} == new


@pytest.mark.parametrize(
    ("tags", "text"),
    [
        (["хит", "лето"], "лето, хит"),
        (["до 5 кг, легкое"], '"до 5 кг, легкое"'),
        (["6;7"], '"6;7"'),
        (['труба 2"'], '"труба 2"""'),
        (["#2"], "#2"),
        ([], ""),
    ],
)
def test_tags_are_written_by_name_and_quoted_only_where_they_must_be(tags: list[str], text: str) -> None:
    assert written_tags(tags) == text


def test_a_table_may_hold_so_many_rows_cells_and_characters_and_no_more() -> None:
    row, long = [["a"]], "б" * LONGEST_CELL
    full = MOST_CHARACTERS // LONGEST_CELL

    assert len(list(Bounds().rows(row * MOST_ROWS))) == MOST_ROWS
    assert len(list(Bounds().rows([[""] * (MOST_CELLS - 1), ["a"]]))) == 2
    assert len(list(Bounds().rows([[long]] * full))) == full
    for rows, expected, detail in (
        (row * (MOST_ROWS + 1), FileProblem.TOO_MANY_ROWS, ""),
        ([[""] * MOST_CELLS, ["a"]], FileProblem.TOO_MANY_CELLS, ""),
        ([[long]] * (full + 1), FileProblem.TOO_MANY_CELLS, ""),
        ([["a"], [long + "б"]], FileProblem.LONG_CELL, "2"),
    ):
        with pytest.raises(UnreadableTable) as refused:
            list(Bounds().rows(rows))
        assert (refused.value.problem, refused.value.detail) == (expected, detail)


@pytest.mark.parametrize("unit", ["", "₽", "р", "р.", "руб", "руб.", " Руб.", " РУБ"])
def test_a_price_is_read_whatever_unit_stands_behind_it(unit: str) -> None:
    assert cells.number_of(f"1 234,50{unit}") == Decimal("1234.5")
    assert cells.number_of(unit) is None


def test_a_text_keeps_its_lines_and_tabs_and_loses_what_cannot_be_written() -> None:
    assert cells.plain(" Чай\tчёрный\r\nкрепкий\x00\ufffe\r") == "Чай\tчёрный\nкрепкий"


def test_what_may_be_sold_is_answered_with_yes_or_no() -> None:
    head = ["ID", "Можно продавать в VK"]
    assert changes(head, ["tea-1", "да"], ["cup-2", "нет"]) == [
        {"decision": ("", comparing.ALLOWED)},
        {"decision": ("", comparing.FORBIDDEN)},
    ]


def test_a_bad_line_shows_what_it_is_about() -> None:
    [line] = compare([["Код", "Название", "Альбом"], ["99", "Нет  такого", "Дом"]]).lines
    assert line.number == 2
    assert (line.problem, line.pk, line.name, line.detail) == (
        LineProblem.NOT_FOUND,
        None,
        "Нет такого",
        "99",
    )
    [line] = compare([["Штрихкод", "Альбом"], ["4,6E+12", "Дом"]]).lines
    assert (line.problem, line.detail) == (LineProblem.SCIENTIFIC, "4,6E+12")
    [line] = compare([["Код", "Альбом"], ["4,6E+12", "Дом"]]).lines
    assert (line.problem, line.detail) == (LineProblem.SCIENTIFIC, "4,6E+12")
    with pytest.raises(UnreadableTable) as refused:
        layout_of([["ID", "Своё название", "Own  title"]])
    assert refused.value.detail == "B (Своё название), C (Own title)"


def rows_of(*texts: str) -> list[list[str]]:
    return [["ID", "Своё описание"], *([str(place), text] for place, text in enumerate(texts))]


@pytest.mark.parametrize(
    ("bound", "most"), [("MOST_ROWS", 3), ("MOST_CELLS", 6), ("MOST_CHARACTERS", 23), ("", 0)]
)
def test_a_long_table_is_divided_at_each_bound_of_an_import(
    bound: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if bound:
        monkeypatch.setattr(parts, bound, most)
    rows = rows_of("чай", "мёд", "сок", "лук", "рис")

    divided = [list(part) for part in parts.Divided(rows, most_bytes=10_000 if bound else 66)]

    assert [row for part in divided for row in part[1:]] == rows[1:]
    assert all(part[0] == rows[0] for part in divided)
    assert [len(part) for part in divided] == [3, 3, 2]


def test_a_row_that_no_part_has_room_for_stands_alone() -> None:
    rows = rows_of("чай", "м" * 500, "сок")

    assert [len(list(part)) for part in parts.Divided(rows, most_bytes=100)] == [2, 2, 2]


def test_a_table_without_goods_is_one_part() -> None:
    assert [list(part) for part in parts.Divided(rows_of(), most_bytes=100)] == [rows_of()]


@given(st.lists(st.text('ж"; \n', max_size=9), max_size=30), st.integers(40, 200))
@settings(max_examples=40, deadline=None)
def test_no_part_is_bigger_than_was_said_unless_it_holds_one_row(texts: list[str], most: int) -> None:
    for part in parts.Divided(rows_of(*texts), most_bytes=most):
        rows = list(part)
        size = len("".join(csv_pieces(rows)).encode()) - len("\ufeff".encode())
        assert size <= most or len(rows) == 2


@pytest.mark.parametrize("text", ["Овощи", "Eco", "#чай", "о чае", "По-домашнему"])
def test_a_text_that_only_begins_like_an_error_or_an_answer_is_exported_as_it_is(text: str) -> None:
    assert cells.guarded(text) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_latin_file_without_a_mark_is_read_in_either_order_of_its_bytes(encoding: str) -> None:
    assert read_text("code;title\n12;Tea\n".encode(encoding)) == [["code", "title"], ["12", "Tea"]]


def test_a_store_that_has_no_such_product_is_named() -> None:
    rows = [["ID", "Магазин", "Альбом"], ["cup-2", "Склад", "Дом"]]
    [line] = compare(rows, [CUP, CUP_TOO]).lines
    assert (line.problem, line.detail) == (LineProblem.NOT_FOUND, "Склад")


def test_a_value_is_checked_for_the_product_that_it_is_for() -> None:
    def check(goods: TableGoods, text: str) -> str:
        return f"{text} {goods.pk}"

    rows = [["ID", "Своё название"], ["tea-1", "Чай"], ["tea-1", "Чай"]]
    first, second = Comparer(GOODS, checks={Column.TITLE: check}).compare(rows, layout_of(rows)).lines
    assert first.changes == {Column.TITLE: ("", "Чай 1")}
    assert (second.problem, second.pk, second.name) == (LineProblem.TWICE, TEA.pk, TEA.name)


@pytest.mark.parametrize("code", ["13", "13.0", " 0013 "])
def test_a_code_is_found_as_a_spreadsheet_writes_numbers(code: str) -> None:
    [line] = compare([["Код", "Альбом"], [code, "Дом"]]).lines
    assert line.pk == CUP.pk


@pytest.mark.parametrize("between", [", ", ",", ";", " "])
def test_a_line_may_name_several_barcodes_of_a_product(between: str) -> None:
    [line] = compare([["Штрихкод", "Альбом"], [between.join(TEA.barcodes), "Чаи"]]).lines
    assert line.pk == TEA.pk


def test_a_title_is_one_line_and_a_description_keeps_its_lines() -> None:
    head = ["ID", "Своё название", "Своё описание"]
    assert changes(head, ["tea-1", "Чай\nУтро", "Чай\nУтро"]) == [
        {"title": ("", "Чай Утро"), "description": ("", "Чай\nУтро")}
    ]
