"""Lets two accounts have one phone, so that nobody learns from a refusal who is a customer."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_let_merchants_see_who_read")]

    operations = [
        migrations.AlterField(
            "user",
            "phone",
            models.CharField(
                blank=True,
                db_index=True,
                max_length=16,
                null=True,
                validators=[
                    django.core.validators.RegexValidator(
                        "^\\+[1-9]\\d{6,14}$", "Write the phone as +79991234567."
                    )
                ],
                verbose_name="phone",
            ),
        ),
    ]
