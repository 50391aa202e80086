"""Lets a user's sessions be ended all at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_say_notifications_and_email")]

    operations = [
        migrations.AddField(
            "user", "session_epoch", models.PositiveIntegerField(default=0, db_default=0, editable=False)
        ),
    ]
