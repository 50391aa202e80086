"""VK's API: `/method/…`, `execute`, faults, limits, uploads (reference, vk.md §1–2, 8)."""

from typing import Any, Final

from sandbox.fault_effects import apply_fault
from sandbox.faults import DroppedError, Fault
from sandbox.vk.access import USERS, Method, check_caller, find_token
from sandbox.vk.doubts import carry_out
from sandbox.vk.errors import CAPTCHA, RECAPTCHA, VkError, bad, captcha
from sandbox.vk.methods_albums import METHODS as ALBUM_METHODS
from sandbox.vk.methods_items import METHODS as ITEM_METHODS
from sandbox.vk.methods_market import METHODS as MARKET_METHODS
from sandbox.vk.methods_orders import METHODS as ORDER_METHODS
from sandbox.vk.methods_people import METHODS as PEOPLE_METHODS
from sandbox.vk.methods_variants import METHODS as VARIANT_METHODS
from sandbox.vk.old_photos import OldPhotos
from sandbox.vk.params import check_params, to_wire
from sandbox.vk.photos import ProductPhotos
from sandbox.vk.records import Token
from sandbox.vk.state import VkState
from sandbox.vk.uploads import UploadServer
from sandbox.vk.vkscript import Script, size_of
from sandbox.wire import Delivery, Request, Response, without_secrets

OLDEST_VERSION: Final = (5, 0)
TESTED_VERSION: Final = "5.199"
READS: Final = ("market.get", "market.search", "market.filter", "market.save")


def is_write(method: str) -> bool:
    """Return True if a method changes something that shoppers see."""
    return method.startswith("market.") and not method.startswith(READS)


class VkApi:
    """Answers API calls and uploads against one state."""

    def __init__(self, state: VkState) -> None:
        self.state = state
        self.uploads = UploadServer(state)
        declared = (
            *ITEM_METHODS,
            *MARKET_METHODS,
            *ALBUM_METHODS,
            *ORDER_METHODS,
            *VARIANT_METHODS,
            *PEOPLE_METHODS,
            *ProductPhotos(state, self.uploads).methods,
            *OldPhotos(state, self.uploads).methods,
        )
        self.methods: dict[str, Method] = {method.name: method for method in declared}

    def call(self, name: str, request: Request) -> Response:
        """Answer one HTTP request to `/method/<name>`, with any fault that is due."""
        fields = request.form()
        token = fields.get("access_token", "")
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            token = bearer.strip()
        params = without_secrets(fields)
        with self.state.lock:
            self.state.requests += 1
        fault = self.state.faults.take(name)
        if fault and fault.kind == "action" and fault.do:
            fault.do()
        if fault and fault.unexecuted:
            self.state.log(name, params, inner=False, error=None, broken=True)
            return apply_fault(Response(), fault)
        code: int | None = None
        try:
            response = self._answer(name, request.verb, token, params, fault)
        except VkError as error:
            code = error.code
            response = Response.of_json({"error": error.as_json(name, params.items())})
        except DroppedError:
            self.state.log(name, params, inner=False, error=None, broken=True)
            return Response(delivery=Delivery(reset=True))
        response = apply_fault(response, fault)
        self.state.log(name, params, inner=False, error=code, broken=response.delivery.reset)
        return response

    def upload(self, name: str, request: Request) -> Response:
        """Answer one upload of pictures, with any fault that is due."""
        request.form()
        fault = self.state.faults.take("upload")
        if fault and fault.kind == "action" and fault.do:
            fault.do()
        if fault and fault.unexecuted:
            return apply_fault(Response(), fault)
        if fault and fault.kind == "error":
            answer: dict[str, Any] = {"error": fault.text or "ERR_UPLOAD_BAD_IMAGE_SIZE: market photo"}
        else:
            answer = self.uploads.upload(name, request.files)
        return apply_fault(Response.of_json(answer), fault)

    def _answer(
        self, name: str, verb: str, token_value: str, params: dict[str, str], fault: Fault | None
    ) -> Response:
        if verb not in {"GET", "POST"}:
            raise VkError(9999)
        if name != "execute" and name not in self.methods:
            raise VkError(3)
        self._check_version(params.get("v", ""))
        token = find_token(self.state, token_value)
        if self.state.too_fast(token.value):
            raise VkError(6)
        self._raise_fault(fault)
        if name == "execute":
            return self._execute(token, params)
        return _bounded({"response": self._run(name, token, params)}, self.state.limits.direct_answer_bytes)

    def _run(self, name: str, token: Token, sent: dict[str, str], *, inner: bool = False) -> Any:
        method = self.methods.get(name)
        if method is None:
            raise VkError(3)
        with self.state.lock:
            check_caller(self.state, token, method)
            if inner and not method.in_execute:
                raise VkError(15, "method is not available in execute")
            if self.state.used_up(token.value, name):
                raise VkError(29)
            params = check_params(method.params, sent)
            for unknown in params.unknown:
                self.state.warnings.append(f"{name}: unknown parameter {unknown}")
            if not is_write(name):
                return carry_out(self.state, method, token, params)
            self.state.before_write()
            answer = carry_out(self.state, method, token, params)
            self.state.watch(name)
            return answer

    def _execute(self, token: Token, params: dict[str, str]) -> Response:
        if token.kind not in USERS | {"group"}:
            raise VkError(28)
        if not params.get("code"):
            raise bad("code is undefined")
        if len(params["code"].encode()) > self.state.limits.script_bytes:
            raise VkError(13, "code is too long")
        script = Script(params["code"])
        errors: list[dict[str, Any]] = []

        def run(name: str, values: dict[str, Any]) -> Any:
            sent = {key: text for key, value in values.items() if (text := to_wire(value)) is not None}
            return self._run_inner(name, token, sent, errors)

        value = script.run(run, params)
        size_of(value, self.state.limits.answer_bytes)
        answer: dict[str, Any] = {"response": value}
        if errors and not self.state.doubts.keeps_errors_of_scripts:
            answer["execute_errors"] = errors
        return _bounded(answer, self.state.limits.answer_bytes)

    def _run_inner(self, name: str, token: Token, sent: dict[str, str], errors: list[dict[str, Any]]) -> Any:
        fault = self.state.faults.take(name, inner=True)
        if fault and fault.kind == "reset_before":
            raise DroppedError
        if fault and fault.kind == "action" and fault.do:
            fault.do()
        code: int | None = None
        value: Any = False
        try:
            self._raise_fault(fault)
            value = self._run(name, token, sent, inner=True)
        except VkError as error:
            code = error.code
            errors.append(error.as_inner_json(name))
        self.state.log(name, sent, inner=True, error=code)
        if fault and fault.kind == "reset_after":
            raise DroppedError
        return value

    def _raise_fault(self, fault: Fault | None) -> None:
        if fault and fault.kind == "captcha":
            raise captcha(self.state.address, RECAPTCHA if fault.code == RECAPTCHA else CAPTCHA)
        if fault and fault.kind == "error":
            raise VkError(fault.code, fault.text, subcode=fault.subcode)

    def _check_version(self, version: str) -> None:
        try:
            number = tuple(int(part) for part in version.split("."))
        except ValueError:
            number = ()
        if number < OLDEST_VERSION:
            raise VkError(8, "v (version) is required")
        if version != TESTED_VERSION:
            self.state.warnings.append(f"version {version} is answered in the shapes of {TESTED_VERSION}")


def _bounded(answer: dict[str, Any], most: int) -> Response:
    """Return an answer of at most so many bytes, 0 for any number. Raises VkError 13."""
    response = Response.of_json(answer)
    if most and len(response.body) > most:
        raise VkError(13, "response size is too big")
    return response
