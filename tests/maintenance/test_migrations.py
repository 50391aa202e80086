"""Every migration after the first release fits the release that runs while it is applied."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from model_bakery import baker
from model_bakery.generators import default_mapping

from evosync.common.fields import EncryptedTextField, ExactCharField
from tests.maintenance.migration_rules import BASELINE, OURS, REASON, check, check_migrations

BECAUSE = "the release before stopped to read and write this column in version 0.9"


def shelf() -> migrations.CreateModel:
    """A table of the release that still runs."""
    fields: list[tuple[str, models.Field[Any, Any]]] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=50)),
        ("note", models.CharField(max_length=50, null=True)),
        ("price", models.DecimalField(max_digits=10, decimal_places=2, db_default=0)),
    ]
    return migrations.CreateModel("Shelf", fields)


def migration(*steps: migrations.operations.base.Operation, reason: str = "") -> migrations.Migration:
    kind = type("Migration", (migrations.Migration,), {"operations": list(steps), REASON: reason})
    made: migrations.Migration = kind("0002_x", "catalog")
    return made


def complaints(*steps: migrations.operations.base.Operation, reason: str = "") -> list[str]:
    before = ProjectState()
    shelf().state_forwards("catalog", before)
    return check(migration(*steps, reason=reason), before)


def nothing(_apps: Any, _editor: Any) -> None:
    """Stand for a change of rows."""


def add(field: models.Field[Any, Any], model: str = "shelf") -> migrations.AddField:
    return migrations.AddField(model, "colour", field)


def alter(name: str, field: models.Field[Any, Any]) -> migrations.AlterField:
    return migrations.AlterField("shelf", name, field)


def test_our_migrations_keep_the_policy() -> None:
    loader = MigrationLoader(None)
    assert list(check_migrations(loader)) == []
    assert loader.disk_migrations.keys() > BASELINE


def test_every_app_of_ours_is_looked_at() -> None:
    of_ours = [app for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
    with_tables = {app.label for app in of_ours if list(app.get_models())}
    assert with_tables == set(OURS)


FORBIDDEN = {
    "a column goes": (migrations.RemoveField("shelf", "note"), "still reads and writes"),
    "a table goes": (migrations.DeleteModel("Shelf"), "still reads and writes"),
    "a column is renamed": (migrations.RenameField("shelf", "note", "remark"), "old name only"),
    "a model is renamed": (migrations.RenameModel("Shelf", "Rack"), "old name only"),
    "a table is renamed": (migrations.AlterModelTable("Shelf", "racks"), "old name only"),
    "a new column must be filled": (add(models.IntegerField()), "leaves it out"),
    "only Django fills a new column": (add(models.IntegerField(default=1)), "leaves it out"),
    "a new column is unique and not null": (
        add(models.IntegerField(unique=True, db_default=1)),
        "all be the same",
    ),
    "null is taken back": (alter("note", models.CharField(max_length=50)), "no longer taken"),
    "a text gets shorter": (alter("name", models.CharField(max_length=20)), "shrinks from 50 to 20"),
    "a number gets shorter": (
        alter("price", models.DecimalField(max_digits=8, decimal_places=2, db_default=0)),
        "shrinks from 10 to 8",
    ),
    "a type changes": (alter("name", models.IntegerField()), "CharField becomes IntegerField"),
    "a text becomes unique": (alter("name", models.CharField(max_length=50, unique=True)), "unique from now"),
    "a default of the database goes": (
        alter("price", models.DecimalField(max_digits=10, decimal_places=2)),
        "no longer fills",
    ),
    "a column's name in the database changes": (
        alter("name", models.CharField(max_length=50, db_column="title")),
        "another name",
    ),
    "a constraint comes": (
        migrations.AddConstraint("shelf", models.UniqueConstraint(fields=["name"], name="one")),
        "rows that it forbids",
    ),
    "an old-style constraint comes": (
        migrations.AlterUniqueTogether("shelf", {("name", "note")}),
        "rows that it forbids",
    ),
    "a change of rows has no way back": (migrations.RunPython(nothing), "cannot be undone"),
    "a statement has no way back": (migrations.RunSQL("SELECT 1"), "cannot be undone"),
    "it hides behind a state operation": (
        migrations.SeparateDatabaseAndState(database_operations=[migrations.RemoveField("shelf", "note")]),
        "still reads and writes",
    ),
}


@pytest.mark.parametrize("case", FORBIDDEN)
def test_what_breaks_the_running_release_is_refused_unless_a_reason_is_said(case: str) -> None:
    step, words = FORBIDDEN[case]
    found = complaints(step)
    assert len(found) == 1, found
    assert found[0].startswith("catalog.0002_x: ")
    assert words in found[0]
    assert complaints(step, reason=BECAUSE) == []
    assert "too short" in complaints(step, reason="it is fine")[0]


@pytest.mark.parametrize(
    "step",
    [
        add(models.IntegerField(null=True)),
        add(models.IntegerField(default=1, db_default=1)),
        add(models.ManyToManyField("catalog.Shelf")),
        alter("name", models.CharField(max_length=80)),
        alter("name", models.CharField(max_length=50, null=True)),
        alter("name", models.CharField(max_length=50, verbose_name="title")),
        migrations.AddIndex("shelf", models.Index(fields=["name"], name="by_name")),
        migrations.AlterModelOptions("shelf", {"ordering": ["name"]}),
        migrations.RunPython(nothing, nothing),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("shelf", "note")]),
    ],
    ids=lambda step: step.describe(),
)
def test_what_the_running_release_does_not_notice_is_allowed(
    step: migrations.operations.base.Operation,
) -> None:
    assert complaints(step) == []


def test_a_table_of_the_same_migration_may_be_tightened() -> None:
    made = migrations.CreateModel("Rack", [("id", models.BigAutoField(primary_key=True))])
    rule = migrations.AddConstraint("rack", models.UniqueConstraint(fields=["colour"], name="one"))
    assert complaints(made, add(models.IntegerField(), "rack"), rule) == []


def test_rows_and_schema_are_changed_in_different_migrations() -> None:
    found = complaints(migrations.RunPython(nothing, nothing), add(models.IntegerField(null=True)))
    assert found == ["catalog.0002_x: rows and schema change in one migration; make it two"]


def test_a_reason_without_a_broken_rule_is_refused() -> None:
    assert "no rule is broken" in complaints(add(models.IntegerField(null=True)), reason=BECAUSE)[0]


@pytest.mark.django_db
def test_the_first_release_still_writes_reads_and_deletes_in_every_table_of_this_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for own, like in {ExactCharField: models.CharField, EncryptedTextField: models.TextField}.items():
        monkeypatch.setitem(default_mapping, own, default_mapping[like])
    loader = MigrationLoader(connection)
    last = [(app, max(name for of, name in BASELINE if of == app)) for app in OURS]
    foreign = [leaf for leaf in loader.graph.leaf_nodes() if leaf[0] not in OURS]
    old = loader.project_state([*last, *foreign]).apps
    tables = [model for app in OURS for model in old.get_app_config(app).get_models()]
    assert len(tables) >= 15
    # An app of others that stands on a later migration of ours would bring today's columns along.
    assert "wants_notices" not in {field.name for field in old.get_model("accounts", "user")._meta.fields}
    for model in tables:
        row = baker.make(model)
        assert model._default_manager.get(pk=row.pk) == row
        row.save()
        row.delete()
