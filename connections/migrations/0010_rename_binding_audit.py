"""Names the record of links as the code does. The table keeps its name."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("connections", "0009_remember_text_limits"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel(old_name="BindingAudit", new_name="LinkingRecord"),
                migrations.AlterModelTable(name="linkingrecord", table="connections_bindingaudit"),
                migrations.AlterModelOptions(
                    name="linkingrecord",
                    options={"verbose_name": "link record", "verbose_name_plural": "link records"},
                ),
                migrations.AlterField(
                    model_name="linkingrecord",
                    name="user",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="linking_records",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ]
        ),
    ]
