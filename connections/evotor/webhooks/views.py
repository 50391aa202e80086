"""The addresses that Evotor calls. They check, store and answer; a worker does the rest.

Status 200 exactly means "kept": Evotor repeats everything else, events for three days.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables

from connections.choices import WebhookKind
from connections.evotor.account_linking import (
    BadCode,
    LinkedElsewhere,
    claim_with_code,
    locked_account,
    normalise_code,
    user_token_of,
)
from connections.evotor.webhooks import inbox
from connections.evotor.webhooks.authorization import (
    app_or_merchant,
    notified_merchant,
    require_about,
    require_our_app,
)
from connections.evotor.webhooks.hints import require_store_of, store_in_address, stores_with_new_stock
from connections.evotor.webhooks.parsing import (
    MAX_BYTES,
    Body,
    account_id,
    read_json,
    read_object,
    refuse_body,
    required,
    text,
)
from connections.evotor.webhooks.responses import (
    Refused,
    already_registered,
    bad_syntax,
    incorrect,
    linked_elsewhere,
    missing,
    wrong_credentials,
)
from connections.models import EvotorConnection
from evosync.common import clock
from evosync.common.bodies import takes_body

P = ParamSpec("P")
WebhookView = Callable[Concatenate[HttpRequest, P], HttpResponse]
# A form may have a login besides the code; nobody needs more fields than this.
MAX_FIELDS = 10
MAX_TYPED = 64
MAX_DIGITS = 15


def accepts(*methods: str) -> Callable[[WebhookView[P]], WebhookView[P]]:
    """Make a view that Evotor may call by these methods; refusals become answers in Evotor's form."""

    def webhook(view: WebhookView[P]) -> WebhookView[P]:
        @csrf_exempt
        @takes_body(MAX_BYTES, refuse=refuse_body)
        @wraps(view)
        @sensitive_variables()
        def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in methods:
                return JsonResponse({}, status=405, headers={"Allow": ", ".join(methods)})
            try:
                return view(request, *args, **kwargs)
            except Refused as refused:
                return refused.response()

        return wrapper

    return webhook


@accepts("POST")
def user_create(request: HttpRequest) -> HttpResponse:
    """Prepare an account for a new merchant; a link code among the fields links it at once.

    Without a code the account stays unclaimed: no email address or phone in the form is a proof.
    """
    require_our_app(request)
    body = read_object(request)
    evotor_user_id = account_id(body)
    _keep_form(WebhookKind.CREATE, request, body, evotor_user_id)
    codes = _codes_in(body)
    connection = _claim(codes, evotor_user_id, refuse=False) if codes else None
    if connection is None and EvotorConnection.objects.of_account(evotor_user_id).with_owner().exists():
        raise already_registered()
    return _answer_with_token(evotor_user_id)


@accepts("POST")
def user_verify(request: HttpRequest) -> HttpResponse:
    """Link the till account to the merchant whose link code was typed into Evotor's form."""
    require_our_app(request)
    body = read_object(request)
    evotor_user_id = account_id(body)
    if not any(text(body, name) for name in body if name not in ("userId", "userUuid")):
        raise missing("password")
    _keep_form(WebhookKind.VERIFY, request, body, evotor_user_id)
    _claim(_codes_in(body), evotor_user_id, refuse=True)
    # We send no bills of our own: Evotor charges the merchant.
    return _answer_with_token(evotor_user_id, hasBilling=False)


def _keep_form(kind: WebhookKind, request: HttpRequest, body: Body, evotor_user_id: str) -> None:
    # What people typed may be a password of theirs, so only the names of the fields are kept.
    fields = {"userId": evotor_user_id, "fields": sorted(str(name)[:64] for name in body)[:100]}
    key = inbox.digest(evotor_user_id, request.body)
    inbox.store(kind, key, evotor_user_id=evotor_user_id, body=fields, handled=True)


def _codes_in(body: Body) -> list[str]:
    """Return what looks like a link code among the fields; their names are chosen in Evotor's portal."""
    values = [value for value in list(body.values())[:MAX_FIELDS] if isinstance(value, str)]
    return [code for value in values if len(value) <= MAX_TYPED and (code := normalise_code(value))]


def _claim(codes: list[str], evotor_user_id: str, *, refuse: bool) -> EvotorConnection | None:
    try:
        return claim_with_code(codes, evotor_user_id=evotor_user_id, now=clock.now())
    except LinkedElsewhere:
        raise linked_elsewhere() from None
    except BadCode:
        if refuse:
            raise wrong_credentials() from None
        return None


def _answer_with_token(evotor_user_id: str, **extra: Any) -> JsonResponse:
    with locked_account(evotor_user_id) as connection:
        token = user_token_of(connection)
    return JsonResponse({"userId": evotor_user_id, **extra, "token": token})


@accepts("POST")
def user_token(request: HttpRequest) -> HttpResponse:
    """Store the token for Evotor's cloud; a worker checks whether it works."""
    require_our_app(request)
    body = read_object(request)
    evotor_user_id, token = account_id(body), required(body, "token")
    # Anything else fits into no header, so no request could be made with it.
    if not token.isascii() or not token.isprintable() or " " in token:
        raise incorrect("token", "")
    key = inbox.digest(evotor_user_id, token)
    inbox.store(WebhookKind.TOKEN, key, evotor_user_id=evotor_user_id, body={"token": token})
    return JsonResponse({})


@accepts("POST")
def subscription_event(request: HttpRequest) -> HttpResponse:
    """Keep what became of a paid subscription; a till account that we do not know is kept as well."""
    caller = app_or_merchant(request)
    body = read_object(request)
    evotor_user_id = account_id(body)
    require_about(caller, evotor_user_id)
    subscription = required(body, "subscriptionId", limit=64)
    required(body, "type", limit=64)
    number = body.get("sequenceNumber")
    if number is None or number == "":
        raise missing("sequenceNumber")
    if isinstance(number, bool) or not str(number).isdecimal() or len(str(number)) > MAX_DIGITS:
        raise incorrect("sequenceNumber", number)
    inbox.store(
        WebhookKind.SUBSCRIPTION, f"{subscription}:{int(number)}", evotor_user_id=evotor_user_id, body=body
    )
    return JsonResponse({})


@accepts("POST")
def installation_event(request: HttpRequest) -> HttpResponse:
    """Keep that the merchant installed or removed the application."""
    caller = app_or_merchant(request)
    body = read_object(request)
    data = body.get("data")
    evotor_user_id = account_id(data if isinstance(data, dict) else body)
    require_about(caller, evotor_user_id)
    event_id = required(body, "id", limit=64)
    required(body, "type", limit=64)
    inbox.store(WebhookKind.INSTALLATION, event_id, evotor_user_id=evotor_user_id, body=body)
    return JsonResponse({})


@accepts("POST", "PUT")
def store_products(request: HttpRequest, store_id: str = "") -> HttpResponse:
    """Keep a push of goods as a hint that this store has changed; its body is never applied."""
    connection = notified_merchant(request)
    named = store_in_address(request, store_id)
    # Documented is a list of goods; what hints at a change in another shape hints no less.
    if not isinstance(read_json(request), list | dict):
        raise bad_syntax()
    require_store_of(connection, named)
    inbox.store_hint(WebhookKind.PRODUCTS, evotor_user_id=connection.evotor_user_id or "", store_id=named)
    return JsonResponse({})


@accepts("PUT", "POST")
def store_documents(request: HttpRequest, store_id: str = "") -> HttpResponse:
    """Keep receipts as a hint that a store's stock has changed.

    No field of them is kept, for buyers may be named in them.
    """
    connection = notified_merchant(request)
    account = connection.evotor_user_id or ""
    named = store_in_address(request, store_id)
    stores = stores_with_new_stock(read_json(request), named=named, evotor_user_id=account)
    for store in sorted(stores):
        require_store_of(connection, store)
    for store in sorted(stores):
        inbox.store_hint(WebhookKind.DOCUMENTS, evotor_user_id=account, store_id=store)
    return JsonResponse({})
