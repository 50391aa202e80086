"""Lets items hold earlier values since an undo; the release before writes and reads none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("syncing", "0037_choose_how_often_to_compare"),
    ]

    operations = [
        migrations.AddField(
            model_name="listing",
            name="held",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="syncjob",
            name="undone_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="undone"),
        ),
    ]
