"""Names the record of links and two fields as the code does. The table keeps its name."""

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
                migrations.AlterField(
                    model_name="operatoralert",
                    name="resolved_at",
                    field=models.DateTimeField(blank=True, null=True, verbose_name="fixed"),
                ),
                migrations.AlterField(
                    model_name="vkconnection",
                    name="method_rests",
                    field=models.JSONField(
                        blank=True, editable=False, null=True, verbose_name="suspended methods"
                    ),
                ),
            ]
        ),
    ]
