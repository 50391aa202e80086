"""`manage.py bot_webhooks`: tell Telegram and MAX where messages to our bots are to be sent."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from connections.client_factory import max_client, telegram_client
from connections.clients.errors import ClientError
from evosync.common.email import site_url
from syncing.choices import ChannelKind
from syncing.services.channels import MESSENGERS


class Command(BaseCommand):
    help = (
        "Tells Telegram and MAX where messages to the bots are sent: once, and after a change of the secret."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        offered = [kind for kind, channel in MESSENGERS.items() if channel.is_offered()]
        if not offered:
            raise CommandError("No bot is set up: TELEGRAM_BOT_TOKEN and TELEGRAM_BOT_NAME, or MAX_BOT_…")
        for kind in offered:
            secret = (
                settings.TELEGRAM_WEBHOOK_SECRET
                if kind == ChannelKind.TELEGRAM
                else settings.MAX_WEBHOOK_SECRET
            )
            if not secret:
                raise CommandError(
                    f"{kind.name}_WEBHOOK_SECRET is empty: nobody could tell who sends a message."
                )
            client = telegram_client() if kind == ChannelKind.TELEGRAM else max_client()
            url = site_url(reverse(f"bots:{kind.value}"))
            try:
                client.set_webhook(url, secret=secret)
            except ClientError as error:
                raise CommandError(f"{kind.label}: {error.code} {error.text}") from None
            self.stdout.write(f"{kind.label}: messages are sent to {url}\n")
