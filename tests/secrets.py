"""Plants a secret of every kind that EvoSync holds of a merchant, so that a test can look for them anywhere.

`plant(user)` returns the texts; none of them may be on a page, in a log, an export, a traceback, an
email or a bundle. The feeds' addresses are the merchant's own to see: each is allowed on its own page.
"""

from django.utils import timezone

from accounts.models import User
from connections.evotor.account_linking import issue_link_code, user_token_of
from connections.evotor.tokens import token_fingerprint
from connections.models import EvotorConnection, VkConnection, WebhookEvent
from syncing.core.feed.readers import ReaderKey
from syncing.feed import issue_feed
from syncing.feed.reader_addresses import reader_feed, renew_address

MARK = "Planted7391"


def plant(user: User) -> list[str]:
    """Give the merchant secrets in every column that may hold one; return all of them.

    Rows that exist are kept and get new secrets; missing ones are made. Lengths and letters are
    those of real tokens, so that what cuts or escapes texts meets its match.
    """
    number = f"{MARK}u{user.pk}"
    evotor = [f"{number}-evotor-access-0123456789abcdef", f"{number}-evotor-refresh-0123456789abcdef"]
    vk = [f"vk2.a.{number}-access-" + "Ab0_-" * 12, f"vk2.a.{number}-refresh-" + "Ab0_-" * 12]
    app_secret, device_id = f"{number}-app-secret-0123456789", f"{number}-device-0123456789"
    connection, _made = EvotorConnection.objects.get_or_create(
        user=user, defaults={"evotor_user_id": f"01-{user.pk:015}", "is_online": True}
    )
    connection.access_token, connection.refresh_token = evotor
    connection.access_token_hash = token_fingerprint(evotor[0])
    connection.save()
    webhook_token = user_token_of(connection)
    VkConnection.objects.update_or_create(
        user=user,
        defaults={
            "access_token": vk[0],
            "refresh_token": vk[1],
            "app_secret": app_secret,
            "device_id": device_id,
        },
    )
    pushed = f"{number}-pushed-token-0123456789abcdef"
    WebhookEvent.objects.update_or_create(
        dedupe_key=f"user/token:{number}",
        defaults={
            "kind": "user/token",
            "evotor_user_id": connection.evotor_user_id or "",
            "body": f'{{"token": "{pushed}"}}',
        },
    )
    code = issue_link_code(user, now=timezone.now())
    ads = reader_feed(user, ReaderKey.AVITO)
    renew_address(ads)
    addresses = [issue_feed(user).token, ads.token]
    return [*evotor, *vk, app_secret, device_id, pushed, webhook_token, code, *addresses]


def found_in(text: str, secrets: list[str]) -> list[str]:
    """Return the secrets that a text holds, whole or without their last third."""
    return [secret for secret in secrets if secret in text or secret[: len(secret) * 2 // 3] in text]
