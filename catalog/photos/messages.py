"""Why a photo was refused, in the merchant's words."""

from django.conf import settings
from django.utils.formats import localize, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from catalog.choices import PhotoProblem
from catalog.photos.limits import (
    IMPORT_BYTES,
    IMPORT_FILES,
    MAX_PIXELS,
    MAX_RATIO,
    MAX_SIDE,
    MAX_UPLOAD_BYTES,
    MIN_SIDE,
)

SENTENCES = {
    PhotoProblem.EMPTY: _("The file is empty. Choose another picture."),
    PhotoProblem.UNSUPPORTED: _("The file is not a picture that we can read. Save it as JPEG, PNG or WebP."),
    PhotoProblem.BROKEN: _("The picture is damaged or was not uploaded completely. Upload it again."),
    PhotoProblem.TOO_SMALL: _(
        "The picture is too small for VK. Choose one of at least %(side)s × %(side)s points."
    ),
    PhotoProblem.TOO_BIG: _(
        "The picture is too big. Make it smaller: at most %(megabytes)s MB, %(megapixels)s megapixels "
        "and %(longest)s points a side."
    ),
    PhotoProblem.TOO_NARROW: _(
        "The picture is too narrow: one side is more than %(ratio)s times the other. Crop it and upload "
        "it again."
    ),
    PhotoProblem.TOO_COSTLY: _(
        "The picture takes too much memory or time to open. Make it smaller, save it as JPEG "
        "and upload it again."
    ),
    PhotoProblem.BUSY: _("Other photos are being prepared just now. Upload yours again in a minute."),
    PhotoProblem.STORAGE_AWAY: _(
        "Photos cannot be stored just now, so this one was not kept. Nothing else has changed. Send it again "
        "in some minutes."
    ),
    PhotoProblem.TOO_MANY: _(
        "The photo was not kept: you have as many photos as EvoSync keeps (%(each)s a product, %(all)s and "
        "%(gigabytes)s GB in all). Remove one first."
    ),
    PhotoProblem.BROKEN_ARCHIVE: _(
        "The archive is damaged or was not uploaded completely. Pack the photos again and send it again."
    ),
    PhotoProblem.NOT_ZIP: _(
        "Of archives only ZIP is opened. Pack the photos as ZIP, or send them as they are."
    ),
    PhotoProblem.NESTED: _("An archive within an archive is not opened. Send it by itself."),
    PhotoProblem.LOCKED: _("The file is locked with a password. Pack it without one."),
    PhotoProblem.UNPACKABLE: _(
        "The file is packed in a way that we do not open. Pack it as an ordinary ZIP."
    ),
    PhotoProblem.BOMB: _("The file takes far more room unpacked than a photo does. It was not unpacked."),
    PhotoProblem.BAD_NAME: _("The file's name leads out of the archive. Pack the photos again."),
    PhotoProblem.TOO_MANY_FILES: _(
        "At most %(files)s files at once. What came before is here; save it and send the rest then."
    ),
    PhotoProblem.NO_ROOM: _(
        "At most %(waiting)s MB at once wait to be opened. Send the rest when these are here, or a smaller "
        "archive."
    ),
    PhotoProblem.NO_PICTURES: _("There is no file in the archive."),
    PhotoProblem.INCOMPLETE: _("The file did not arrive whole. Send it again."),
    PhotoProblem.REPEATED: _("The product has the same photo already."),
    PhotoProblem.ONE_TOO_MANY: _("VK shows %(each)s photos of a product: there is no room for this one."),
    PhotoProblem.GONE: _("The product has left the till meanwhile."),
    PhotoProblem.REMOVED: _("This photo was removed meanwhile. Nothing was kept."),
}


def sentence(problem: PhotoProblem) -> str:
    """Return what is wrong and what to do, in the active language."""
    return gettext(SENTENCES[problem]) % {
        "side": localize(MIN_SIDE),
        "longest": localize(MAX_SIDE),
        "ratio": MAX_RATIO,
        "megabytes": MAX_UPLOAD_BYTES // 1024**2,
        "megapixels": MAX_PIXELS // 1_000_000,
        "each": localize(settings.PHOTOS_PER_PRODUCT),
        "files": localize(IMPORT_FILES),
        "waiting": localize(IMPORT_BYTES // 1024**2),
        "all": localize(settings.PHOTOS_PER_MERCHANT),
        "gigabytes": number_format(f"{settings.PHOTO_BYTES_PER_MERCHANT / 1024**3:.3g}"),
    }
