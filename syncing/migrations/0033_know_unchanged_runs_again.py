"""Keeps by what a run that had nothing to do is known again, so that the next one need not plan."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("syncing", "0032_keep_saved_photos"),
    ]

    operations = [
        migrations.AddField(
            model_name="shoplimits",
            name="run_key",
            field=models.CharField(db_default="", default="", editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="shoplimits",
            name="run_key_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="shoplimits",
            name="run_found",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
