"""A lower app names nothing of an upper one: no reverse accessor, no lookup, no view, no address."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import NoReverseMatch, Resolver404, URLPattern, URLResolver, get_resolver, resolve

ROOT = Path(__file__).resolve().parents[2]
# From the lowest; what import-linter's layers say of modules holds for names too.
ORDER = ("evosync/common", "accounts", "connections", "catalog", "syncing")
RANKS = {name.removeprefix("evosync/"): rank for rank, name in enumerate(ORDER)}
MODULES = [
    (rank, file)
    for rank, folder in enumerate(ORDER)
    for file in sorted(ROOT.glob(f"{folder}/**/*.py"))
    if "migrations" not in file.parts
]
# What takes the name of an attribute, or of a relation in a query, as a string.
BY_ATTRIBUTE = {"getattr", "hasattr", "attrgetter", "prefetch_related", "Prefetch"}
BY_LOOKUP = {
    *("select_related", "F", "OuterRef", "values", "values_list", "order_by", "only", "defer"),
    *("Count", "Sum", "Max", "Min"),
}
VIEW_NAME = re.compile(r"([a-z_]+):[a-z_]*")
# A model, a permission, a module or a template. The core lies below all apps.
THING = re.compile(rf"(?!syncing[./]core\b)({'|'.join(RANKS)})[./][\w./]+")


def relations_from_above() -> tuple[dict[str, int], dict[str, int]]:
    """Return the attributes and the lookups by which a model reaches an upper app's rows, with its rank."""
    attributes: dict[str, int] = {}
    lookups: dict[str, int] = {}
    for model in apps.get_models(include_auto_created=True):
        for relation in model._meta.related_objects:
            upper = RANKS.get(relation.related_model._meta.app_label, -1)
            if upper > RANKS.get(model._meta.app_label, -1) and model._meta.app_label in RANKS:
                lookups[relation.name] = max(upper, lookups.get(relation.name, -1))
                if attribute := relation.get_accessor_name():
                    attributes[attribute] = max(upper, attributes.get(attribute, -1))
    return attributes, lookups


def namespaces() -> dict[str, int]:
    """Return the namespaces of the site's addresses, with the rank of the app that holds their views."""
    found: dict[str, int] = {}
    for part in get_resolver().url_patterns:
        if isinstance(part, URLResolver) and part.namespace:
            views = [one.callback for one in part.url_patterns if isinstance(one, URLPattern)]
            found[part.namespace] = max((rank_of(view.__module__) for view in views), default=-1)
    return found


def rank_of(module: str) -> int:
    return RANKS.get(module.partition(".")[0], -1)


def attributes_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the attributes that a module reads, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.Call) and name_of(node.func) in BY_ATTRIBUTE:
            yield from ((node.lineno, part) for text in texts(node.args) for part in re.split(r"\.|__", text))


def lookups_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the steps of the lookups that a module writes, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            given = [keyword.arg for keyword in node.keywords if keyword.arg and "__" in keyword.arg]
            if name_of(node.func) in BY_LOOKUP:
                given += [text.lstrip("-") for text in texts(node.args)]
            yield from ((node.lineno, part) for text in given for part in text.split("__"))


def name_of(function: ast.expr) -> str:
    return ast.unparse(function).rpartition(".")[2]


def texts(args: list[ast.expr]) -> list[str]:
    return [arg.value for arg in args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]


def things_named(tree: ast.AST, known: dict[str, int]) -> Iterator[tuple[int, str, int]]:
    """Yield the strings that name a view, its address, a model or the like, with line and the app's rank."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if found := VIEW_NAME.fullmatch(node.value):
                yield node.lineno, node.value, known.get(found[1], -1)
            elif found := THING.fullmatch(node.value):
                yield node.lineno, node.value, RANKS[found[1]]
            elif node.value.startswith("/") and node.value != "/":
                try:
                    yield node.lineno, node.value, rank_of(resolve(node.value).func.__module__)
                except (Resolver404, NoReverseMatch):
                    continue


def hidden_arrows(tree: ast.AST, rank: int) -> list[str]:
    """Return what a module of the app with this rank names of the apps above it."""
    attributes, lookups = relations_from_above()
    found = [f"{line}: .{name}" for line, name in attributes_in(tree) if attributes.get(name, -1) > rank]
    found += [f"{line}: {name}__" for line, name in lookups_in(tree) if lookups.get(name, -1) > rank]
    found += [f"{line}: {name}" for line, name, above in things_named(tree, namespaces()) if above > rank]
    return found


@pytest.mark.parametrize(
    ("rank", "file"), [pytest.param(*each, id=str(each[1].relative_to(ROOT))) for each in MODULES]
)
def test_no_module_names_what_belongs_to_an_upper_app(rank: int, file: Path) -> None:
    assert hidden_arrows(ast.parse(file.read_text(encoding="utf-8")), rank) == []


@pytest.mark.parametrize(
    "line",
    [
        "config = user.sync_config",
        'config = getattr(user, "sync_config", None)',
        "users.filter(vk_connection__group_id=7)",
        "jobs = user.sync_jobs.active()",
        "stores = user.store_set.all()",
        'users.select_related("evotor_connection__user")',
        'redirect("syncing:sync")',
        'redirect(f"syncing:{page}")',
        'url = "/catalogue/"',
        'apps.get_model("syncing.SyncConfig")',
        'render(request, "catalog/photos.html")',
    ],
)
def test_each_kind_of_hidden_arrow_is_found(line: str) -> None:
    assert hidden_arrows(ast.parse(line), RANKS["accounts"]) != []
