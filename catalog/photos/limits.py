"""The limits of photos: VK's, and ours on what a merchant may upload. No Django and no Pillow here."""

# VK: 400 × 400 pixels or more, width and height together 14,000 at most.
MIN_SIDE = 400
MAX_SIDE = 14_000
MAX_RATIO = 20
MAX_PIXELS = 40_000_000
MAX_UPLOAD_BYTES = 30 * 1024 * 1024
# What a photo is made into: the longer side in pixels, and the longer side over the shorter one.
GOOD_SIDE, LONGEST_SIDE, WIDEST_RATIO = 1000, 4000, 3
MAX_BYTES = 8 * 1024 * 1024
# Pillow's names, each with what a browser calls such files.
FORMATS = {
    "JPEG": ("image/jpeg",),
    "PNG": ("image/png",),
    "WEBP": ("image/webp",),
    "HEIF": ("image/heic", "image/heif", ".heic", ".heif"),
    "AVIF": ("image/avif", ".avif"),
    "GIF": ("image/gif",),
    "BMP": ("image/bmp",),
    "TIFF": ("image/tiff",),
}
# Decoders that need more memory a pixel: WebP's keeps three canvases, the other two a copy in other colours.
MAX_PIXELS_OF = {"WEBP": 15_000_000, "HEIF": 25_000_000, "AVIF": 25_000_000}
# A progressive JPEG is kept whole as coefficients, two bytes each, before it can be made smaller.
MAX_COEFFICIENT_BYTES = 180_000_000
# The value of a file field's `accept`. Systems that do not know a type know the ending.
ACCEPT = ",".join(kind for kinds in FORMATS.values() for kind in kinds)
# What the process that opens a photo may take. With the interpreter itself it stays below 300 MB.
CHILD_MEMORY_BYTES = 265 * 1024 * 1024
CHILD_SECONDS = 3

# An import: files at once, what waits to be opened, and what an archive may hold unpacked. A picture is
# packed already, so what shrinks more than this is none.
IMPORT_FILES = 1_000
IMPORT_BYTES = 300 * 1024 * 1024
UNPACKED_BYTES = 2 * 1024**3
PACKED_RATIO, RATIO_FROM_BYTES = 100, 4 * 1024 * 1024
# The list of an archive's files, which is read whole: some ten thousand names.
DIRECTORY_BYTES = 1024 * 1024
