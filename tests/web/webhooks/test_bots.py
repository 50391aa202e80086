"""Messages to our bots: who may send them, what is taken, and what a chat is told."""

import json
from collections.abc import Iterator
from typing import Any

import dramatiq
import pytest
from django.core.cache import cache
from django.test import Client
from redis.exceptions import ConnectionError as RedisAway

from accounts.models import SecurityEvent
from sandbox.messengers import MaxBot, TelegramBot
from syncing.choices import ChannelKind
from syncing.models import HeldPrice, NotificationChannel, SyncConfig
from syncing.models.channels import channel_key
from syncing.services import bot as bot_service
from tests.web.shop import Shop, a_merchant

SECRETS = {ChannelKind.TELEGRAM: "t" * 32, ChannelKind.MAX: "m" * 32}
HEADERS = {ChannelKind.TELEGRAM: "X-Telegram-Bot-Api-Secret-Token", ChannelKind.MAX: "X-Max-Bot-Api-Secret"}
CHAT = 771


@pytest.fixture
def shop(db: None) -> Shop:
    user = a_merchant("owner@example.com")
    user.language = "en"
    user.save()
    shop = Shop(user)
    SyncConfig.objects.update(is_enabled=True, confirmed_at=shop.now)
    return shop


class Talk:
    """One person's chat with the bot of one messenger."""

    def __init__(self, kind: ChannelKind, bot: TelegramBot | MaxBot) -> None:
        self.kind, self.bot, self.number = kind, bot, 0

    def post(self, body: object, secret: str | None = None) -> int:
        """Send a body to our address and return the status of the answer."""
        given = SECRETS[self.kind] if secret is None else secret
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = Client(headers={HEADERS[self.kind]: given}).post(
            f"/webhooks/{self.kind}/", raw, content_type="application/json"
        )
        return answer.status_code

    def say(self, text: str, chat: int = CHAT) -> str:
        """Say something in the chat and return the bot's answer, or nothing."""
        self.number += 1
        before = len(self.bot.messages)
        assert self.post(self.bot.update(chat, text, number=self.number)) == 200
        work()
        return "\n".join(message.text for message in self.bot.messages[before:])


def work() -> None:
    """Carry out what is on the queue for the bots."""
    broker = dramatiq.get_broker()
    consumer = broker.consume("default", timeout=1)
    while (message := next(consumer)) is not None:
        consumer.ack(message)
        if message.actor_name == "answer_bot":
            kind, chat, name, text, code_hash = message.args
            bot_service.answer(kind, chat=chat, name=name, text=text, code_hash=code_hash)


@pytest.fixture(params=[ChannelKind.TELEGRAM, ChannelKind.MAX])
def talk(request: pytest.FixtureRequest, settings: Any, db: None) -> Iterator[Talk]:
    cache.clear()
    dramatiq.get_broker().flush_all()
    settings.SITE_URL = "https://evosync.example"
    with TelegramBot() as telegram, MaxBot() as in_max:
        settings.TELEGRAM_API_URL, settings.MAX_API_URL = telegram.url, in_max.url
        settings.TELEGRAM_BOT_TOKEN, settings.MAX_BOT_TOKEN = telegram.token, in_max.token
        settings.TELEGRAM_BOT_NAME, settings.MAX_BOT_NAME = telegram.name, in_max.name
        settings.TELEGRAM_WEBHOOK_SECRET = SECRETS[ChannelKind.TELEGRAM]
        settings.MAX_WEBHOOK_SECRET = SECRETS[ChannelKind.MAX]
        yield Talk(request.param, telegram if request.param == ChannelKind.TELEGRAM else in_max)
    dramatiq.get_broker().flush_all()


@pytest.fixture
def linked(talk: Talk, shop: Shop) -> Talk:
    key = channel_key(talk.kind, str(CHAT))
    NotificationChannel.objects.create(
        user=shop.user, kind=talk.kind, key=key, address=str(CHAT), name="anna"
    )
    return talk


def code_on_page(client: Client, kind: str) -> str:
    page = client.post("/notifications/link/", {"kind": kind}).content.decode()
    return page.partition("/start ")[2].partition("<")[0]


@pytest.mark.once
def test_the_page_gives_a_code_that_the_chat_sends_once(talk: Talk, shop: Shop, owner: Client) -> None:
    code = code_on_page(owner, talk.kind)
    assert talk.say("/start " + "x" * 32).startswith("Эта ссылка уже использована")
    assert "Done" in talk.say(f"/start {code}")
    channel = NotificationChannel.objects.get(kind=talk.kind)
    assert (channel.user, channel.address) == (shop.user, str(CHAT))
    assert "Эта ссылка уже использована" in talk.say(f"/start {code}", chat=CHAT + 1)
    assert SecurityEvent.objects.get().kind == "chat_linked"


# Telegram sends the code as a message.
@pytest.mark.parametrize("talk", [ChannelKind.MAX], indirect=True)
def test_a_link_into_max_brings_the_code_with_the_first_event(talk: Talk, shop: Shop, owner: Client) -> None:
    assert isinstance(talk.bot, MaxBot)
    code = code_on_page(owner, talk.kind)
    assert talk.post(talk.bot.started(CHAT, code)) == 200
    work()
    assert NotificationChannel.objects.filter(kind=talk.kind, user=shop.user).exists()


@pytest.mark.once
@pytest.mark.parametrize("secret", ["", "wrong", "т" * 32])
def test_without_the_secret_nobody_is_the_messenger(linked: Talk, secret: str) -> None:
    if not secret.isascii():
        secret = secret.encode().decode("latin-1")
    assert linked.post(linked.bot.update(CHAT, "/pause"), secret) == 401
    work()
    assert SyncConfig.objects.get().is_enabled


@pytest.mark.once
def test_without_a_configured_secret_nobody_is_either(linked: Talk, settings: Any) -> None:
    settings.TELEGRAM_WEBHOOK_SECRET = settings.MAX_WEBHOOK_SECRET = ""
    assert linked.post(linked.bot.update(CHAT, "/pause"), "") == 401


@pytest.mark.once
@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"\xff", b'{"message": NaN}', b'{"a": 1, "a": 2}', b'{"text": "\\ud800"}'),
        pytest.param(b"[" * 100_000, id="nested"),
    ],
)
def test_a_body_that_is_no_json_is_refused(linked: Talk, body: bytes) -> None:
    assert linked.post(body) in {400, 413}


@pytest.mark.once
def test_a_body_that_no_message_has_is_refused_by_its_length(linked: Talk) -> None:
    assert linked.post({"text": "x" * 100_000}) == 413


@pytest.mark.once
@pytest.mark.parametrize(
    "part", [None, 5, "x", [], {}, {"chat": 5}, {"chat": {"id": "1"}, "recipient": {"chat_id": True}}]
)
def test_what_is_no_message_is_taken_and_dropped(linked: Talk, part: object) -> None:
    bodies: list[object] = [
        {"update_id": 1, "message": part},
        {"update_type": "message_created", "message": part},
        [],
    ]
    for body in bodies:
        assert linked.post(body) == 200
    work()
    assert linked.bot.messages == []


@pytest.mark.once
def test_a_message_in_a_group_is_not_answered(linked: Talk) -> None:
    if isinstance(linked.bot, TelegramBot):
        body = linked.bot.update(CHAT, "/pause", kind="group")
    else:
        body = linked.bot.update(CHAT, "/pause")
        body["message"]["recipient"]["chat_type"] = "chat"
    assert linked.post(body) == 200
    work()
    assert linked.bot.messages == []
    assert SyncConfig.objects.get().is_enabled


@pytest.mark.once
def test_a_message_that_is_told_twice_is_answered_once(linked: Talk) -> None:
    body = linked.bot.update(CHAT, "/status")
    for _time in range(3):
        assert linked.post(body) == 200
    work()
    assert len(linked.bot.messages) == 1


@pytest.mark.once
def test_without_a_broker_the_messenger_is_asked_to_tell_it_again(
    linked: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_options: object) -> None:
        raise RedisAway

    with monkeypatch.context() as patch:
        patch.setattr("syncing.queue.put", away)
        assert linked.post(linked.bot.update(CHAT, "/status")) == 503
    assert linked.post(linked.bot.update(CHAT, "/status")) == 200
    work()
    assert len(linked.bot.messages) == 1


@pytest.mark.once
def test_a_chat_that_never_stops_is_answered_twenty_times_a_minute(linked: Talk) -> None:
    for number in range(30):
        assert linked.post(linked.bot.update(CHAT, "/status", number=number)) == 200
    work()
    assert len(linked.bot.messages) == 20


@pytest.mark.once
@pytest.mark.parametrize("command", ["/status", "/why bread", "/pause", "/resume", "/unlink", "hello"])
def test_a_chat_that_is_not_linked_learns_and_changes_nothing(talk: Talk, shop: Shop, command: str) -> None:
    text = talk.say(command)
    assert text.startswith("Этот чат не привязан к магазину")
    assert shop.bread.name not in text
    assert SyncConfig.objects.get().is_enabled


def test_pause_and_resume_switch_the_sync_and_are_in_the_merchants_list(linked: Talk, shop: Shop) -> None:
    assert "Sync is off" in linked.say("/pause")
    assert not SyncConfig.objects.get().is_enabled
    assert "sync is off" in linked.say("/status")
    SyncConfig.objects.update(compare_every_hours=3)
    assert "compared with the till every 3 hours" in linked.say("/resume@evosync_bot")
    assert "compared with the till every 3 hours" in linked.say("/status")
    assert SyncConfig.objects.get().is_enabled
    assert [event.kind for event in SecurityEvent.objects.all()] == ["switched_in_chat"] * 2


def test_a_chat_cannot_confirm_the_first_run(linked: Talk) -> None:
    SyncConfig.objects.update(is_enabled=False, confirmed_at=None)
    assert "confirmed on the page" in linked.say("/resume")
    assert not SyncConfig.objects.get().is_enabled


def test_status_says_what_works_and_what_waits(linked: Talk, shop: Shop) -> None:
    shop.job("needs_approval", plan_hash="a" * 64)
    shop.job("partial", error_count=3, finished_at=shop.now)
    text = linked.say("/status")
    for words in (
        "sync is on: VK is compared with the till every hour",
        "Evotor: connected",
        "VK refused 3 products",
        "waits for your answer",
    ):
        assert words in text


def test_why_explains_by_barcode_article_and_name(linked: Talk, shop: Shop) -> None:
    shop.beer.barcodes, shop.beer.article_number = ["4600000000017"], "A-17"
    shop.beer.search_text = "пиво светлое 4600000000017 a-17"
    shop.beer.save()
    for question in ("4600000000017", "A-17", shop.beer.name):
        text = linked.say(f"/why {question}")
        assert text.startswith(shop.beer.name)
        assert "alcohol" in text.lower() or "VK" in text
    assert "no product “4600000000099”" in linked.say("/why 4600000000099")
    assert "Write the barcode" in linked.say("/why")


def test_why_names_the_goods_where_there_are_several_and_html_stays_text(linked: Talk, shop: Shop) -> None:
    for number in range(9):
        shop.product(f"tea-{number}", f"Чай <b>{number}</b> & мята", group="food")
    text = linked.say("/why Чай")
    assert "There are several" in text
    assert text.count("<b>") == 5


def test_another_merchants_goods_are_not_found(linked: Talk, other_shop: Shop) -> None:
    other_shop.product("caviar", "Икра чёрная", group="food")
    assert "no product" in linked.say("/why Икра чёрная")


@pytest.mark.once
def test_status_names_the_prices_that_wait(linked: Talk, shop: Shop) -> None:
    HeldPrice.objects.create(
        user=shop.user, product=shop.bread, old_kopecks=1, new_kopecks=9, till_kopecks=9, held_at=shop.now
    )
    assert "1 price waits for your yes: https://evosync.example/sync/prices/" in linked.say("/status")


@pytest.mark.once
@pytest.mark.parametrize("between", ["\n", "  ", "\t", "\u00a0"])
def test_a_command_and_what_follows_may_be_parted_by_any_blank(
    linked: Talk, shop: Shop, between: str
) -> None:
    assert linked.say(f"/why{between}{shop.bread.name}").startswith(shop.bread.name)


def test_who_unblocks_the_bot_is_told_again(linked: Talk, shop: Shop) -> None:
    NotificationChannel.objects.update(is_on=False, off_code="telegram.403")
    assert "Welcome back" in linked.say("/start")
    assert NotificationChannel.objects.get(user=shop.user, kind=linked.kind).is_on
    assert "Welcome back" not in linked.say("/start")


def test_unlink_ends_it(linked: Talk) -> None:
    assert "unlinked" in linked.say("/unlink")
    assert not NotificationChannel.objects.filter(kind=linked.kind).exists()
    assert linked.say("/status").startswith("Этот чат не привязан")


@pytest.mark.once
def test_a_closed_account_answers_no_more(linked: Talk, shop: Shop) -> None:
    shop.user.is_active = False
    shop.user.save()
    assert linked.say("/status") == ""


@pytest.mark.once
def test_the_code_is_not_on_the_queue(talk: Talk, shop: Shop, owner: Client) -> None:
    code = code_on_page(owner, talk.kind)
    assert talk.post(talk.bot.update(CHAT, f"/start {code}")) == 200
    consumer = dramatiq.get_broker().consume("default", timeout=1)
    message = next(consumer)
    assert message is not None
    assert code not in str(message.args)
