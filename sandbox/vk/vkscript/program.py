"""A compiled script."""

from collections.abc import Mapping
from typing import Any

from sandbox.vk.errors import VkError
from sandbox.vk.vkscript.machine import CALLS_MAX, ApiCall, Machine
from sandbox.vk.vkscript.parser import Parser
from sandbox.vk.vkscript.statements import run_all


class Script:
    """A compiled script. Raises VkError 12 where it does not compile, 13 for too many calls.

    Calls outside conditions and loops are counted before the first one runs, so that a script with too
    many of them has no effect; the others are counted as they come.
    """

    def __init__(self, code: str) -> None:
        parser = Parser(code)
        self._statements = parser.script()
        if not parser.returns:
            raise VkError(12, "no return")
        if parser.calls > CALLS_MAX:
            raise VkError(13, "too many API calls")

    def run(self, call: ApiCall, args: Mapping[str, str]) -> Any:
        """Return what the script returns, null where it ends without `return`. Raises VkError 13."""
        returned = run_all(self._statements, Machine(call, args))
        return None if returned is None else returned.value
