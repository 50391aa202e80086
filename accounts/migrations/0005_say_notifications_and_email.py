"""New words for what stays as it is in the database: the column `wants_notices` keeps its name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_let_merchants_silence_letters"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("user", "wants_notices", "wants_notifications"),
                migrations.AlterField(
                    model_name="user",
                    name="wants_notifications",
                    field=models.BooleanField(
                        db_column="wants_notices",
                        db_default=True,
                        default=True,
                        verbose_name="emails about my shop",
                    ),
                ),
                migrations.AlterField(
                    model_name="user",
                    name="email",
                    field=models.EmailField(max_length=254, unique=True, verbose_name="email"),
                ),
                migrations.AlterField(
                    model_name="supportvisit",
                    name="staff_email",
                    field=models.EmailField(max_length=254, verbose_name="email of the member of staff"),
                ),
            ],
        ),
    ]
