"""Lets the database refuse a photo that the product has already."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_measure_photos_and_drop_doubles")]
    breaks_no_release_because = (
        "The release before looks for the same photo before it adds one; only two uploads at the same moment "
        "meet the constraint, and the second of them adds nothing that is missing."
    )

    operations = [
        migrations.AddConstraint(
            model_name="productphoto",
            constraint=models.UniqueConstraint(
                fields=("product", "content_hash"), name="one_photo_per_product_and_content"
            ),
        ),
    ]
