"""What a running script has: its variables, the way to the API, and what it may still spend."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.vk.errors import VkError
from sandbox.vk.vkscript.values import size_of

CALLS_MAX: Final = 25
STEPS_MAX: Final = 100_000
# So many characters or elements that a step builds cost as much as one step.
PARTS_A_STEP: Final = 64
ARGUMENTS_MAX: Final = 1_000_000
# Runs one API call: the method's full name and its arguments as JSON values.
ApiCall = Callable[[str, dict[str, Any]], Any]


class Machine:
    """One run of a script."""

    def __init__(self, call: ApiCall, args: Mapping[str, str], steps: int = STEPS_MAX) -> None:
        self.variables: dict[str, Any] = {"Args": dict(args)}
        self.calls = 0
        self._call = call
        self._steps_left = steps

    def spend(self, parts: int = 0) -> None:
        """Pay for a step that builds or looks through so many parts. Raises VkError 13 beyond the limit."""
        self._steps_left -= 1 + parts // PARTS_A_STEP
        if self._steps_left < 0:
            raise VkError(13, "too many operations")

    def call_api(self, method: str, values: Any) -> Any:
        """Return an API method's answer, False where it failed. Raises VkError 13 for the 26th call."""
        if not isinstance(values, dict):
            raise VkError(13, f"{method} requires an object")
        if self.calls >= CALLS_MAX:
            raise VkError(13, "too many API calls")
        self.calls += 1
        size_of(values, ARGUMENTS_MAX)
        return self._call(method, values)
