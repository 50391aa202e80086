"""What a run's history keeps of a step is known again as the value that the plan had."""

import json

import pytest

from syncing.core.choices import CategorySource
from syncing.core.records import CategoryChoice
from syncing.publishing.job_items import changes_to_json, writes_the_same

CHOICE = CategoryChoice(30_501, CategorySource.GROUP, "Посуда")
VALUES: list[tuple[str, object, object]] = [
    ("category_id", 30_501, 30_502),
    ("more_photos", ("a", "b"), ("b", "a")),
    ("more_photos", (), ("a",)),
    ("price_kopecks", 10_000, 10_001),
    ("old_price_kopecks", None, 0),
    ("title", "Кружка", "Чашка"),
    ("hidden", True, False),
]


@pytest.mark.parametrize(("name", "value", "other"), VALUES)
@pytest.mark.parametrize("choice", [CHOICE, None])
def test_a_kept_value_stands_for_its_own_and_for_no_other(
    name: str, value: object, other: object, choice: CategoryChoice | None
) -> None:
    kept = json.loads(json.dumps(changes_to_json({name: (None, value)}, choice)))
    assert writes_the_same(kept[name][1], value)
    assert not writes_the_same(kept[name][1], other)
