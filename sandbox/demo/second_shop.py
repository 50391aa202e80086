"""A second till and an empty community, for somebody who signs up in the demo."""

from dataclasses import dataclass, field
from typing import Final

from sandbox.server import Sandbox
from sandbox.vk.records import ADMINISTRATOR

GOODS: Final = (
    ("Чай", "Чай «Луговой» с душицей 100 г", 189.0, 14),
    ("Чай", "Чай «Вечерний» с мятой 100 г", 205.5, 9),
    ("Чай", "Иван-чай листовой 80 г", 240.0, 6),
    ("Кружки", "Кружка «Берёза» 350 мл", 420.0, 5),
    ("Кружки", "Кружка «Синица» 250 мл", 390.0, 8),
    ("Кружки", "Кружка «Туман» 400 мл", 455.0, 3),
    ("Сладости", "Пастила яблочная 150 г", 165.0, 20),
    ("Сладости", "Мёд липовый 250 г", 310.0, 11),
    ("Табак", "Сигареты «Пример», пачка", 180.0, 30),
)


@dataclass(frozen=True, slots=True)
class SecondShop:
    """What a newcomer types into the site. `community` is its address in VK, `person` its owner there."""

    evotor_user_id: str
    evotor_token: str = field(repr=False)
    vk_token: str = field(repr=False)
    group_id: int
    community: str
    person: str
    store_id: str


def add_second_shop(box: Sandbox) -> SecondShop:
    """Open a till with a few goods, and a community of another person without any."""
    account = box.evotor.add_merchant()
    store = box.evotor.add_store("Чайная на углу", "г. Тула, ул. Садовая, 3", user_id=account.user_id)
    groups: dict[str, str] = {}
    for group, name, price, quantity in GOODS:
        if group not in groups:
            groups[group] = box.evotor.add_group(store.id, group).id
        box.evotor.add_product(store.id, name, price=price, quantity=quantity, parent_id=groups[group])
    person = box.vk.add_person("Ольга", "Новосёлова")
    community = box.vk.add_community("Чайная на углу", "corner_tea", {person.id: ADMINISTRATOR})
    return SecondShop(
        evotor_user_id=account.user_id,
        evotor_token=account.token,
        vk_token=box.vk.add_token(user_id=person.id).value,
        group_id=community.id,
        community=f"https://vk.com/{community.screen_name}",
        person=f"{person.first_name} {person.last_name}",
        store_id=store.id,
    )
