"""One word for one thing: what the glossary of CONTRIBUTING.md has replaced does not come back."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = ("accounts", "bench", "catalog", "connections", "evosync", "sandbox", "syncing", "tests", ".ci")
MODULES = [
    file
    for folder in FOLDERS
    for file in sorted(ROOT.glob(f"{folder}/**/*.py"))
    if "migrations" not in file.parts and file != Path(__file__).resolve()
]
TEMPLATES = sorted(ROOT.glob("templates/**/*.*"))
# docs/merchants.md is Russian.
DOCUMENTS = [
    file
    for file in (*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md")))
    if file.name != "merchants.md"
]

# The word that is not used → the one that is.
REPLACED = {
    "anew": "again",
    "betwixt": "between",
    "brake": "safety check",
    "clerk": "publisher",
    "desk": "uploader",
    "e-mail": "email",
    "farewell": "account closure",
    "goodbye": "account closure",
    "he": "they",
    "him": "them",
    "himself": "themselves",
    "his": "their",
    "lest": "so that … not",
    "lookalike": "duplicate",
    "mend": "fix",
    "mended": "fixed",
    "mending": "fixing",
    "naught": "zero",
    "nudge": "enqueue",
    "ought": "should",
    "pulse": "heartbeat",
    "thence": "from there",
    "twin": "duplicate",
    "unto": "to",
    "whence": "from where",
    "whoever": "who, or anybody who",
    "whilst": "while",
}
PROSE = re.compile(rf"(?<![\w-])({'|'.join(REPLACED)})s?(?![\w-])", re.IGNORECASE)
# What stands in code marks or in a tag is a name that may have to stay, such as a rule's or an address's.
NOT_PROSE = re.compile(r"`[^`]*`|\{%(?!\s*(?:translate|blocktranslate))[^%]*%\}")
DEFINED = re.compile(r"^\s*(?:async )?(?:class|def) (\w+)", re.MULTILINE)
PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def names(file: Path, text: str) -> Iterator[str]:
    """Yield the names of a module and of its classes and functions, those of programs in strings too."""
    yield file.stem
    yield from DEFINED.findall(text)


def prose(text: str) -> Iterator[str]:
    """Yield a module's docstrings and comments."""
    # To take a module apart takes long, and few modules have such a word at all.
    if not PROSE.search(text):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def replaced_in(name: str) -> set[str]:
    """Return the replaced words that a name is made of."""
    parts = {part.lower() for part in PART.findall(name)}
    return {word for word in REPLACED if word in parts or f"{word}s" in parts}


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(ROOT)))
def test_code_uses_the_words_of_the_glossary(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    found = {(name, word) for name in names(file, text) for word in replaced_in(name)}
    found |= {(match.group(), match.group(1)) for part in prose(text) for match in PROSE.finditer(part)}
    assert found == set(), {word: REPLACED[word.lower()] for _place, word in found}


@pytest.mark.parametrize("file", [*TEMPLATES, *DOCUMENTS], ids=lambda file: str(file.relative_to(ROOT)))
def test_pages_and_documents_use_the_words_of_the_glossary(file: Path) -> None:
    text = NOT_PROSE.sub("", file.read_text(encoding="utf-8"))
    found = {match.group() for match in PROSE.finditer(text)} | replaced_in(file.stem)
    assert found == set(), {word: REPLACED.get(word.lower(), "") for word in found}
