"""Makes the mutants with mutmut, and lets Python import the mutated core in place of the plain one."""

import ast
import difflib
import hashlib
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.metadata import version
from pathlib import Path
from types import CodeType, ModuleType

import libcst as cst
from mutmut.mutation import file_mutation

PACKAGE = "syncing.core"
ROOT = Path(__file__).parents[2]
CACHE = ROOT / "var" / "mutation"
# mutmut leaves decorated functions out, since a decorator may register what it sees. These three do not.
HARMLESS_DECORATORS = {"property", "cached_property", "lru_cache"}


class _Visitor(file_mutation.MutationVisitor):
    """Mutates properties and cached functions too."""

    def _skip_node_and_children(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef) and len(node.decorators) == 1:
            decorator = node.decorators[0].decorator
            name = decorator.func if isinstance(decorator, cst.Call) else decorator
            if isinstance(name, cst.Name) and name.value in HARMLESS_DECORATORS:
                return False
        return super()._skip_node_and_children(node)


file_mutation.MutationVisitor = _Visitor  # type: ignore[misc]


def mutated_source(path: Path) -> str:
    """Return the module's text with all its mutants and switches.

    It is kept in var/mutation until the module changes.
    """
    source = path.read_text(encoding="utf-8")
    kept = CACHE / f"{path.stem}-{_digest(source)}.py"
    if not kept.exists():
        code = file_mutation.mutate_file_contents(str(path), source).code
        CACHE.mkdir(parents=True, exist_ok=True)
        kept.write_text(
            code.replace("mutmut.mutation.trampoline", "bench.mutation.switches"), encoding="utf-8"
        )
    return kept.read_text(encoding="utf-8")


def _digest(source: str) -> str:
    rules = f"{version('mutmut')} {sorted(HARMLESS_DECORATORS)}"
    return hashlib.sha256((source + rules).encode()).hexdigest()[:16]


@cache
def digest(module: str) -> str:
    """Return what changes whenever the module's mutants change."""
    return _digest(path_of(module).read_text(encoding="utf-8"))


def path_of(module: str) -> Path:
    """Return the file of a module of the core."""
    stem = ROOT.joinpath(*module.split("."))
    return stem / "__init__.py" if stem.is_dir() else stem.with_suffix(".py")


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        path = Path(self.get_filename(fullname))
        digest(fullname)  # of the module as it is tried, whatever is written into it meanwhile
        code: CodeType = compile(mutated_source(path), path, "exec", dont_inherit=True)
        return code


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not fullname.startswith(f"{PACKAGE}."):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


def import_mutated() -> None:
    """Let every later import of the core bring the mutated modules."""
    sys.meta_path.insert(0, _Finder())


def changes(mutant: str) -> str:
    """Return the lines that the mutant takes out and puts in."""
    module, _, name = mutant.rpartition(".")
    functions = _functions_of(module)
    original = functions[f"{name.rpartition('__mutmut_')[0]}__mutmut_orig"]
    difference = list(difflib.ndiff(original[1:], functions[name][1:]))
    return "\n".join(line for line in difference if line[0] in "-+")


@cache
def _functions_of(module: str) -> dict[str, list[str]]:
    return dict(_functions(mutated_source(path_of(module))))


def _functions(code: str) -> Iterator[tuple[str, list[str]]]:
    lines = code.splitlines()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef) and "__mutmut_" in node.name:
            head = lines[node.lineno - 1].replace(node.name, "")
            yield node.name, ["", head, *lines[node.lineno : node.end_lineno]]
