"""Reads the part of VKScript that batches need, and runs it.

Understood: `var` assignments and one final `return`, made of JSON values, bare object keys, API
calls, variables, `Args.name`, fields (`a.b`), indexes (`a[0]`), columns (`a@.b`) and `+`. There are
no loops and no conditions; a script that has them does not compile here. The calls are counted
before the first one runs, so a script of too many calls has no effect.
"""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from sandbox.vk.errors import VkError

CALLS_MAX: Final = 25
TOKEN: Final = re.compile(
    r"""\s*(?:
        (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<name>[A-Za-z_]\w*)
      | (?P<sign>@\.|[\[\]{}(),:;.+=\-])
    )""",
    re.VERBOSE | re.DOTALL,
)
WORDS: Final[Mapping[str, object]] = {"true": True, "false": False, "null": None}
Scope = dict[str, Any]
# Runs one API call: the method's full name and its arguments as JSON values.
ApiCall = Callable[[str, dict[str, Any]], Any]
Node = Callable[[Scope, ApiCall], Any]


class Script:
    """A compiled script. Raises VkError 12 where it does not compile, 13 for too many calls."""

    def __init__(self, code: str) -> None:
        self._tokens = _tokens(code)
        self._at = 0
        self.calls = 0
        self._steps: list[tuple[str | None, Node]] = []
        self._compile()
        if self.calls > CALLS_MAX:
            raise VkError(13, "too many API calls")

    def run(self, call: ApiCall, args: Mapping[str, str]) -> Any:
        """Return what the script returns."""
        scope: Scope = {"Args": dict(args)}
        for name, node in self._steps:
            value = node(scope, call)
            if name is None:
                return value
            scope[name] = value
        raise VkError(12, "no return")

    def _compile(self) -> None:
        while self._peek():
            kind, word = self._next()
            if (kind, word) == ("name", "var"):
                name = self._expect_name()
                self._expect("=")
                self._steps.append((name, self._sum()))
            elif (kind, word) == ("name", "return"):
                self._steps.append((None, self._sum()))
            elif kind == "name" and self._peek() == "=":
                self._next()
                self._steps.append((word, self._sum()))
            else:
                raise VkError(12, f"unexpected '{word}'")
            if self._peek():
                self._expect(";")

    def _sum(self) -> Node:
        left = self._postfix()
        while self._peek() == "+":
            self._next()
            left = _adder(left, self._postfix())
        return left

    def _postfix(self) -> Node:
        node = self._primary()
        while self._peek() in {".", "@.", "["}:
            _, sign = self._next()
            if sign == "[":
                node = _index(node, self._sum())
                self._expect("]")
            else:
                field = self._expect_name()
                node = _column(node, field) if sign == "@." else _field(node, field)
        return node

    def _primary(self) -> Node:
        kind, word = self._next()
        if kind == "string":
            return _constant(_unquoted(word))
        if kind == "number" or word == "-":
            return self._signed(kind, word)
        if word == "[":
            return self._array()
        if word == "{":
            return self._object()
        if word == "(":
            node = self._sum()
            self._expect(")")
            return node
        if kind == "name":
            return self._named(word)
        raise VkError(12, f"unexpected '{word}'")

    def _signed(self, kind: str, word: str) -> Node:
        if kind == "number":
            return _constant(_number(word))
        kind, word = self._next()
        if kind != "number":
            raise VkError(12, "a number is expected behind '-'")
        return _constant(-_number(word))

    def _named(self, word: str) -> Node:
        if word in WORDS:
            return _constant(WORDS[word])
        if word != "API":
            return _variable(word)
        self._expect(".")
        section = self._expect_name()
        self._expect(".")
        method = f"{section}.{self._expect_name()}"
        self._expect("(")
        arguments = _constant({}) if self._peek() == ")" else self._sum()
        self._expect(")")
        self.calls += 1
        return _api(method, arguments)

    def _array(self) -> Node:
        nodes: list[Node] = []
        while self._peek() != "]":
            nodes.append(self._sum())
            if self._peek() != "]":
                self._expect(",")
        self._expect("]")
        return lambda scope, call: [node(scope, call) for node in nodes]

    def _object(self) -> Node:
        fields: list[tuple[str, Node]] = []
        while self._peek() != "}":
            kind, word = self._next()
            if kind not in {"string", "name"}:
                raise VkError(12, f"unexpected '{word}'")
            self._expect(":")
            fields.append((_unquoted(word) if kind == "string" else word, self._sum()))
            if self._peek() != "}":
                self._expect(",")
        self._expect("}")
        return lambda scope, call: {name: node(scope, call) for name, node in fields}

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise VkError(12, "unexpected end of code")
        self._at += 1
        return self._tokens[self._at - 1]

    def _expect(self, sign: str) -> None:
        _, word = self._next()
        if word != sign:
            raise VkError(12, f"'{sign}' is expected, '{word}' found")

    def _expect_name(self) -> str:
        kind, word = self._next()
        if kind != "name":
            raise VkError(12, f"a name is expected, '{word}' found")
        return word


def _tokens(code: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at, end = 0, len(code.rstrip())
    while at < end:
        token = TOKEN.match(code, at)
        if token is None or token.lastgroup is None:
            raise VkError(12, f"unexpected symbol at {at}")
        found.append((token.lastgroup, token[token.lastgroup]))
        at = token.end()
    return found


def _unquoted(word: str) -> str:
    if word[0] == "'":
        word = '"' + word[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
    try:
        return str(json.loads(word, strict=False))
    except ValueError:
        raise VkError(12, "bad string") from None


def _number(word: str) -> int | Decimal:
    return Decimal(word) if "." in word else int(word)


def _constant(value: object) -> Node:
    return lambda _scope, _call: value


def _variable(name: str) -> Node:
    return lambda scope, _call: scope.get(name)


def _api(method: str, arguments: Node) -> Node:
    def run(scope: Scope, call: ApiCall) -> Any:
        values = arguments(scope, call)
        if not isinstance(values, dict):
            raise VkError(13, f"{method} requires an object")
        return call(method, values)

    return run


def _adder(left: Node, right: Node) -> Node:
    def add(scope: Scope, call: ApiCall) -> Any:
        one, two = left(scope, call), right(scope, call)
        if isinstance(one, str) or isinstance(two, str):
            return f"{one}{two}"
        try:
            return one + two
        except TypeError:
            raise VkError(13, "'+' does not fit these values") from None

    return add


def _field(node: Node, name: str) -> Node:
    def get(scope: Scope, call: ApiCall) -> Any:
        value = node(scope, call)
        if name == "length" and isinstance(value, (list, str)):
            return len(value)
        return value.get(name) if isinstance(value, dict) else None

    return get


def _index(node: Node, index: Node) -> Node:
    def get(scope: Scope, call: ApiCall) -> Any:
        value, key = node(scope, call), index(scope, call)
        if isinstance(value, list) and isinstance(key, int):
            return value[key] if 0 <= key < len(value) else None
        return value.get(key) if isinstance(value, dict) else None

    return get


def _column(node: Node, name: str) -> Node:
    def get(scope: Scope, call: ApiCall) -> Any:
        rows = node(scope, call)
        return [row.get(name) if isinstance(row, dict) else None for row in rows or []]

    return get
