"""What push services are sent: the encryption, the sender's token, and where nothing is sent."""

import time
from email.utils import formatdate

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from connections.clients.answered_urls import AnsweredUrls
from connections.clients.errors import AuthRevoked, OperatorActionRequired
from connections.clients.messengers.errors import pause_of
from connections.clients.web_push.client import PushClient, Subscription
from connections.clients.web_push.encoding import decode, encode
from connections.clients.web_push.encryption import encrypt
from connections.clients.web_push.vapid import VapidKey
from sandbox.messengers.push import Browser

KEY = VapidKey.new()
NO_YEAR = "Wed, 21 Oct 999999999999 07:28:00 GMT"


def test_the_encryption_is_that_of_the_standards_example() -> None:
    private = int.from_bytes(decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
    body = encrypt(
        b"When I grow up, I want to be a watermelon",
        browser_key=decode(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        auth=decode("BTBZMqHH6r4Tts7J_aSIgg"),
        salt=decode("DGv6ra1nlYgDCS1FRnbzlw"),
        own_key=ec.derive_private_key(private, ec.SECP256R1()),
    )
    assert body == decode(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
        "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@pytest.mark.parametrize(
    "address",
    [
        "http://fcm.googleapis.com/fcm/send/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com@127.0.0.1/x",
        "https://user@fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/#fcm.googleapis.com",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest",
        "https://localhost/x",
        "https://fcm.googleapis.com:99999/x",
        "https://fcm.googleapis.com/x\r\nHost: other",
        "https://evil.example\\.fcm.googleapis.com/x",
        "https://fcm.googleapis.com/x y",
        "ftp://fcm.googleapis.com/x",
        "https://[broken/x",
        "/push/x",
        "",
    ],
)
def test_nothing_is_sent_to_a_host_that_is_no_known_service(address: str) -> None:
    hosts = AnsweredUrls(["fcm.googleapis.com", "notify.windows.com"])
    client = PushClient(key=KEY, contact="mailto:a@example.com", hosts=hosts)
    assert not client.may_send_to(address)
    assert client.may_send_to("https://fcm.googleapis.com/fcm/send/abc:def")
    assert client.may_send_to("https://wns2-am3p.notify.windows.com/w/?token=x%2fy")
    browser = Browser("/x", KEY.public_text)
    subscription = Subscription(address, browser.public, browser.auth, KEY.public_text)
    with pytest.raises(AuthRevoked, match="no service"):
        client.send(subscription, b"{}", lasts=60)


def test_a_known_name_that_leads_into_our_own_network_gets_nothing() -> None:
    browser = Browser("/x", KEY.public_text)
    client = PushClient(key=KEY, contact="mailto:a@example.com", hosts=AnsweredUrls(["localhost"]))
    subscription = Subscription("https://localhost/x", browser.public, browser.auth, KEY.public_text)
    with pytest.raises(OperatorActionRequired, match="private network"):
        client.send(subscription, b"{}", lasts=60)


@pytest.mark.parametrize(
    "changed",
    [
        {"auth": "AAAA"},
        {"auth": ""},
        {"auth": "not base64!"},
        {"browser_key": ""},
        {"browser_key": encode(b"\x04" + b"\x01" * 64)},
        {"browser_key": encode(b"\x02" + b"\x01" * 32)},
        {"address": ""},
        {"address": "https://fcm.googleapis.com/" + "x" * 3000},
    ],
)
def test_what_is_no_subscription_is_refused(changed: dict[str, str]) -> None:
    browser = Browser("/x", KEY.public_text)
    told = {
        "address": "https://fcm.googleapis.com/x",
        "browser_key": encode(browser.public),
        "auth": encode(browser.auth),
        "sender": KEY.public_text,
    }
    assert Subscription.checked(**told).auth == browser.auth
    with pytest.raises(ValueError):
        Subscription.checked(**told | changed)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("40", 40), (40, 40), ("0", 1), ("-5", 1), ("1e9", 86_400), ("inf", 86_400), (None, None), ("", None)],
)
def test_a_service_says_how_long_to_wait_or_does_not(told: object, seconds: float | None) -> None:
    assert pause_of(told) == seconds


def test_a_pause_may_be_a_moment() -> None:
    assert pause_of("Wed, 21 Oct 2015 07:28:00 GMT") == 1
    assert pause_of(formatdate(time.time() + 600, usegmt=True)) == pytest.approx(600, abs=5)
    assert [pause_of(text) for text in ("nan", "soon", "Wed, 99 Oct", NO_YEAR)] == [None] * 4


@pytest.mark.parametrize("text", ["", "no key", "AAAA", encode(bytes(32)), encode(b"\xff" * 32), "ключ"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        VapidKey.from_text(text)
