"""VK's control endpoints: another process acts as the merchant on VK's own pages."""

from dataclasses import asdict
from typing import Any, Final

from sandbox.control import Control
from sandbox.vk.merchant import MerchantActions
from sandbox.vk.state import VkState

MERCHANT_ACTIONS: Final = frozenset(name for name in vars(MerchantActions) if not name.startswith("_"))


class VkControl(Control):
    """Actions of the merchant on VK's own pages."""

    def __init__(self, state: VkState) -> None:
        super().__init__(state)
        self._state = state
        self.reads["items"] = lambda: [asdict(item) for item in state.live_items()]
        self.actions["merchant"] = self._merchant

    def _merchant(self, body: dict[str, Any]) -> Any:
        action = body.pop("action", "")
        if action not in MERCHANT_ACTIONS:
            raise ValueError(f"unknown action {action!r}; known: {', '.join(sorted(MERCHANT_ACTIONS))}")
        return getattr(self._state, action)(**body)
