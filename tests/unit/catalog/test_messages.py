"""Every problem of a refresh has its sentence."""

import pytest

from catalog.ingest.messages import sentence
from catalog.ingest.report import Problem


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("unknown_parent", "3"),
        ("group_cycle", "3"),
        ("bad_number", "3"),
        ("bad_field", "3"),
        ("bad_record", "3"),
        ("bad_id", "3"),
        ("unknown_store", "."),
        ("not_installed", "."),
        ("evotor.503", "."),
        ("evotor.599", "."),
    ],
)
def test_a_problem_is_said_in_a_sentence(code: str, words: str) -> None:
    text = sentence(Problem(code, count=3))
    assert words in text
    assert code not in text


def test_a_store_off_its_tills_says_what_to_install() -> None:
    assert sentence(Problem("not_installed")) == sentence(Problem("evotor.402"))
