"""What a client makes of each fault: the rows that the tests of all clients share."""

from dataclasses import dataclass, field

from tests.unit.clients.scripted import Reply

DEEP = b"[" * 100_000


@dataclass(frozen=True)
class Fault:
    """A fault of the transport: what is answered, and the code of the error without the service's name.

    `upload` is the code where a picture is uploaded, whose answers are read by nobody but VK.
    """

    name: str
    reply: Reply
    code: str
    upload: str = "upload"


def _status(number: int) -> Fault:
    return Fault(str(number), Reply(b"<html>Sorry</html>", number), f"http_{number}")


FAULTS = [
    *(_status(number) for number in (301, 307, 400, 404, 429, 500, 502, 503, 504)),
    Fault("html", Reply(b"<html>Welcome</html>"), "bad_json"),
    Fault("nothing", Reply(b""), "bad_json"),
    Fault("half a json", Reply(b'{"response": [1, '), "bad_json"),
    Fault("nested too deeply", Reply(DEEP), "bad_json"),
    Fault("cut off", Reply(b'{"response": 1}', cut=True), "network", "network"),
    Fault("reset", Reply(drop=True), "network", "network"),
]
SHAPES = [b"null", b"7", b'"text"', b"[]", b"true", b"{}"]


@dataclass
class FakeSleep:
    """A sleep that takes no time; `taken` are the seconds that were asked for."""

    taken: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
