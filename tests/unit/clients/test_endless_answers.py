"""An answer without an end is given up before it fills the memory."""

import pytest
import requests

from connections.clients.errors import Transient
from connections.clients.http import BLOCK, LARGEST_ANSWER, send


class EndlessStream:
    """What an HTTP connection gives that never ends."""

    length_remaining = 0

    def __init__(self) -> None:
        self.given = 0

    def read1(self, size: int, *, decode_content: bool) -> bytes:
        """Return the next piece, as long as asked for."""
        assert decode_content
        self.given += size
        return b" " * size

    def close(self) -> None:
        """Do nothing: there is no connection."""

    def release_conn(self) -> None:
        """Do nothing: there is no connection."""


def test_an_answer_without_an_end_is_given_up() -> None:
    response, stream = requests.Response(), EndlessStream()
    response.raw = stream
    with pytest.raises(Transient) as caught:
        send("evotor", "/stores", lambda: response, deadline=60)
    assert (caught.value.code, caught.value.may_have_run) == ("evotor.network", True)
    assert LARGEST_ANSWER < stream.given <= LARGEST_ANSWER + BLOCK
