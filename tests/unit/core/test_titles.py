"""Names that VK takes: tidy, within its weighted limits, no number parted from its unit."""

import csv
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from syncing.core.titles import clean_line, tidy_name, tidy_title, vk_length
from tests.unit.core.steps import SLACK, count_steps


@pytest.mark.parametrize(
    ("text", "length"),
    [("вода", 4), ('"', 5), ("&", 5), ("'", 5), ("\\", 6), (">", 4), ("<", 4), ("!", 5), ("$", 6),
     ("ё№«»—’…€", 8), ("₽", 7), ("🎁", 9), ("é", 6), ("", 0), ('Пиво "Ё"', 16)],
)  # fmt: skip
def test_length_is_counted_as_vk_counts(text: str, length: int) -> None:
    assert vk_length(text) == length


@pytest.mark.parametrize(
    ("raw", "tidy"),
    [
        ("вода", "Вода"),
        ("чай", "Чай (товар)"),
        ("5", "5 (товар)"),
        (" " * 3 + "Чай   чёрный\t50 г \n", "Чай чёрный 50 г"),
        ('ОСВЕЖИТЕЛЬ ВОЗДУХА "ГОЛД" В АСС-ТЕ 300 МЛ.', "Освежитель воздуха «Голд» в асс-те 300 мл."),
        ("МАРМЕЛАД ДЕТСКИЙ 70Г М/У (СЛАВЯНКА)", "Мармелад детский 70 г м/у (Славянка)"),
        ("МУКА 1КГ В/С ГОСТ КХПС  1/10", "Мука 1 кг в/с ГОСТ КХПС"),
        ('ПРОДУКТ EHRMANN "УСЛАДА" 95ГР 1,2%', "Продукт EHRMANN «Услада» 95 гр 1,2%"),
        ("ЧАЙ 25X1,5ГР.", "Чай 25X1,5 гр."),
        ("BOND STREET BLUE", "BOND STREET BLUE"),
        ("Чай ООО БМК", "Чай ООО БМК"),
        ("48 КОПЕЕК ваф.стаканчик шоколадный", "48 КОПЕЕК ваф.стаканчик шоколадный"),
        ("43938 Кофе Jacobs Monarch 9*150 г.¶", "Кофе Jacobs Monarch 9*150 г."),
        ("4 НАПИТОК КОФЕЙНЫЙ", "4 напиток кофейный"),
        ('пиво"БалтикаN7" бутылка', "Пиво «БалтикаN7» бутылка"),
        ('Напиток "Виндар "Со вкусом Клюквы" 1,49л', "Напиток Виндар «Со вкусом Клюквы» 1,49 л"),
        ('" ДИРОЛ " 14 ГР', "«Дирол» 14 гр"),
        ('Пиво ""Балтика""', "Пиво «Балтика»"),
        ('Кетчуп "Слобода" шашлычный" 200г', "Кетчуп «Слобода» шашлычный 200 г"),
        ("ЯЙЦО 'KINDER СЮРПРИЗ\" 20Г", "Яйцо «KINDER сюрприз» 20 г"),
        ("ЧИПСЫ \"LAY'S\" КРАБ 80Г", "Чипсы «LAY’S» краб 80 г"),
        ("&quot;Чай&quot; &amp;amp; кофе", "«Чай» & кофе"),
        ("Цена 100₽", "Цена 100 руб."),
        ("Кофе Crème brûlée 🎁", "Кофе Crème brûlée"),
        ("Труба ½″ × 2", 'Труба 1/2" x 2'),
        ("АРАХИС СОЛЕНЫЙ 40ГР .", "Арахис соленый 40 гр."),
        ("НАПИТОК( СРОК 9МЕС ) /", "Напиток(срок 9 мес)"),
    ],
)  # fmt: skip
def test_a_till_name_is_made_tidy(raw: str, tidy: str) -> None:
    assert tidy_title(raw, sentence_case=True, longest=100) == tidy


def test_capitals_stay_where_the_merchant_wants_them() -> None:
    assert tidy_title('ЧАЙ "ТЕСС"  50Г', sentence_case=False, longest=100) == "ЧАЙ «ТЕСС» 50Г"
    assert tidy_title("чай майский", sentence_case=False, longest=100) == "чай майский"


@pytest.mark.parametrize("raw", ["", "   ", "«»", "—", "🎁", "!!!", '""', "¶", "\x00\x07"])
def test_a_name_without_a_letter_or_digit_is_no_name(raw: str) -> None:
    assert tidy_title(raw, sentence_case=True, longest=100) is None


@pytest.mark.parametrize(
    ("raw", "tidy"),
    [
        (
            'Пиво "Охота". Пастеризованное, алк. 8,1 % об. Жестяная банка ёмкостью без малого 0,45 л',
            "Пиво «Охота». Пастеризованное, алк. 8,1 % об. Жестяная банка ёмкостью без малого 0,45 л",
        ),
        ('Вода "Майская" ' + "хрустальная " * 7 + "8,1 %", "Вода «Майская» " + ("хрустальная " * 7).strip()),
        ('Вода "Майская" ' + "хрустальная " * 6 + "негаз. 0,45 л", None),
        ("Слово " * 16 + "вес 0,5 л", ("Слово " * 16).strip()),
        ("Слово " * 15 + "ещё1 5 х 80 г", "Слово " * 15 + "ещё1"),
        ("А" * 150, "А" * 100),
        ("!" * 20 + " чай!" * 20, None),
    ],
)
def test_a_long_name_ends_at_a_word_and_before_a_number_whose_unit_has_no_room(
    raw: str, tidy: str | None
) -> None:
    title = tidy_title(raw, sentence_case=False, longest=100)

    assert title is not None
    assert vk_length(title) <= 100
    assert tidy is None or title == tidy


words = st.sampled_from(
    [
        *(
            "ЧАЙ",
            "чай",
            '"ТЕСС"',
            "LAY'S",
            "0,5 л",
            "70Г",
            "1/20",
            "4,7 %",
            "№ 9",
            "«Ява»",
            "5 х 80 г",
            "М/У",
            "ООО",
        ),
        *(
            "(",
            ")",
            "!",
            "&",
            "₽",
            "🎁",
            ",",
            ".",
            "-",
            "\\",
            "<b>",
            "&quot;",
            '"',
            "'",
            "ПАСТЕРИЗОВАННОЕ",
            "вес",
        ),
    ]
)
names = st.one_of(
    st.text(), st.text(min_size=80), st.lists(words, max_size=40).map(" ".join), st.lists(words).map("".join)
)


@given(names, st.booleans())
@example('батончик "ОБЫКНОВЕННОЕ ЧУДО"  шокол 55Г', True)
@example("0[", False)
@example("A" * 99 + " «ББ»", True)
def test_any_name_is_valid_for_vk_and_stays_as_it_is_when_tidied_again(raw: str, sentence_case: bool) -> None:  # noqa: FBT001
    title = tidy_title(raw, sentence_case=sentence_case, longest=100)

    if title is None:
        assert "&" in raw or not re.search("[А-Яа-яЁёA-Za-z0-9]", raw)
    else:
        assert len(title) >= 4
        assert vk_length(title) <= 100
        assert title == " ".join(title.split())
        assert not [char for char in title if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn")]
        assert title.count("«") == title.count("»")
        assert tidy_title(title, sentence_case=sentence_case, longest=100) == title


@given(st.text(st.characters(categories=["Lu", "Ll", "Lo", "Lt", "Lm"]), min_size=1, max_size=12))
def test_no_letter_of_any_alphabet_is_lost(name: str) -> None:
    title = tidy_title(name, sentence_case=True, longest=10_000)

    assert title is not None
    letters = unicodedata.normalize("NFC", title.removesuffix(" (товар)")).casefold()
    assert letters == unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


@pytest.mark.parametrize(
    "piece",
    [
        *"\"'(«»/а& \\\u0301😀\ud83d",
        *("&amp;", "1/72 ", "*1736 ", "[1a] ", '1"', "1Г", "x1", "А-", "КР.", "/аа/ ", "123456 "),
    ],
)
def test_a_name_of_a_million_characters_takes_no_longer_than_a_long_one(piece: str) -> None:
    titles: list[str | None] = []

    def tidy(name: str) -> None:
        titles.append(tidy_title(name, sentence_case=True, longest=100, own_numbers=("1736",)))

    count_steps(tidy, piece)
    long, longest = (count_steps(tidy, piece * (length // len(piece))) for length in (9_000, 1_000_000))

    assert [title for title in titles if title is not None and vk_length(title) > 100] == []
    assert longest <= 2 * long + SLACK


@given(st.text(max_size=300))
def test_album_names_of_any_text_fit(raw: str) -> None:
    name = tidy_name(raw, sentence_case=True, longest=128)

    assert vk_length(name) <= 128
    assert tidy_name(name, sentence_case=True, longest=128) == name


# How the real catalogue writes what buyers need not know.
SHOP_NUMBER = re.compile(r"^\d{5,8} ")
PACKS = re.compile(r" *(?:1/\d{1,2}(?:ШТ)?|\(\d{1,3}\)|/?\*\d{1,2}|/16)$")
plain_words = st.text("абвгдежз", min_size=1, max_size=12)
amounts = st.tuples(
    st.sampled_from(["0,5", "1.49", "70", "1/20", "4,7", "5 х 80", "2*47,5", "1000"]),
    st.sampled_from(["", " "]),
    st.sampled_from(["л", "Г", "%", "шт", "мл", "кг", "руб", "% об."]),
)


@given(st.lists(st.one_of(plain_words, amounts.map("".join)), min_size=10, max_size=40))
def test_a_number_keeps_its_unit_or_goes_with_it(parts: list[str]) -> None:
    title = tidy_title(" ".join(parts), sentence_case=False, longest=100)
    assert title is not None
    before = " ".join(parts)

    # What is kept is a beginning of the name, and the name goes on after it with a space.
    assert before.startswith(title) or title.endswith("(товар)")
    rest = before[len(title) :]
    assert (
        not rest
        or title.endswith("(товар)")
        or not re.search(r"\d$", title)
        or not re.match(r"\s?\S*[а-я%]", rest)
    )


def test_every_name_of_the_real_catalogue_fits_and_keeps_its_numbers(shared_folder: Path) -> None:
    with (shared_folder / "data" / "shop-catalogue.csv").open(encoding="utf-8", newline="") as file:
        raw_names = [row["name"] for row in csv.DictReader(file)]

    assert len(raw_names) == 611
    for raw in raw_names:
        title = tidy_title(raw, sentence_case=True, longest=100)
        assert title
        assert 4 <= vk_length(title) <= 100
        said = PACKS.sub("", SHOP_NUMBER.sub("", raw.strip(" ¶")))
        kept = [re.findall(r"\d+", text) for text in (raw, said)]
        assert len(raw) > 97 or re.findall(r"\d+", title) in kept
        assert tidy_title(title, sentence_case=True, longest=100) == title


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("Футболка XXX", "Футболка XXX"),
        ("Чай /синий/", "Чай (синий)"),
        ("Чай ([", "Чай"),
        ("Чай,, чёрный", "Чай, чёрный"),
        ("Чай ( чёрный)", "Чай (чёрный)"),
        ("БЕНЗИН 95-АИ ЧИСТЫЙ", "Бензин 95-АИ чистый"),
        ("БЕНЗИН АИ-95 ЧИСТЫЙ", "Бензин АИ-95 чистый"),
    ],
)
def test_signs_at_the_end_go_and_codes_and_sizes_stay(typed: str, line: str) -> None:
    assert clean_line(typed, sentence_case=True) == line
