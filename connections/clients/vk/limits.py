"""VK's numbers: what a community and an item can hold (reference: VK, quantity limits and text rules).

A title's weight counts each character as VK does, after escaping HTML and in cp1251. Amounts of items
and albums are what other exporters found, not promised by VK.
"""

ITEMS = 15_000
ALBUMS = 100
ITEMS_PER_ALBUM = 1_000
# API calls in one `execute`.
BATCH = 25
# The text of an `execute`. VK does not publish its limit; others' scripts of 64 KB pass.
SCRIPT_BYTES = 60_000
TITLE_WEIGHT = 100
ALBUM_TITLE_WEIGHT = 128
SKU_LENGTH = 50
STOCK = 999_999
# One main picture and four more.
PHOTOS = 5
