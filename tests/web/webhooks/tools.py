"""Deliveries as the site's test client makes them."""

import json

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import User
from connections.evotor.account_linking import issue_link_code
from sandbox.evotor.webhooks import WebhookCall, Webhooks

APP_TOKEN = "11111111-2222-4333-8444-555555555555"
PREFIX = "/evotor"


def deliver(client: Client, call: WebhookCall) -> HttpResponse:
    """Hand a delivery to the site as Evotor's server would."""
    headers = dict(call.headers)
    content_type = headers.pop("Content-Type")
    path = PREFIX + call.path
    response = client.generic(call.verb, path, call.body, content_type=content_type, headers=headers)
    assert isinstance(response, HttpResponse)
    return response


def error_of(response: HttpResponse) -> tuple[int, int]:
    return response.status_code, json.loads(response.content)["errors"][0]["code"]


def code_for(user: User) -> str:
    return issue_link_code(user, now=timezone.now())


def connected(client: Client, evotor: Webhooks, merchant: User) -> str:
    """Link the till by a link code; return the token that we gave Evotor."""
    response = deliver(client, evotor.user_verify(linkCode=code_for(merchant)))
    assert response.status_code == 200, response.content
    return str(json.loads(response.content)["token"])
