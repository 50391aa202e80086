"""A thousand steps in any order, and after each: nothing twice, nothing of the merchant's touched.

EVOSYNC_STEPS asks for more steps than CI takes.
"""

import os
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.integration.faults import machine

STEPS = int(os.environ.get("EVOSYNC_STEPS", "1000"))
# Looking for the shortest way to a failure takes minutes; a developer wants it, CI does not.
PHASES = (Phase.generate,) if os.environ.get("CI") else (Phase.generate, Phase.shrink)
QUIET = settings(
    # A round is done to its end; long ones would go far beyond the steps that are asked for.
    max_examples=5,
    stateful_step_count=50,
    deadline=None,
    database=None,
    phases=PHASES,
    suppress_health_check=list(HealthCheck),
)


# The steps are about our rules and not about the database.
@pytest.mark.once
@pytest.mark.django_db
def test_whatever_happens_nothing_is_doubled_or_lost(no_waiting: None, capsys: Any) -> None:
    number = 0
    while machine.steps_done < STEPS:
        number += 1
        run_state_machine_as_test(seed(number)(machine.Shopkeeping), settings=QUIET)
    with capsys.disabled():
        sys.stdout.write(f"\nstate machine: {machine.steps_done} steps\n")
