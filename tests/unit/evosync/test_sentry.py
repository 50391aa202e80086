"""Error reports leave without secrets."""

from sentry_sdk.types import Event

from evosync.common.telemetry.sentry import scrubbed

TOKEN = "vk1.a.Zm9vYmFyYmF6cXV4LWxvbmctdG9rZW4"


def test_a_report_loses_secrets_at_every_depth() -> None:
    event: Event = {
        "message": f"refused access_token={TOKEN}",
        "exception": {"values": [{"value": f"Bearer {TOKEN}", "type": "AuthRevoked"}]},
        "breadcrumbs": {"values": [{"data": {"url": f"https://api.vk.com/?access_token={TOKEN}"}}]},
        "request": {
            "url": "https://shop.example/vk-id/back",
            "query_string": f"code={TOKEN}",
            "cookies": {"sessionid": "s3cret"},
            "data": {"token": TOKEN},
        },
    }
    report = str(scrubbed(event, {}))
    assert TOKEN not in report
    assert "s3cret" not in report
    assert "https://shop.example/vk-id/back" in report
    assert "AuthRevoked" in report
