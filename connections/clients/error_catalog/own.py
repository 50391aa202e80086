"""What EvoSync itself ends a run with, where neither Evotor nor VK has refused anything."""

from collections.abc import Mapping

from connections.clients.error_catalog.codes import OwnError
from connections.clients.error_catalog.rows import CodeRow, Reaction, gettext_noop

_ = gettext_noop

OWN_CODES: Mapping[str, CodeRow] = {
    row.code: row
    for row in (
        CodeRow(
            OwnError.INTERNAL,
            Reaction.BUG,
            _("EvoSync itself failed, several times in a row. What had reached VK stays as it is."),
            _("The next run tries again. If it happens again, write to support and say when it happened."),
        ),
        CodeRow(
            OwnError.NO_VK,
            Reaction.MERCHANT,
            _("VK is not connected, so no goods can be shown there."),
            _("Connect VK on the Connections page."),
        ),
        CodeRow(
            OwnError.NO_COMMUNITY,
            Reaction.MERCHANT,
            _("No VK community is chosen yet, so no goods can be shown there."),
            _("Choose one on the Connections page."),
        ),
        CodeRow(
            OwnError.NO_EVOTOR,
            Reaction.MERCHANT,
            _("Evotor is not connected, so the till cannot be read."),
            _("Connect Evotor on the Connections page."),
        ),
        CodeRow(
            OwnError.ALBUMS_REFUSED,
            Reaction.MERCHANT,
            _("VK does not take some changes of albums. The goods themselves are right and for sale."),
            _("Give the group another name in Evotor, or change the album in VK yourself."),
        ),
        CodeRow(
            OwnError.PHOTO_UNREADABLE,
            Reaction.ITEM,
            _(
                "A photo of yours cannot be read from EvoSync's storage. Items keep the picture they have "
                "in VK; new goods wait."
            ),
            _("The next run tries again. If it happens again, add the photo again on the product's page."),
        ),
    )
}
