"""Sends what VK refused for the length of a text again, with a shorter one."""

from dataclasses import dataclass, field, replace

from connections.clients.errors import ClientError
from syncing.core.records import Action, DesiredItem, ProductKey
from syncing.publishing.vk.text_limits import PARAMETERS, TextLimits


@dataclass(slots=True)
class TextRetries:
    """Collects the actions to send again, shorter; `texts` learns from each answer what this shop takes."""

    texts: TextLimits
    _again: list[Action] = field(default_factory=list, init=False)
    # What was refused first, and how.
    _full: dict[ProductKey, DesiredItem] = field(default_factory=dict, init=False)
    _refused_first: dict[ProductKey, ClientError] = field(default_factory=dict, init=False)

    def is_too_long(self, action: Action, value: object) -> bool:
        """Return True for a refusal that is answered with a shorter text."""
        return action.desired is not None and self.texts.shortened(action.desired, value) is not None

    def shorten(self, action: Action, value: object) -> bool:
        """Note what to send next where VK refused a text as too long; return False for anything else."""
        if action.desired is None or not isinstance(value, ClientError):
            return False
        shorter = self.texts.shortened(action.desired, value)
        if shorter is None:
            return False
        changes = {
            name: (old, getattr(shorter, name) if name in PARAMETERS else new)
            for name, (old, new) in action.changes.items()
        }
        self._full.setdefault(action.key, action.desired)
        self._refused_first.setdefault(action.key, value)
        self._again.append(replace(action, desired=shorter, changes=changes))
        return True

    def take(self) -> list[Action]:
        """Return the actions to send again, and forget them."""
        again, self._again = self._again, []
        return again

    def forget(self) -> None:
        """Send nothing again that has been noted so far."""
        self._again.clear()

    def outcome(self, action: Action, value: object) -> object:
        """Return VK's answer, for a text that no shortening helped its first refusal."""
        full = self._full.pop(action.key, None)
        first = self._refused_first.pop(action.key, None)
        if isinstance(value, ClientError):
            return first or value
        if action.desired is not None:
            if full is not None:
                self.texts.learn(full, action.desired)
            self.texts.accept(action.desired)
        return value
