"""Keeps which item a run removes; the release before leaves it empty."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("syncing", "0043_tell_browsers")]

    operations = [
        migrations.AddField(
            model_name="syncjobitem",
            name="removed",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
