"""What EvoSync itself ends a run with, where neither Evotor nor VK has refused anything."""

from collections.abc import Mapping

from connections.clients.error_catalog.rows import CodeRow, Reaction, gettext_noop

_ = gettext_noop

OWN_CODES: Mapping[str, CodeRow] = {
    row.code: row
    for row in (
        CodeRow(
            "evosync.internal",
            Reaction.BUG,
            _("EvoSync itself failed, several times in a row. What had reached VK stays as it is."),
            _("The next run tries again. If it happens again, write to support and name this code."),
        ),
        CodeRow(
            "no_vk",
            Reaction.MERCHANT,
            _("VK is not connected, so no goods can be shown there."),
            _("Connect VK on the Connections page."),
        ),
        CodeRow(
            "no_community",
            Reaction.MERCHANT,
            _("No VK community is chosen yet, so no goods can be shown there."),
            _("Choose one on the Connections page."),
        ),
        CodeRow(
            "no_evotor",
            Reaction.MERCHANT,
            _("Evotor is not connected, so the till cannot be read."),
            _("Connect Evotor on the Connections page."),
        ),
    )
}
