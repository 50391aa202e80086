"""A status, an error code and a service stand once, in their enumerations; code names them by these."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("accounts", "catalog", "connections", "evosync", "syncing")
MODULES = [
    file
    for package in PACKAGES
    for file in sorted(ROOT.glob(f"{package}/**/*.py"))
    if "migrations" not in file.parts
]
ENUMERATION = re.compile(r"Choices|Enum")
# Beginnings of codes, such as `vk.http_`, are no codes.
ERROR_CODE = re.compile(
    r"(vk|evotor|vk_id|evotor_oauth|connect|evosync)\.(?!urls$|settings$|sqlite3$|5$)[a-z0-9_]*[a-z0-9]"
)
# Values of statuses that are no ordinary words: code that writes them means the status.
STATUSES = {"needs_approval", "not_for_sale", "no_vk", "no_evotor", "no_community"}
SERVICES = {"evotor", "evotor_oauth", "vk", "vk_id"}
# To take a module apart takes long; where its text has none of these, it cannot hold what is looked for.
STATUS_OR_CODE = re.compile(rf"\b(?:status|state|error_code)\b|{'|'.join(STATUSES)}|{ERROR_CODE.pattern}")
QUOTED_SERVICE = re.compile(rf"""["'](?:{"|".join(SERVICES)})["']""")
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
ASKS_GETTEXT = re.compile(rf"\b(?:{'|'.join(GETTEXT)})\(")


def taken_apart(file: Path, may_hold: re.Pattern[str]) -> ast.Module:
    """Return a module's tree; an empty one where its text does not hold what is looked for."""
    text = file.read_text(encoding="utf-8")
    return ast.parse(text if may_hold.search(text) else "")


def is_enumeration(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and any(
        ENUMERATION.search(ast.unparse(base)) for base in node.bases
    )


def literals(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield the strings of a module outside its enumerations."""
    for child in ast.iter_child_nodes(tree):
        if is_enumeration(child):
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child
        yield from literals(child)


def comparisons(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield the strings that something called a status or a state is compared with or filtered by."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=ast.Attribute(attr="status" | "state" | "error_code"), comparators=others):
                for other in others:
                    yield from (one for one in ast.walk(other) if isinstance(one, ast.Constant))
            case ast.keyword(arg="status" | "state" | "error_code", value=ast.Constant() as value):
                yield value
            case _:
                continue


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_status_and_no_error_code_is_written_as_a_string(file: Path) -> None:
    tree = taken_apart(file, STATUS_OR_CODE)
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno}: {node.value!r}"
        for node in literals(tree)
        if ERROR_CODE.fullmatch(str(node.value)) or node.value in STATUSES
    ]
    found += [
        f"{file.relative_to(ROOT)}:{node.lineno}: {node.value!r}"
        for node in comparisons(tree)
        if isinstance(node.value, str) and node.value
    ]
    assert found == []


def values(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield what is passed on, compared, returned or stored: names of fields, prefixes and keys are not."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(args=args, keywords=keywords):
                yield from args
                yield from (keyword.value for keyword in keywords)
            case ast.Compare(left=left, comparators=others):
                yield from (left, *others)
            case ast.Dict(values=others):
                yield from others
            case ast.arguments(defaults=defaults, kw_defaults=more):
                yield from (default for default in (*defaults, *more) if default)
            case ast.Subscript(slice=key):
                yield key
            case ast.Return(value=ast.expr() as value):
                yield value
            case _:
                continue


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_service_is_written_as_a_string(file: Path) -> None:
    tree = taken_apart(file, QUOTED_SERVICE)
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno}: {node.value!r}"
        for node in values(tree)
        if isinstance(node, ast.Constant) and node.value in SERVICES
    ]
    assert found == []


def test_no_text_to_translate_stands_within_an_f_string() -> None:
    # `makemessages` does not look there, so it would drop the translation.
    hidden = [
        f"{file.relative_to(ROOT)}:{call.lineno}: {ast.unparse(call)}"
        for file in MODULES
        for string in ast.walk(taken_apart(file, ASKS_GETTEXT))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in GETTEXT
        if any(isinstance(one, ast.Constant) for one in call.args)
    ]
    assert hidden == []
