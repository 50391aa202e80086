"""Pictures for tests, good ones and such that are made to harm."""

import struct
import zlib
from io import BytesIO

from PIL import Image

MEGABYTE = 2**20


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *chunks: bytes, rows: bytes = b"\0" * 100, colour: int = 2) -> bytes:
    """Return a PNG that claims these sides, whatever its rows hold. Colour type 2 is RGB, 6 RGBA."""
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    body = [
        png_chunk(b"IHDR", header),
        *chunks,
        png_chunk(b"IDAT", zlib.compress(rows)),
        png_chunk(b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def png_of_zeros(width: int, height: int, *, channels: int = 3) -> bytes:
    """Return a valid PNG of some kilobytes whose pixels fill width × height × channels bytes."""
    data = packed_zeros(height * (1 + width * channels))
    header = struct.pack(">IIBBBBB", width, height, 8, 2 if channels == 3 else 6, 0, 0, 0)
    body = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def packed_zeros(length: int) -> bytes:
    """Return so many zero bytes in the format of zlib, of one packed megabyte: packing all takes long."""
    packer = zlib.compressobj(9, wbits=-15)
    megabyte = packer.compress(b"\0" * MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    megabytes, rest = divmod(length, MEGABYTE)
    last = zlib.compressobj(9, wbits=-15)
    end = last.compress(b"\0" * rest) + last.flush()
    # Adler-32 of zeros (RFC 1950, section 8.2).
    checksum = struct.pack(">HH", length % 65_521, 1)
    return b"\x78\xda" + megabyte * megabytes + end + checksum


def gif(width: int, height: int, frames: int = 1) -> bytes:
    """Return a GIF that claims these sides and whose frames hold one colour code each."""
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF0, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x44\x01\0"
    return head + frame * frames + b";"


def bmp(width: int, height: int) -> bytes:
    return (
        b"BM"
        + struct.pack("<IHHI", 54, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    )


def webp(width: int, height: int) -> bytes:
    """Return the head of an extended WebP that claims these sides."""
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return (
        b"RIFF"
        + struct.pack("<I", 22)
        + b"WEBPVP8X"
        + struct.pack("<I", 10)
        + b"\x10\0\0\0"
        + sides
        + b"\0" * 8
    )


def jpeg_with_scans(width: int, height: int, scans: int) -> bytes:
    """Return a progressive JPEG with so many scans over all of its blocks, each of a few bytes."""
    head = bytes(encoded(Image.new("L", (16, 16)), "JPEG", progressive=True))
    frame = head.index(b"\xff\xc2") + 5
    head = head[:frame] + struct.pack(">HH", height, width) + head[frame + 4 :]
    first = head.index(b"\xff\xda")
    last = head.rindex(b"\xff\xda")
    return head[:first] + head[first:last] + head[last:-2] * scans + b"\xff\xd9"
