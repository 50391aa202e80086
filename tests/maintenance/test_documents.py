"""What the documents point at exists: files, tests, commands with their options, targets, settings."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps as django_apps
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.db.models import Model

from syncing.core.preflight.facts import FACTS
from syncing.jobs.runner import SLICE, SLICES_AT_ONCE

ROOT = Path(settings.BASE_DIR)
PROOF = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
SECTION = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")
PATH = re.compile(r"`((?:[.\w-]+/)+(?:[\w.*-]+)?)(?:::\w+)?`")
# Folders of an installation or of a run, and the shared facts, which need not be there.
MADE_LATER = ("var/", "../")
DOTTED = re.compile(r"\b((?:accounts|connections|catalog|syncing|evosync(?!\.example))(?:\.[a-zA-Z]\w*)+)")
COMMAND = re.compile(r"manage\.py ([a-z_]+)((?:[ \t]+[^\s`|&;)]+)*)")
ROW = re.compile(r"^\| `([a-z_]+)((?: [^`]+)?)`", re.MULTILINE)
OUR_APPS = {"evosync", "accounts", "connections", "catalog", "syncing", "sandbox"}
READ = re.compile(r"""env(?:\.\w+)?\(\s*"([A-Z][A-Z0-9_]+)\"""")
# Set by the program that starts us, not by an operator.
OF_THE_SYSTEM = {"DEMO_DIR", "PORT"}
# Read by the container engine itself.
OF_THE_ENGINE = {"COMPOSE_PROFILES"}
ENVIRON = re.compile(r"""environ(?:\.get\(|\[)"([A-Z][A-Z0-9_]+)\"""")
TOKEN = re.compile(r"""read_token\("([A-Z_]+)\"""")
PAGES = sorted([*ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md")])


def functions(path: Path) -> set[str]:
    """Return the names of a module's functions."""
    tree = ast.parse(path.read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_that_a_page_names_is_there(page: Path) -> None:
    for file, name in PROOF.findall(page.read_text()):
        assert (ROOT / file).is_file(), file
        assert not name or name in functions(ROOT / file), f"{file}::{name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text()):
        assert (page.parent / target).exists(), target


def test_the_threat_model_names_its_proofs() -> None:
    assert len(PROOF.findall((ROOT / "docs/security.md").read_text())) > 30


REQUIREMENT = re.compile(r"^\| V(\d+(?:\.\d+)+) \| ([12]) \| (.+?) \| (yes|no) \| (.+) \|$", re.MULTILINE)


def requirements() -> list[tuple[str, str, str, str, str]]:
    """Return the rows of the table of OWASP ASVS: number, level, words, yes or no, proof or reason."""
    return REQUIREMENT.findall((ROOT / "docs/security.md").read_text())


def test_every_requirement_has_a_proof_or_a_reason() -> None:
    rows = requirements()
    numbers = [[int(part) for part in number.split(".")] for number, *_rest in rows]
    assert len(rows) > 180
    assert numbers == sorted(numbers)
    assert len(set(map(tuple, numbers))) == len(numbers)
    headings = {f"#{title.lower().replace(' ', '-')}" for title in SECTION.findall(page_of_security())}
    for number, _level, _words, holds, proof in rows:
        named = [file for file, _name in PROOF.findall(proof)]
        named += [
            file
            for file in re.findall(r"`((?:docs/)?[\w.-]+\.(?:md|toml))`", proof)
            if (ROOT / file).is_file()
        ]
        named += [target for target in re.findall(r"\]\((#[\w-]+)\)", proof) if target in headings]
        if holds == "yes":
            assert named, f"V{number} holds, and nothing proves it"
        else:
            assert len(proof) > 40, f"V{number} does not hold, and no reason is said"


def test_the_count_of_requirements_is_that_of_the_table() -> None:
    held = [row for row in requirements() if row[3] == "yes"]
    total = len(requirements())
    words = f"{total} requirements apply; {len(held)} hold and {total - len(held)} do not"
    assert words in page_of_security()


def page_of_security() -> str:
    return (ROOT / "docs/security.md").read_text()


def commands_of(page: Path) -> list[tuple[str, list[str]]]:
    """Return each command that a page shows, with the options that it shows it with."""
    text = page.read_text()
    found = COMMAND.findall(text) + ROW.findall(
        text.partition("\n## ")[0] if page.name == "commands.md" else ""
    )
    return [(name, re.findall(r"(?<![^\s\[|])(--[\w-]+)", rest)) for name, rest in found]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_shows_takes_its_options(page: Path) -> None:
    known = get_commands()
    for name, options in commands_of(page):
        assert name in known, f"manage.py {name}"
        parser = load_command_class(known[name], name).create_parser("manage.py", name)
        taken = {option for action in parser._actions for option in action.option_strings}
        assert set(options) <= taken, f"manage.py {name} {set(options) - taken}"


def test_every_command_of_ours_is_in_the_list() -> None:
    ours = {name for name, app in get_commands().items() if app in OUR_APPS}
    shown = {name for name, _options in commands_of(ROOT / "docs/commands.md")}
    assert ours - shown == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_target_that_a_page_shows_can_be_made(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    shown = re.findall(r"(?:`|^)(?:[A-Z_]+=\S+ )*make ([a-z-]+)", page.read_text(), re.MULTILINE)
    assert set(shown) <= targets


def variables_read() -> set[str]:
    """Return what the settings and the roles take from the environment."""
    sources = [*(ROOT / "evosync").glob("*.py"), *ROOT.glob("*/management/commands/*.py")]
    text = "\n".join(path.read_text() for path in sources)
    return {name for pattern in (READ, ENVIRON, TOKEN) for name in pattern.findall(text)}


def test_every_setting_stands_in_the_example_and_every_line_of_it_is_read() -> None:
    example = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    composed = set(re.findall(r"\$\{([A-Z][A-Z0-9_]+)", (ROOT / "compose.yaml").read_text()))
    assert variables_read() - example - OF_THE_SYSTEM == set()
    assert example - variables_read() - composed == OF_THE_ENGINE


def test_every_decision_has_a_number_a_date_and_a_line_in_the_index() -> None:
    files = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    index = (ROOT / "docs/decisions/README.md").read_text()
    for number, file in enumerate(files, start=1):
        title, _, dated, *_rest = file.read_text().splitlines()
        assert file.name.startswith(f"{number:04d}-")
        assert title.startswith(f"# {number}. ")
        found = re.fullmatch(r"Date: (\d{4}-\d{2}-\d{2}) · Status: (accepted|replaced by .+)", dated)
        assert found, file.name
        row = f"| {number} | [{title.partition('. ')[2]}]({file.name}) | {found[1]} |"
        assert row in index, row
    assert index.count("](0") == len(files)


def test_the_newest_version_of_the_changelog_is_the_projects() -> None:
    newest = re.search(r"^## (\d+\.\d+\.\d+) \((unreleased|\d{4}-\d{2}-\d{2})\)$", changelog(), re.MULTILINE)
    assert newest
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert newest[1] == project["version"]


def test_every_question_of_the_rehearsal_stands_in_the_facts_about_the_apis() -> None:
    text = (ROOT / "docs/api-facts.md").read_text()
    rows = [row.rsplit("|", 2)[1] for row in text.splitlines() if row.startswith("| ")]
    named: dict[str, bool] = {}
    for cell in rows:
        for name in re.findall(r"`((?:evotor|vk):\w+)`", cell):
            named[name] = named.get(name, False) or cell.rstrip().endswith("by hand")
    assert set(named) == {fact.name for fact in FACTS}
    by_hand = {fact.name for fact in FACTS if fact.why_not}
    assert by_hand <= {name for name, is_by_hand in named.items() if is_by_hand}
    assert len(FACTS) == len({fact.name for fact in FACTS})


def changelog() -> str:
    return (ROOT / "CHANGELOG.md").read_text()


def walks() -> dict[str, list[str]]:
    """Return the files of each walk through the code in CONTRIBUTING.md, in reading order."""
    text = (ROOT / "CONTRIBUTING.md").read_text()
    parts = re.split(r"^### (.+)$", text[text.index("## Walks through the code") :], flags=re.MULTILINE)[1:]
    return {
        title: re.findall(r"^\d+\. `([^`]+)`", part, re.MULTILINE)
        for title, part in zip(parts[::2], parts[1::2], strict=True)
    }


WALKS = [
    "A webhook comes in",
    "A price changes in the till",
    "A photo goes to VK",
    "A forbidden name stays out of VK",
    "VK does not answer `market.add`",
    "Add a rule",
]


@pytest.mark.parametrize("title", WALKS)
def test_a_walk_visits_files_that_exist_and_none_twice(title: str) -> None:
    files = walks()[title]
    assert len(files) > 8
    assert len(files) == len(set(files))
    assert [file for file in files if not (ROOT / file).exists()] == []


def test_the_webhook_walk_leads_to_the_beginning_of_the_price_walk() -> None:
    both = walks()["A webhook comes in"] + walks()["A price changes in the till"]
    assert len(both) == len(set(both))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    named = set(PATH.findall(page.read_text()))
    ours = [path for path in named if (ROOT / path.split("/")[0]).is_dir() and "NAME" not in path]
    missing = [path for path in ours if not path.startswith(MADE_LATER) and not any(ROOT.glob(path))]
    assert sorted(missing) == []


def test_the_architecture_tells_how_long_slices_are() -> None:
    minutes = SLICE.total_seconds() / 60
    told = f"in slices of {minutes:.0f} minutes, or of {minutes * SLICES_AT_ONCE:.0f} while nobody waits"
    assert told in (ROOT / "docs/architecture.md").read_text()


def test_contributing_names_the_files_of_its_walks_and_recipes() -> None:
    assert len(set(PATH.findall((ROOT / "CONTRIBUTING.md").read_text()))) > 50


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_dotted_name_that_a_page_names_is_a_module_a_model_or_in_one(page: Path) -> None:
    assert [name for name in sorted(set(DOTTED.findall(page.read_text()))) if not is_known(name)] == []


def is_known(name: str) -> bool:
    """Return True for `app.Model`, a module, or a name that a module holds, with what comes behind it."""
    app, _, rest = name.partition(".")
    if app in django_apps.app_configs and rest[0].isupper():
        model = rest.split(".")[0]
        return any(model in (one.__name__, one._meta.object_name) for one in models_of(app))
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        module = ROOT.joinpath(*parts[:end])
        if module.with_suffix(".py").is_file():
            text = module.with_suffix(".py").read_text()
            return end == len(parts) or re.search(rf"\b{parts[end]}\b", text) is not None
        if module.is_dir():
            return end == len(parts)
    return False


def models_of(app: str) -> list[type[Model]]:
    return list(django_apps.get_app_config(app).get_models(include_auto_created=True))


def test_the_glossary_is_sorted_and_says_each_word_once() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    table = text[text.index("| Word | Means |") : text.index("## How to add")]
    words = re.findall(r"^\| ([a-z -]+) \|", table, re.MULTILINE)
    assert len(words) >= 30
    assert words == sorted(set(words))
