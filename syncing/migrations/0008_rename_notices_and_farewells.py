"""Names models as the code does. The tables keep their names, and nothing reads `message_id` any more.

The release before writes `message_id` at every insert and this one leaves it out, so the column stays
with a default of the database. The release after this one may drop it:
`RunSQL("ALTER TABLE syncing_syncjob DROP COLUMN message_id")`.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("syncing", "0007_remember_own_values"),
    ]

    operations = [
        migrations.AlterField(
            model_name="syncjob",
            name="message_id",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=36),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="syncjob", name="message_id"),
                migrations.RenameModel(old_name="Notice", new_name="Notification"),
                migrations.AlterModelTable(name="notification", table="syncing_notice"),
                migrations.AlterModelOptions(
                    name="notification",
                    options={"verbose_name": "notification", "verbose_name_plural": "notifications"},
                ),
                migrations.AlterField(
                    model_name="notification",
                    name="user",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                migrations.RenameModel(old_name="Farewell", new_name="AccountClosure"),
                migrations.AlterModelTable(name="accountclosure", table="syncing_farewell"),
                migrations.AlterModelOptions(
                    name="accountclosure",
                    options={
                        "verbose_name": "account closure",
                        "verbose_name_plural": "account closures",
                    },
                ),
                migrations.AlterField(
                    model_name="accountclosure",
                    name="user",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="account_closure",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ]
        ),
        migrations.AlterField(
            model_name="accountclosure",
            name="then",
            field=models.CharField(
                choices=[("delete", "delete the account")], max_length=16, verbose_name="then"
            ),
        ),
        migrations.AlterField(
            model_name="listing",
            name="state",
            field=models.CharField(
                choices=[
                    ("creating", "being created"),
                    ("live", "in VK"),
                    ("hidden", "hidden"),
                    ("removed", "removed"),
                    ("failed", "failed"),
                ],
                default="creating",
                max_length=8,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="syncjobitem",
            name="action",
            field=models.CharField(
                choices=[
                    ("create", "create"),
                    ("update", "change"),
                    ("hide", "hide"),
                    ("restore", "show again"),
                    ("remove", "remove"),
                ],
                max_length=8,
                verbose_name="action",
            ),
        ),
    ]
