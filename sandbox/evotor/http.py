"""Evotor's cloud over HTTP: V2 with cursors, rights, rate limits, faults (reference, evotor.md §1–3)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sandbox.evotor.control import EvotorControl
from sandbox.evotor.oauth import EvotorOAuth
from sandbox.evotor.paging import Cursor, read_cursor
from sandbox.evotor.records import EvotorCall, Merchant, TillGroup, TillProduct, TillStore
from sandbox.evotor.render import group_json, product_json, store_json
from sandbox.evotor.state import EvotorState
from sandbox.evotor.writes import BadWriteError, EvotorWrites
from sandbox.fault_effects import apply_fault
from sandbox.faults import Fault
from sandbox.wire import Request, Response, now_ms

Record = TypeVar("Record", TillStore, TillGroup, TillProduct)

MEDIA_TYPES: Final = ("application/vnd.evotor.v2+json", "application/json", "application/*", "*/*")
CODES: Final = {
    400: ("bad_request", "The request is not valid"),
    401: ("unauthorized", "The application is not authorised"),
    402: ("not_installed", "The application is not installed on every terminal of the store"),
    403: ("forbidden", "The application has no right for this action or is not installed"),
    404: ("not_found", "There is no such resource"),
    405: ("method_not_allowed", "The method is not allowed"),
    406: ("not_acceptable", "The media type is not served"),
    413: ("too_large", "The request is too large"),
    429: ("too_many_requests", "The limit of requests is exceeded"),
    500: ("internal_error", "Internal error"),
    503: ("unavailable", "The service is unavailable"),
}


class EvotorError(Exception):
    """A request is answered with an error status."""

    def __init__(self, status: int, detail: str = "", subject: str = "") -> None:
        self.status = status
        self.detail = detail
        self.subject = subject
        super().__init__(f"{status} {detail}")

    def response(self) -> Response:
        """Return the error as the cloud words it."""
        code, message = CODES.get(self.status, ("error", "Error"))
        violations = [{"reason": "incorrect", "subject": self.subject}] if self.subject else []
        text = f"{message}: {self.detail}" if self.detail else message
        return Response.of_json({"code": code, "message": text, "violations": violations}, self.status)


@dataclass(slots=True)
class Window:
    """How many requests of one token to one path this window has had."""

    started: float
    used: int = 0


class EvotorHttp:
    """Routes the requests of the Evotor port."""

    def __init__(self, state: EvotorState) -> None:
        self.state = state
        self.control = EvotorControl(state)
        self.oauth = EvotorOAuth(state)
        self._writes = EvotorWrites(state)
        self._windows: dict[tuple[str, str], Window] = {}

    def handle(self, request: Request) -> Response:
        """Answer one request, with any fault that is due."""
        parts = [part for part in request.path.split("/") if part]
        if parts[:1] == ["_sandbox"]:
            return self.control.handle("/".join(parts[1:]), request)
        if parts[:1] == ["oauth"]:
            return self.oauth.handle(request)
        method = _method(parts)
        fault = self.state.faults.take(method)
        if fault and fault.kind == "action" and fault.do:
            fault.do()
        try:
            response = Response() if fault and fault.unexecuted else self._answer(request, parts, fault)
        except EvotorError as error:
            response = error.response()
        broken = fault is not None and fault.kind.startswith("reset")
        response = apply_fault(response, fault)
        with self.state.lock:
            self.state.requests += 1
            now = self.state.clock()
            call = EvotorCall(method, request.verb, request.path, request.query, now, response.status, broken)
            self.state.calls.append(call)
        return response

    def _answer(self, request: Request, parts: list[str], fault: Fault | None) -> Response:
        with self.state.lock:
            merchant = self._merchant(request)
            self._check_accept(request)
            headers = self._count(merchant, "/" + "/".join(parts))
            if fault and fault.kind == "error":
                raise EvotorError(fault.status, fault.text)
            if not merchant.installed:
                raise EvotorError(403)
            if request.verb == "GET":
                response = self._read(request, parts, merchant, fault)
            else:
                response = self._write(request, parts, merchant)
            response.headers.update(headers)
            response.delivery.delay = merchant.answer_seconds
            response.delivery.held_until = merchant.held_until
            return response

    def _merchant(self, request: Request) -> Merchant:
        raw = request.headers.get("authorization") or request.headers.get("x-authorization", "")
        scheme, _, rest = raw.partition(" ")
        merchant = self.state.find_merchant(rest.strip() if scheme.lower() == "bearer" else raw.strip())
        if merchant is None:
            raise EvotorError(self.state.rules.unknown_status)
        return merchant

    def _check_accept(self, request: Request) -> None:
        accepted = request.headers.get("accept", "*/*").split(",")
        if not any(kind.split(";")[0].strip() in MEDIA_TYPES for kind in accepted):
            raise EvotorError(406)

    def _count(self, merchant: Merchant, path: str) -> dict[str, str]:
        """Count a request; return the headers of a 200. Raises EvotorError 429 over the limit."""
        rules = self.state.rules
        if not rules.per_window:
            return {}
        now = self.state.clock()
        window = self._windows.setdefault((merchant.token, path), Window(now))
        if now - window.started >= rules.window:
            window.started, window.used = now, 0
        window.used += 1
        if window.used > rules.per_window:
            raise EvotorError(429)
        return {
            "X-RateLimit-Limit": str(rules.per_window),
            "X-RateLimit-Remaining": str(rules.per_window - window.used),
            "X-RateLimit-Reset": str(max(1, round(window.started + rules.window - now))),
        }

    def _read(self, request: Request, parts: list[str], merchant: Merchant, fault: Fault | None) -> Response:
        match parts:
            case ["stores"]:
                stores = [one for one in self.state.stores.values() if one.user_id == merchant.user_id]
                return self._page(request, fault, stores, store_json)
            case ["stores", store_id, "products"]:
                products = self._store(store_id, merchant).products.values()
                return self._page(request, fault, products, lambda one: product_json(one, merchant))
            case ["stores", store_id, "product-groups"]:
                groups = self._store(store_id, merchant).groups.values()
                return self._page(request, fault, groups, lambda one: group_json(one, merchant.user_id))
            case _:
                return self._read_one(parts, merchant)

    def _read_one(self, parts: list[str], merchant: Merchant) -> Response:
        match parts:
            case ["stores", store_id]:
                return Response.of_json(store_json(self._store(store_id, merchant)))
            case ["stores", store_id, "products", product_id]:
                product = self._store(store_id, merchant).products.get(product_id)
                if product:
                    return Response.of_json(product_json(product, merchant))
                raise EvotorError(self.state.rules.missing_status)
            case ["stores", store_id, "product-groups", group_id]:
                group = self._store(store_id, merchant).groups.get(group_id)
                if group:
                    return Response.of_json(group_json(group, merchant.user_id))
            case ["stores", _, "products", _, "images"] if self.state.rules.serves_images:
                return Response.of_json({"items": [], "paging": {}})
            case ["api", "v1", "inventories", "stores", "search"] if self.state.rules.serves_version_1:
                return Response.of_json([])
            case ["bulks", task_id]:
                task = self._writes.task(task_id)
                if task:
                    return task
        raise EvotorError(404)

    def _write(self, request: Request, parts: list[str], merchant: Merchant) -> Response:
        response: Response | None = None
        try:
            match parts:
                case ["stores", store_id, "products"]:
                    response = self._writes.collection(request, self._store(store_id, merchant), merchant)
                case ["stores", store_id, "products", product_id]:
                    store = self._store(store_id, merchant)
                    response = self._writes.single(request, store, merchant, product_id)
                    if response is None and product_id not in store.products:
                        raise EvotorError(404)
        except BadWriteError as error:
            raise EvotorError(400, error.detail, error.subject) from None
        if response is None:
            raise EvotorError(405)
        return response

    def _store(self, store_id: str, merchant: Merchant) -> TillStore:
        store = self.state.stores.get(store_id)
        if store is None:
            raise EvotorError(404)
        if store.user_id != merchant.user_id:
            raise EvotorError(self.state.rules.strangers_status)
        if not store.on_terminals:
            raise EvotorError(402, store.name)
        return store

    def _page(
        self,
        request: Request,
        fault: Fault | None,
        records: Iterable[Record],
        as_json: Callable[[Record], dict[str, Any]],
    ) -> Response:
        cursor = self._cursor(request)
        since = self._since(request, cursor)
        chosen = [one for one in records if since is None or now_ms(one.updated_at) >= since]
        start, end = cursor.offset, cursor.offset + cursor.limit
        kind = fault.kind if fault else ""
        page = chosen[start:end]
        if kind == "empty_page":
            page, end = [], start
        if kind == "shift" and start and page:
            page = chosen[start - 1 : start] + page[:-1]
        if kind == "blank":
            page, end = [], len(chosen)
        items = [as_json(one) for one in page]
        if fault and kind in {"omit", "broken"}:
            items = _without_fields(items, fault)
        paging: dict[str, str] = {}
        if end < len(chosen) or kind == "empty_page":
            following = Cursor(cursor.path, end, cursor.limit, cursor.since, self.state.clock())
            paging["next_cursor"] = following.text()
        if kind == "repeat_cursor":
            paging["next_cursor"] = request.query.get("cursor") or paging.get("next_cursor") or cursor.text()
        return Response.of_json({"items": items, "paging": paging})

    def _since(self, request: Request, cursor: Cursor) -> int | None:
        """Return the first moment whose records are listed, None where all are."""
        rules = self.state.rules
        is_products = request.path.rstrip("/").endswith("/products")
        if cursor.since is None or not (rules.since_of_products if is_products else rules.since_of_groups):
            return None
        return cursor.since + (0 if rules.since_is_inclusive else 1)

    def _cursor(self, request: Request) -> Cursor:
        path = request.path.rstrip("/")
        text = request.query.get("cursor")
        if text is None:
            asked = self._number(request, "limit") if self.state.rules.takes_limit else None
            limit = min(asked or self.state.rules.page_size, self.state.rules.page_size)
            return Cursor(path, 0, limit, self._number(request, "since"), self.state.clock())
        cursor = read_cursor(text)
        if cursor is None or cursor.path != path:
            raise EvotorError(400, "cursor is invalid", "cursor")
        if self.state.clock() - cursor.made_at > self.state.rules.cursor_seconds:
            raise EvotorError(400, "cursor has expired", "cursor")
        others = sorted(set(request.query) - {"cursor"})
        if others:
            self.state.warnings.append(f"{path}: {', '.join(others)} ignored beside cursor")
        return cursor

    def _number(self, request: Request, name: str) -> int | None:
        text = request.query.get(name)
        if text is None:
            return None
        if not text.isdigit() or (name == "limit" and int(text) == 0):
            raise EvotorError(400, f"{name} is invalid", name)
        return int(text)


def _without_fields(items: Sequence[dict[str, Any]], fault: Fault) -> list[dict[str, Any]]:
    """Return the records as the fault shows them: without fields, or the first one without its id."""
    if fault.kind == "broken":
        return [
            {name: value for name, value in item.items() if name != "id" or place}
            for place, item in enumerate(items)
        ]
    names = {name.strip() for name in fault.text.split(",")}
    return [{name: value for name, value in item.items() if name not in names} for item in items]


def _method(parts: list[str]) -> str:
    """Return the kind of a path, as faults and the call log name it."""
    match parts:
        case ["stores"] | ["stores", _]:
            return "stores" if len(parts) == 1 else "store"
        case ["stores", _, "products"] | ["stores", _, "product-groups"]:
            return parts[2]
        case ["stores", _, "products", _]:
            return "product"
        case ["stores", _, "product-groups", _]:
            return "product-group"
        case _:
            return "/".join(parts)
