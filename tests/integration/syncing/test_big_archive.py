"""The archive of a merchant with many goods is written good by good."""

import io
import json
import tracemalloc
import zipfile
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from accounts.models import User
from accounts.services import export_data
from catalog.models import Product, Store

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SMALL, BIG = 600, 2_400
# A break of a line, and what other programs take for one.
TEXT = "Кружка «Тула»\n\u2028 с росписью. " * 100


def a_shop(size: int) -> User:
    """Return a merchant with so many products."""
    user = User.objects.create_user(f"archive-{size}@example.com")
    rows: dict[str, Any] = {"user": user, "fetched_at": timezone.now()}
    store = Store.objects.create(evotor_id="s", name="Лавка", **rows)
    Product.objects.bulk_create(
        [
            Product(store=store, evotor_id=f"{n}", name=f"Кружка {n}", description=TEXT, **rows)
            for n in range(size)
        ],
        batch_size=500,
    )
    return user


def peak_of(user: User) -> int:
    """Write the archive; return the peak of Python's memory."""
    tracemalloc.start()
    try:
        export_data(user)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_four_times_the_goods_take_little_more_memory() -> None:
    small, big = a_shop(SMALL), a_shop(BIG)
    export_data(small)
    assert peak_of(big) < 1.5 * peak_of(small)


def test_what_is_written_good_by_good_reads_as_one_list() -> None:
    with zipfile.ZipFile(io.BytesIO(export_data(a_shop(3)))) as archive:
        written = archive.read("goods.json").decode()
        nothing = archive.read("rules_for_goods.json").decode()
    goods = json.loads(written)
    assert [one["description"] for one in goods] == [TEXT] * 3
    assert written == json.dumps(goods, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    assert json.loads(nothing) == []
