"""The sandbox's mailbox: what Django sends is printed and shown on a page."""

from email.mime.text import MIMEText
from smtplib import SMTP

import requests
from django.core.mail import EmailMultiAlternatives, get_connection

from sandbox.mailbox import Mail, Mailbox
from sandbox.management.commands.demo import mail_settings


def send(box: Mailbox, subject: str, text: str, *, html: str = "") -> None:
    """Send an email as the demo does: with Django's own backend and nothing but email settings."""
    chosen = mail_settings(box)
    backend = get_connection(
        chosen["EMAIL_BACKEND"],
        host=chosen["EMAIL_HOST"],
        port=chosen["EMAIL_PORT"],
        use_tls=chosen["EMAIL_USE_TLS"],
        use_ssl=chosen["EMAIL_USE_SSL"],
        username=chosen["EMAIL_HOST_USER"],
        password=chosen["EMAIL_HOST_PASSWORD"],
    )
    mail = EmailMultiAlternatives(subject, text, "evosync@example.com", ["anna@example.com"])
    if html:
        mail.attach_alternative(html, "text/html")
    backend.send_messages([mail])


def page_of(box: Mailbox) -> str:
    answer = requests.get(box.url, timeout=30)
    assert answer.status_code == 200
    return answer.text


def test_an_email_is_announced_and_shown_with_its_link() -> None:
    heard: list[Mail] = []
    with Mailbox(on_mail=heard.append) as box:
        assert "None so far" in page_of(box)
        text = "Здравствуйте!\n.\nПодтвердите почту:\n\nhttp://127.0.0.1:8000/confirm/abc/?a=1&b=2\n"
        send(box, "Подтвердите адрес", text, html="<p>Здравствуйте</p>")
        page = page_of(box)
    assert heard == [Mail("anna@example.com", "Подтвердите адрес", text.strip())]
    assert "Подтвердите адрес" in page
    assert '<a href="http://127.0.0.1:8000/confirm/abc/?a=1&amp;b=2">' in page


def test_the_newest_email_is_on_top_and_nothing_in_it_is_run() -> None:
    with Mailbox() as box:
        send(box, "First", "<script>alert(1)</script>")
        send(box, "Second", "text")
        page = page_of(box)
    assert page.index("Second") < page.index("First")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_sender_that_disconnects_leaves_no_half_message() -> None:
    with Mailbox() as box:
        sender = SMTP("127.0.0.1", box.smtp_port, timeout=30)
        sender.docmd("DATA")
        sender.send("Subject: half\r\n\r\nof a m")
        sender.close()
        with SMTP("127.0.0.1", box.smtp_port, timeout=30) as other:
            message = MIMEText("whole")
            message["Subject"], message["To"] = "Whole", "a@example.com"
            other.send_message(message, "b@example.com", ["a@example.com"])
            assert other.docmd("VRFY")[0] == 502
        assert [mail.subject for mail in box.mails] == ["Whole"]


def test_other_pages_are_not_there() -> None:
    with Mailbox() as box:
        assert requests.get(f"{box.url}other", timeout=30).status_code == 404
