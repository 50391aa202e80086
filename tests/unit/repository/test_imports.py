"""Imports stand at the top of a module, unless a comment gives the reason why one does not."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("accounts", "catalog", "connections", "evosync", "sandbox", "syncing")
MODULES = sorted(file for package in PACKAGES for file in ROOT.glob(f"{package}/**/*.py"))
INDENTED_IMPORT = re.compile(r"^[ \t]+(?:import|from) ", re.MULTILINE)
OURS = re.compile(rf"from ((?:{'|'.join(PACKAGES)})(?:\.\w+)*) import ([\w, ]+)")


def lazy_imports(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the imports that run when a function is called."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom))


def has_a_reason(lines: list[str], number: int) -> bool:
    """Return True if a comment stands on the line, or above it or above the imports that lead to it."""
    while re.match(r"\s+(import|from) ", lines[number - 1]):
        if re.search(r"#(?! noqa)", lines[number - 1]):
            return True
        number -= 1
    return lines[number - 1].lstrip().startswith("#")


def test_every_import_inside_a_function_says_why() -> None:
    silent = []
    for file in MODULES:
        text = file.read_text(encoding="utf-8")
        # To take a module apart takes long, and few have an import further in.
        if not INDENTED_IMPORT.search(text):
            continue
        lines = text.splitlines()
        silent += [
            f"{file.relative_to(ROOT)}:{node.lineno}"
            for node in lazy_imports(ast.parse(text))
            if not has_a_reason(lines, node.lineno)
        ]
    assert silent == []


@pytest.mark.parametrize("folder", ["tests", "bench", ".ci"])
def test_programs_in_strings_import_what_exists(folder: str) -> None:
    """mypy does not see the code that tests and measurements run in other processes."""
    missing = []
    for file in sorted(ROOT.glob(f"{folder}/**/*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                missing += [
                    f"{file.relative_to(ROOT)}:{node.lineno}: {module}.{name.strip()}"
                    for module, names in OURS.findall(node.value)
                    for name in names.split(",")
                    if not defines(module, name.strip().split(" as ")[0])
                ]
    assert missing == []


def defines(module: str, name: str) -> bool:
    """Return True if the module binds this name at its top, or is a package that holds such a module."""
    path = ROOT.joinpath(*module.split("."))
    file = path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
    if not file.is_file():
        return False
    if (path / name).is_dir() or (path / f"{name}.py").is_file():
        return True
    return (
        re.search(
            rf"^(?:def|class) {name}\b|^{name}\b|^(?:from|import) .*\b{name}\b|^    {name},",
            file.read_text(),
            re.MULTILINE,
        )
        is not None
    )


def test_of_the_sync_only_the_folder_of_vk_knows_its_codes() -> None:
    knowing = [
        str(file.relative_to(ROOT))
        for file in sorted(ROOT.glob("syncing/**/*.py"))
        if re.search(r"\bVk(Id)?Error\b", file.read_text(encoding="utf-8"))
    ]
    assert [name for name in knowing if not name.startswith("syncing/publishing/vk/")] == []
