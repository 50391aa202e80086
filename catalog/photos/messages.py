"""Why a photo was refused, in the merchant's words."""

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from catalog.choices import PhotoProblem
from catalog.photos.limits import MAX_PIXELS, MAX_RATIO, MAX_SIDE, MAX_UPLOAD_BYTES, MIN_SIDE

SENTENCES = {
    PhotoProblem.EMPTY: _("The file is empty. Choose another picture."),
    PhotoProblem.UNSUPPORTED: _("The file is not a picture that we can read. Save it as JPEG, PNG or WebP."),
    PhotoProblem.BROKEN: _("The picture is damaged or was not uploaded completely. Upload it again."),
    PhotoProblem.TOO_SMALL: _(
        "The picture is too small for VK. Choose one of at least %(side)d × %(side)d points."
    ),
    PhotoProblem.TOO_BIG: _(
        "The picture is too big. Make it smaller: at most %(megabytes)d MB, %(megapixels)d megapixels "
        "and %(longest)d points a side."
    ),
    PhotoProblem.TOO_NARROW: _(
        "The picture is too narrow: one side is more than %(ratio)d times the other. Crop it and upload "
        "it again."
    ),
    PhotoProblem.TOO_COSTLY: _(
        "The picture takes too much memory or time to open. Make it smaller, save it as JPEG "
        "and upload it again."
    ),
    PhotoProblem.BUSY: _("Other photos are being prepared just now. Upload yours again in a minute."),
    PhotoProblem.TOO_MANY: _(
        "The photo was not kept: you have as many photos as EvoSync keeps (%(each)d a product, %(all)d and "
        "%(gigabytes)s GB in all). Remove one first."
    ),
}


def sentence(problem: PhotoProblem) -> str:
    """Return what is wrong and what to do, in the active language."""
    return gettext(SENTENCES[problem]) % {
        "side": MIN_SIDE,
        "longest": MAX_SIDE,
        "ratio": MAX_RATIO,
        "megabytes": MAX_UPLOAD_BYTES // 1024**2,
        "megapixels": MAX_PIXELS // 1_000_000,
        "each": settings.PHOTOS_PER_PRODUCT,
        "all": settings.PHOTOS_PER_MERCHANT,
        "gigabytes": f"{settings.PHOTO_BYTES_PER_MERCHANT / 1024**3:.3g}",
    }
