"""Applies a transport fault to a ready answer."""

from sandbox.faults import Fault
from sandbox.wire import Delivery, Response

HTML = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr>nginx</body></html>"
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
        case "truncated":
            response.body = response.body[: len(response.body) // 2]
        case "bad_json":
            response.body = b"<!DOCTYPE html><p>We are updating, come back soon"
        case "reset_before" | "reset_after":
            response.delivery = Delivery(reset=True)
    return response
