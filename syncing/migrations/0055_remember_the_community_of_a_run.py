"""Keeps in which community a run wrote; of runs of the release before it stays unknown."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("syncing", "0054_remember_what_vk_refused")]

    operations = [
        migrations.AddField(
            model_name="syncjob",
            name="vk_group_id",
            field=models.BigIntegerField(editable=False, null=True),
        ),
    ]
