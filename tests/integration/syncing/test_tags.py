"""Tags stay with the goods, also where the till gives these another id."""

import pytest

from accounts.models import User
from catalog.models import Product
from sandbox import Sandbox
from syncing.models import ProductTag
from syncing.services.tags import tag_products
from tests.integration.syncing.running import first_run, run

pytestmark = pytest.mark.django_db(transaction=True)


def test_tags_follow_goods_that_come_back_under_another_id(user: User, box: Sandbox) -> None:
    first_run(box, user)
    tag_products(user, [Product.objects.get(name="Кружка синяя 3")], "подарок")
    box.evotor.reimport(next(iter(box.evotor.stores)))
    run(user)
    heir = Product.objects.for_user(user).present().get(name="Кружка синяя 3")
    assert ProductTag.objects.on([heir]).names() == ["подарок"]
    ProductTag.objects.on([heir]).delete()
    run(user)
    assert not ProductTag.objects.exists(), "a tag that was taken off came back"
