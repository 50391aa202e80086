"""Applies a transport fault to a ready answer."""

import gzip

from sandbox.faults import Fault
from sandbox.wire import Delivery, Response

HTML = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr>nginx</body></html>"
HUGE = 40 * 1024 * 1024
PHRASES = {
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Time-out",
}


def apply_fault(response: Response, fault: Fault | None) -> Response:
    """Return the answer as the fault leaves it; kinds that are not about transport change nothing."""
    if fault is None:
        return response
    match fault.kind:
        case "http":
            phrase = f"{fault.status} {PHRASES.get(fault.status, 'Error')}"
            return Response.of_html(HTML.format(phrase), fault.status)
        case "delay":
            response.delivery.delay = fault.seconds
        case "drip":
            response.delivery.drip = fault.seconds
        case "cut":
            response.delivery.cut = True
        case "reset_before" | "reset_after":
            response.delivery = Delivery(reset=True)
        case kind:
            _spoil_body(response, kind)
    return response


def _spoil_body(response: Response, kind: str) -> None:
    """Make another body of the answer's, as these kinds do."""
    match kind:
        case "truncated":
            response.body = response.body[: len(response.body) // 2]
        case "huge":
            response.body = response.body.rjust(HUGE)
        case "bomb":
            response.body = gzip.compress(response.body.rjust(HUGE), compresslevel=1)
            response.headers["Content-Encoding"] = "gzip"
        case "not_gzip":
            response.headers["Content-Encoding"] = "gzip"
        case "bad_json":
            response.body = b"<!DOCTYPE html><p>We are updating, come back soon"
