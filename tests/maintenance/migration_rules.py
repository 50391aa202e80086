"""What a migration may do while the release before it still runs: our policy, as a checker.

During an upgrade `migrate` runs first, and for some minutes the old release works on the new schema. It
knows no new column and still writes every old one; docs/operators.md says what follows from that.
"""

from collections.abc import Iterable, Iterator

from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import Field, ManyToManyField
from django.db.models.fields import NOT_PROVIDED

OURS = ("accounts", "catalog", "connections", "syncing")
# The first release: nothing ran before it, so these might do what they liked. The set never grows.
BASELINE = frozenset(
    {
        ("accounts", "0001_create_users"),
        ("catalog", "0001_create_catalogue"),
        ("connections", "0001_create_connections"),
        ("connections", "0002_bind_and_record"),
        ("connections", "0003_lease_evotor_refresh"),
        ("syncing", "0001_create_sync_tables"),
    }
)
# A migration's own words for why it may break a rule: `class Migration` has an attribute of this name.
REASON = "breaks_no_release_because"
SHORTEST_REASON = 40

DATA = (operations.RunPython, operations.RunSQL)
WITHOUT_SCHEMA = (*DATA, operations.AlterModelOptions, operations.AlterModelManagers)


def check_migrations(loader: MigrationLoader) -> Iterator[str]:
    """Yield one complaint for each rule that one of our migrations after the baseline breaks."""
    for app, name in sorted(loader.disk_migrations):
        if app in OURS and (app, name) not in BASELINE:
            before = loader.project_state((app, name), at_end=False)
            yield from check(loader.disk_migrations[app, name], before)


def check(migration: Migration, before: ProjectState) -> list[str]:
    """Return the complaints about one migration that runs on the schema `before`; none where it says why."""
    where = f"{migration.app_label}.{migration.name}"
    complaints = [f"{where}: {text}" for text in _broken_rules(migration, before.clone())]
    reason = getattr(migration, REASON, "")
    if not reason:
        return complaints
    if not complaints:
        return [f"{where}: {REASON} is said, but no rule is broken"]
    if len(reason) < SHORTEST_REASON:
        return [f"{where}: {REASON} is too short to be a reason"]
    return []


def _broken_rules(migration: Migration, state: ProjectState) -> Iterator[str]:
    steps = list(_database_operations(migration.operations))
    if any(isinstance(step, DATA) for step in steps) and not all(
        isinstance(step, WITHOUT_SCHEMA) for step in steps
    ):
        # MariaDB has no transaction around schema changes: half of this one would stay.
        yield "rows and schema change in one migration; make it two"
    made: set[str] = set()
    for operation in migration.operations:
        for step in _database_operations([operation]):
            if not step.reversible:
                yield f"{step.describe()} cannot be undone"
            yield from _breaks_the_old_release(step, migration.app_label, state, made)
        if isinstance(operation, operations.CreateModel):
            made.add(operation.name_lower)
        operation.state_forwards(migration.app_label, state)


def _database_operations(steps: Iterable[Operation]) -> Iterator[Operation]:
    """Yield what really reaches the database."""
    for step in steps:
        if isinstance(step, operations.SeparateDatabaseAndState):
            yield from _database_operations(step.database_operations)
        else:
            yield step


def _breaks_the_old_release(step: Operation, app: str, state: ProjectState, made: set[str]) -> Iterator[str]:
    match step:
        case operations.DeleteModel() | operations.RemoveField():
            yield f"{step.describe()}: the old release still reads and writes it"
        case operations.RenameModel() | operations.RenameField() | operations.AlterModelTable():
            yield f"{step.describe()}: the old release knows the old name only"
        case operations.AddField() if step.model_name_lower not in made:
            if _refuses_to_be_left_out(step.field):
                yield f"{step.describe()}: the old release leaves it out; null=True or db_default lets it"
            if getattr(step.field, "unique", False) and not step.field.null:
                yield f"{step.describe()}: rows of the old release would all be the same"
        case operations.AlterField() if step.model_name_lower not in made:
            old = _model(state, app, step.model_name_lower).get_field(step.name)
            yield from (f"{step.describe()}: {text}" for text in _tightened(old, step.field))
        case operations.AddConstraint() if step.model_name_lower not in made:
            yield f"{step.describe()}: the old release may write rows that it forbids"
        case operations.AlterUniqueTogether() if step.option_value and step.name_lower not in made:
            yield f"{step.describe()}: the old release may write rows that it forbids"
        case _:
            pass


def _model(state: ProjectState, app: str, name: str) -> ModelState:
    found: ModelState = state.models[app, name]
    return found


def _refuses_to_be_left_out(field: "Field[object, object]") -> bool:
    """Return True if an INSERT that does not name the column fails.

    Django's `default` fills the rows that are there and is then dropped from the schema.
    """
    if isinstance(field, ManyToManyField):
        return False
    return not field.null and field.db_default is NOT_PROVIDED


def _tightened(old: "Field[object, object]", new: "Field[object, object]") -> Iterator[str]:
    """Yield what the old release could write before and no longer can."""
    if old.null and not new.null:
        yield "empty values are no longer taken"
    if not old.unique and new.unique:
        yield "values must be unique from now on"
    if old.get_internal_type() != new.get_internal_type():
        yield f"{old.get_internal_type()} becomes {new.get_internal_type()}"
    for size in ("max_length", "max_digits", "decimal_places"):
        was, becomes = getattr(old, size, None), getattr(new, size, None)
        if was is not None and becomes is not None and becomes < was:
            yield f"{size} shrinks from {was} to {becomes}"
    if old.db_default is not NOT_PROVIDED and _refuses_to_be_left_out(new):
        yield "the database no longer fills it in"
    if old.db_column != new.db_column:
        yield "the column gets another name"
