"""Catalogues in CSV: what loads, and which fault is named where."""

import os
import uuid
from pathlib import Path

import pytest
from django.conf import settings

from sandbox.catalogue_csv import CatalogueFileError, load_catalogue, read_catalogue
from sandbox.evotor.state import EvotorState

HEADER = "code,name,price,cost_price,quantity,group\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "shop.csv"


def test_rows_become_products_in_groups(file: Path) -> None:
    file.write_text(
        HEADER
        + '16,"Чай ""Таёжный"", 50 г",130.727272727,95.5,-2,Чаи\n'
        + "16, Чай  зелёный ,21.0,,,\n"
        + ",Соль,0,0.0,1.5,Бакалея\n",
        encoding="utf-8-sig",
    )
    state = EvotorState()
    store = load_catalogue(state, file)
    tea, green, salt = store.products.values()
    assert {group.name for group in store.groups.values()} == {"Чаи", "Бакалея"}
    assert tea.fields["name"] == 'Чай "Таёжный", 50 г'
    assert (tea.fields["price"], tea.fields["cost_price"], tea.fields["quantity"]) == (
        130.727272727,
        95.5,
        -2,
    )
    assert store.groups[tea.fields["parent_id"]].name == "Чаи"
    assert green.fields["name"] == " Чай  зелёный "
    assert {"cost_price", "quantity", "parent_id"}.isdisjoint(green.fields)
    assert (salt.fields["code"], salt.fields["price"], salt.fields["quantity"]) == ("", 0, 1.5)


def test_ids_are_the_same_every_time_though_codes_repeat(file: Path) -> None:
    file.write_text(HEADER + "16,Чай,1,,,\n16,Кофе,2,,,\n")
    first, second = (list(load_catalogue(EvotorState(), file).products) for _ in range(2))
    assert first == second
    assert len(set(first)) == 2
    assert all(str(uuid.UUID(number)) == number for number in first)


def test_columns_may_stand_in_any_order_beside_others(file: Path) -> None:
    file.write_text("name,note,group,code,quantity,price,cost_price\nЧай,x,Чаи,16,1,2,3\n")
    (row,) = read_catalogue(file)
    assert (row.name, row.group, row.code, row.price) == ("Чай", "Чаи", "16", 2)


@pytest.mark.parametrize(
    ("content", "line", "column", "words"),
    [
        (b"", 1, "code", "missing"),
        (b"code,name,price,cost_price,quantity\n1,a,1,1,1\n", 1, "group", "missing"),
        (
            (HEADER + "1,Чай,1,1,1,Чаи\n2,Чай,дорого,1,1,Чаи\n").encode(),
            3,
            "price",
            "'дорого' is not a number",
        ),
        ((HEADER + '1,"Чай\nс мятой",1,1,nan,Чаи\n').encode(), 3, "quantity", "'nan' is not a number"),
        ((HEADER + "1,Чай,1,inf,1,Чаи\n").encode(), 2, "cost_price", "not a number"),
        ((HEADER + "1,Чай,-5,1,1,Чаи\n").encode(), 2, "price", "below zero"),
        ((HEADER + '1,Чай,"1,5",1,1,Чаи\n').encode(), 2, "price", "'1,5' is not a number"),
        ((HEADER + "1,  ,1,1,1,Чаи\n").encode(), 2, "name", "empty"),
        ((HEADER + "1,Чай,1\n").encode(), 2, "cost_price", "ends before"),
        ((HEADER + "1,Чай,1,1,1,Чаи,лишнее\n").encode(), 2, "", "more cells"),
        ((HEADER + '1,"Чай,1,1,1,Чаи\n').encode(), 2, "", "is not CSV"),
        ((HEADER + "1,Чай,1,1,1,Чаи\n").encode() + "2,Кофе".encode("cp1251"), 3, "", "not UTF-8"),
    ],
)
def test_a_wrong_file_is_named_with_line_and_column(
    file: Path, content: bytes, line: int, column: str, words: str
) -> None:
    file.write_bytes(content)
    with pytest.raises(CatalogueFileError) as caught:
        read_catalogue(file)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert words in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_missing_file_and_a_folder_are_no_catalogues(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(CatalogueFileError, match="cannot be read"):
            read_catalogue(path)


def test_the_real_catalogue_loads_whole() -> None:
    shared = Path(os.environ.get("EVOSYNC_SHARED") or Path(settings.BASE_DIR).parent / "shared")
    path = shared / "data" / "shop-catalogue.csv"
    if not path.exists():
        pytest.skip(
            "the real catalogue is not here: EVOSYNC_SHARED names the folder of data/shop-catalogue.csv"
        )
    store = load_catalogue(EvotorState(), path)
    lines = [line for line in path.read_text(encoding="utf-8-sig").splitlines() if line][1:]
    assert len(store.products) == len(lines) > 600
    assert len(store.groups) == len({line.rpartition(",")[2] for line in lines})


@pytest.mark.parametrize("separator", [*"\v\f\x1c\x1d\x1e\x85\u2028\u2029"], ids=ascii)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=ascii)
def test_only_line_ends_of_csv_end_a_row(file: Path, separator: str, end: str) -> None:
    name = f"Чай{separator}зелёный"
    file.write_bytes(f"{HEADER}16,{name},21,,,Чаи{separator}\n17,Соль,5,,,\n".replace("\n", end).encode())
    tea, salt = read_catalogue(file)
    assert (tea.name, tea.price, tea.group) == (name, 21, "Чаи")
    assert salt.name == "Соль"


def test_a_line_within_quotes_stays_in_its_cell(file: Path) -> None:
    file.write_text(f'{HEADER}16,"Чай\nзелёный",21,,,Чаи\n17,Соль,x,,,\n')
    with pytest.raises(CatalogueFileError, match="line 4, column price"):
        read_catalogue(file)
