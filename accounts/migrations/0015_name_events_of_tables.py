"""Names the events of tables of goods."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0014_record_prices_answered_by_link"),
    ]

    operations = [
        migrations.AlterField(
            model_name="securityevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("login", "Login"),
                    ("login_failed", "Wrong password"),
                    ("locked_out", "Too many wrong passwords: more were not tried"),
                    ("logout", "Logout"),
                    ("sessions_ended", "All other devices were logged out"),
                    ("password_changed", "The password was changed"),
                    ("password_reset", "A new password was set through an email"),
                    ("factor_added", "Two-factor login was switched on"),
                    ("factor_removed", "Two-factor login was switched off"),
                    ("factor_removed_by_staff", "Two-factor login was switched off by support"),
                    ("factor_failed", "Wrong code of two-factor login"),
                    ("recovery_codes", "New recovery codes were made"),
                    ("email_added", "An email address was added"),
                    ("email_confirmed", "An email address was confirmed"),
                    ("email_changed", "The main email address was changed"),
                    ("email_removed", "An email address was removed"),
                    ("evotor_connected", "Evotor was connected"),
                    ("evotor_code", "A code to connect Evotor was made"),
                    ("evotor_disconnected", "Evotor was disconnected"),
                    ("vk_connected", "VK was connected"),
                    ("vk_disconnected", "VK was disconnected"),
                    ("feed_address", "The address of the feed was changed"),
                    ("photo_link", "A link for photos without a login was made"),
                    ("support_allowed", "Support was allowed to look"),
                    ("support_forbidden", "Support may not look any more"),
                    ("support_visit", "Support looked at your pages"),
                    ("support_read", "Support read about your goods in its own pages"),
                    ("chat_linked", "A chat was linked: it is told about your shop and can pause the sync"),
                    ("chat_unlinked", "A chat was unlinked"),
                    ("browser_added", "A browser was added: it shows messages about your shop"),
                    ("browser_removed", "A browser was removed: it shows no messages any more"),
                    ("switched_in_chat", "The sync was switched on or off in a chat"),
                    ("plan_approved_by_link", "A stopped plan was approved by the link in a message"),
                    ("plan_dropped_by_link", "A stopped plan was dropped by the link in a message"),
                    ("prices_approved_by_link", "New prices were approved by the link in a message"),
                    ("prices_refused_by_link", "New prices were refused by the link in a message"),
                    ("goods_exported", "Your goods were downloaded as a table"),
                    ("table_imported", "Goods were changed by a table"),
                    ("data_exported", "Your data was downloaded"),
                    ("closing", "The account was closed"),
                ],
                max_length=32,
                verbose_name="event",
            ),
        ),
    ]
