"""Values of the cache in Redis as JSON: numbers, texts, lists and dictionaries. Tuples become lists."""

import json
from typing import Any


class JsonSerializer:
    """What Django's Redis cache asks of a serializer."""

    def dumps(self, value: Any) -> int | bytes:
        """Return a whole number as it is, so that Redis can count; else JSON. Raises TypeError."""
        if type(value) is int:
            return value
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        """Return the value."""
        return json.loads(data)
