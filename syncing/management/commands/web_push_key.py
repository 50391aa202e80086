"""`manage.py web_push_key`: a new key for messages in browsers."""

from typing import Any

from django.core.management.base import BaseCommand

from connections.clients.web_push.vapid import VapidKey


class Command(BaseCommand):
    help = "Prints a new WEB_PUSH_PRIVATE_KEY. Changing it ends the messages in every merchant's browser."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"WEB_PUSH_PRIVATE_KEY={VapidKey.new().to_text()}\n")
