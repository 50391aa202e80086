"""Compiles a script. Whatever does not compile raises VkError 12."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sandbox.vk.errors import VkError
from sandbox.vk.vkscript import nodes, statements
from sandbox.vk.vkscript.methods import FUNCTIONS, METHODS
from sandbox.vk.vkscript.tokens import Token, tokens_of, unquoted
from sandbox.vk.vkscript.values import parsed

DEPTH_MAX: Final = 40
WORDS: Final[dict[str, object]] = {"true": True, "false": False, "null": None}
RESERVED: Final = frozenset(
    {"API", "var", "if", "else", "while", "return", "delete", "for", "do", "break", "continue", "function"}
) | frozenset(WORDS)
# The loosest first.
RANKS: Final = (
    frozenset({"||"}),
    frozenset({"&&"}),
    frozenset({"==", "!=", "===", "!=="}),
    frozenset({"<", ">", "<=", ">="}),
    frozenset({"+", "-"}),
    frozenset({"*", "/", "%"}),
)
RANK_OF: Final = {sign: rank for rank, signs in enumerate(RANKS) for sign in signs}
LINKS: Final = frozenset({"[", "@.", "."})


class Parser:
    """Reads one script's tokens from left to right.

    `calls` counts the API calls that run whatever the conditions are, `returns` the `return`s.
    """

    def __init__(self, code: str) -> None:
        self._tokens = tokens_of(code)
        self._at = 0
        self._depth = 0
        self._branches = 0
        self.calls = 0
        self.returns = 0

    def script(self) -> tuple[statements.Statement, ...]:
        """Return the statements of the whole script."""
        found: list[statements.Statement] = []
        while self._next_is_not_the_end():
            found += self._statement()
        return tuple(found)

    # -- statements ------------------------------------------------------------------------------

    def _statement(self) -> list[statements.Statement]:
        with self._deeper():
            if self._takes(";"):
                return []
            if self._takes("{"):
                return self._rest_of_block()
            match self._peek:
                case Token("name", "if"):
                    return [self._if()]
                case Token("name", "while"):
                    return [self._while()]
                case _:
                    found = self._simple_statement()
                    self._end_of_statement()
                    return found

    def _rest_of_block(self) -> list[statements.Statement]:
        found: list[statements.Statement] = []
        while not self._takes("}"):
            found += self._statement()
        return found

    def _if(self) -> statements.If:
        self._expect("if")
        self._expect("(")
        condition = self._expression()
        self._expect(")")
        with self._branch():
            then = tuple(self._statement())
            otherwise = tuple(self._statement()) if self._takes("else") else ()
        return statements.If(condition, then, otherwise)

    def _while(self) -> statements.While:
        self._expect("while")
        self._expect("(")
        with self._branch():
            condition = self._expression()
            self._expect(")")
            return statements.While(condition, tuple(self._statement()))

    def _simple_statement(self) -> list[statements.Statement]:
        if self._takes("var"):
            return self._declarations()
        if self._takes("return"):
            self.returns += 1
            ends = self._peek.text in {";", "}", ""}
            return [statements.Return(nodes.Constant(None) if ends else self._expression())]
        if self._takes("delete"):
            return [statements.Delete(self._element())]
        node = self._expression()
        if not self._takes("="):
            return [statements.Evaluate(node)]
        if isinstance(node, nodes.Variable):
            return [statements.Assign(node, self._expression())]
        if isinstance(node, nodes.Path) and isinstance(node.links[-1], nodes.Element):
            return [statements.Assign(node, self._expression())]
        raise VkError(12, "cannot assign to this")

    def _declarations(self) -> list[statements.Statement]:
        found: list[statements.Statement] = []
        while True:
            place = nodes.Variable(self._new_name())
            node = self._expression() if self._takes("=") else nodes.Constant(None)
            found.append(statements.Assign(place, node))
            if not self._takes(","):
                return found

    def _element(self) -> nodes.Path:
        node = self._expression()
        if isinstance(node, nodes.Path) and isinstance(node.links[-1], nodes.Element):
            return node
        raise VkError(12, "delete requires a field")

    def _end_of_statement(self) -> None:
        if self._peek.kind != "end" and self._peek.text != "}":
            self._expect(";")

    # -- expressions -----------------------------------------------------------------------------

    def _expression(self) -> nodes.Node:
        with self._deeper():
            condition = self._chain(0)
            if not self._takes("?"):
                return condition
            with self._branch():
                then = self._expression()
                self._expect(":")
                return nodes.Conditional(condition, then, self._expression())

    def _chain(self, loosest: int) -> nodes.Node:
        """Return what signs of this rank and of tighter ones hold together. Most often it is one value."""
        found = self._unary()
        for rank in range(len(RANKS) - 1, loosest - 1, -1):
            if self._peek.text not in RANK_OF:
                break
            rest: list[tuple[str, nodes.Node]] = []
            while RANK_OF.get(self._peek.text) == rank:
                sign = self._next().text
                with self._branch(really=sign in {"&&", "||"}):
                    rest.append((sign, self._chain(rank + 1)))
            if rest:
                found = nodes.Chain(found, tuple(rest))
        return found

    def _unary(self) -> nodes.Node:
        signs: list[str] = []
        while self._peek.text in {"!", "-"}:
            signs.append(self._next().text)
        node = self._path()
        return nodes.Unary("".join(signs), node) if signs else node

    def _path(self) -> nodes.Node:
        base = self._primary()
        links: list[nodes.Element | nodes.Column | nodes.Call] = []
        while self._peek.text in LINKS:
            match self._next().text:
                case "[":
                    links.append(nodes.Element(self._expression()))
                    self._expect("]")
                case "@.":
                    links.append(nodes.Column(self._name()))
                case _:
                    links.append(self._field_or_call())
        return nodes.Path(base, tuple(links)) if links else base

    def _field_or_call(self) -> nodes.Element | nodes.Call:
        name = self._name()
        if not self._takes("("):
            return nodes.Element(nodes.Constant(name))
        if name not in METHODS:
            raise VkError(12, f"unknown method '{name}'")
        return nodes.Call(name, self._list(")"))

    def _primary(self) -> nodes.Node:
        token = self._next()
        match token:
            case Token("string", text):
                return nodes.Constant(unquoted(text))
            case Token("number", text):
                return nodes.Constant(_number(text))
            case Token("name", name):
                return self._named(name)
            case Token("sign", "["):
                return nodes.Array(self._list("]"))
            case Token("sign", "{"):
                return self._object()
            case Token("sign", "("):
                node = self._expression()
                self._expect(")")
                return node
        raise _unexpected(token)

    def _named(self, name: str) -> nodes.Node:
        if name in WORDS:
            return nodes.Constant(WORDS[name])
        if name == "API":
            return self._api()
        if name in FUNCTIONS:
            self._expect("(")
            argument = self._expression()
            self._expect(")")
            return nodes.Function(name, argument)
        if name in RESERVED:
            raise VkError(12, f"unexpected '{name}'")
        return nodes.Variable(name)

    def _api(self) -> nodes.Api:
        self._expect(".")
        section = self._name()
        self._expect(".")
        method = f"{section}.{self._name()}"
        self._expect("(")
        arguments = nodes.Object(()) if self._peek.text == ")" else self._expression()
        self._expect(")")
        if not self._branches:
            self.calls += 1
        return nodes.Api(method, arguments)

    def _list(self, end: str) -> tuple[nodes.Node, ...]:
        found: list[nodes.Node] = []
        while not self._takes(end):
            found.append(self._expression())
            if self._peek.text != end:
                self._expect(",")
        return tuple(found)

    def _object(self) -> nodes.Object:
        fields: list[tuple[str, nodes.Node]] = []
        while not self._takes("}"):
            token = self._next()
            if token.kind not in {"string", "name"}:
                raise _unexpected(token)
            self._expect(":")
            name = unquoted(token.text) if token.kind == "string" else token.text
            fields.append((name, self._expression()))
            if self._peek.text != "}":
                self._expect(",")
        return nodes.Object(tuple(fields))

    # -- tokens ----------------------------------------------------------------------------------

    @property
    def _peek(self) -> Token:
        return self._tokens[self._at]

    def _next_is_not_the_end(self) -> bool:
        return self._peek.kind != "end"

    def _next(self) -> Token:
        token = self._peek
        if token.kind == "end":
            raise VkError(12, "unexpected end of code")
        self._at += 1
        return token

    def _takes(self, text: str) -> bool:
        # A string has its quotes, and a number is nothing that is asked for.
        if self._peek.text != text:
            return False
        self._at += 1
        return True

    def _expect(self, text: str) -> None:
        token = self._peek
        if not self._takes(text):
            raise VkError(12, f"'{text}' is expected, '{token.text[:40]}' found")

    def _name(self) -> str:
        token = self._next()
        if token.kind != "name":
            raise VkError(12, f"a name is expected, '{token.text[:40]}' found")
        return token.text

    def _new_name(self) -> str:
        name = self._name()
        if name in RESERVED:
            raise VkError(12, f"unexpected '{name}'")
        return name

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise VkError(12, "code nests too deep")
        yield
        self._depth -= 1

    @contextmanager
    def _branch(self, *, really: bool = True) -> Iterator[None]:
        self._branches += really
        yield
        self._branches -= really


def _number(text: str) -> int | float:
    value = parsed(text)
    if value is None:
        raise VkError(12, "number is out of range")
    return value


def _unexpected(token: Token) -> VkError:
    return VkError(12, f"unexpected '{token.text[:40]}'")
