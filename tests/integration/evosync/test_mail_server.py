"""A mail server that takes connections and says nothing holds no thread of ours for long."""

import socket
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest

from evosync.common.email import send_plain_email

SHORTER = 100


@pytest.mark.once
def test_a_mail_server_that_says_nothing_is_given_up(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        settings.EMAIL_TIMEOUT = settings.EMAIL_TIMEOUT / SHORTER
        with pytest.raises(SMTPServerDisconnected, match="timed out"):
            send_plain_email("shop@example.com", "Subject", "Text")
