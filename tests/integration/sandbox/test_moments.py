"""The milliseconds by which the till's stand-in compares are those that it writes."""

from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sandbox.evotor.render import time_text
from sandbox.wire import now_ms


@given(st.floats(min_value=1_700_000_000, max_value=1_900_000_000))
@example(1_700_000_000.1239996)
def test_a_moment_is_compared_as_it_is_written(moment: float) -> None:
    written = datetime.fromisoformat(time_text(moment))
    assert now_ms(moment) == pytest.approx(written.timestamp() * 1000, abs=0.01)
